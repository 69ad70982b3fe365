"""The pages of pods: who sees what, what each button does, and what a page costs."""

import pytest
from django.urls import reverse

from commons import clock
from pods.actions import joining as joinings
from pods.models import Joining, Membership, Pod
from tests.factories import BlockFactory, PersonFactory, PodFactory, offer, organizer

pytestmark = pytest.mark.django_db


def people_of(pod):
    return [seat.person for seat in pod.memberships.order_by("seat").select_related("person")]


def sign_in(client, person):
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def now():
    return clock.now()


@pytest.fixture
def pod():
    return PodFactory(name="Mill Row", members=7)


@pytest.fixture
def member(client, pod):
    person = people_of(pod)[0]
    sign_in(client, person)
    return person


@pytest.fixture
def stranger(client):
    person = PersonFactory()
    sign_in(client, person)
    return person


def page(client, name, *args, **query):
    return client.get(reverse(name, args=args), query)


# --- who sees what -----------------------------------------------------------------------------


def test_a_visitor_is_led_to_sign_in(client, pod):
    for name, args in (("pods", ()), ("pod", (pod.ref,)), ("pod_new", ())):
        answer = page(client, name, *args)
        assert (answer.status_code, answer.url.split("?")[0]) == (302, reverse("account_login"))


def test_another_member_sees_the_pod_and_not_who_is_in_it(client, pod, stranger):
    seen = people_of(pod)[3]
    seen.handle = "Mariela"
    seen.save(update_fields=["handle"])
    offer(seen, "nurse")
    html = page(client, "pod", pod.ref).content.decode()
    assert "Mill Row" in html
    assert "7 of 12" in html.replace("\n", " ")
    assert "Nurse" in html
    assert "Mariela" not in html
    assert "resting" not in html.lower()
    assert reverse("pod_protocol", args=[pod.ref]) not in html


def test_an_organizer_sees_who_is_in_it_and_no_skills_that_are_for_the_pod(client, pod, stranger):
    organizer(stranger, now=clock.now())
    seen = people_of(pod)[3]
    asset = offer(seen, "nurse")
    asset.audience = "pod"
    asset.save(update_fields=["audience"])
    html = page(client, "pod", pod.ref).content.decode()
    assert seen.handle in html
    assert "nurse" not in html.lower()


@pytest.mark.parametrize("name", ["pod_name", "pod_leave", "pod_protocol"])
def test_who_is_outside_is_told_who_could(client, pod, stranger, name):
    answer = page(client, name, pod.ref)
    assert answer.status_code == 403
    assert "of this pod" in answer.content.decode()


def test_a_dissolved_pod_is_nowhere(client, pod, stranger, now):
    Pod.objects.update(dissolved_at=now)
    assert page(client, "pod", pod.ref).status_code == 404
    assert "Mill Row" not in page(client, "pods").content.decode()


def test_somebody_elses_joining_is_nowhere(client, pod, stranger, now):
    joining = joinings.name_someone(by=people_of(pod)[0], pod=pod, person=PersonFactory(), now=now)
    assert page(client, "joining", joining.ref).status_code == 404
    for name in ("joining_agree", "joining_vouch", "joining_object"):
        assert client.post(reverse(name, args=[joining.ref]), {"do": "yes"}).status_code == 404


def test_the_newcomer_can_neither_vouch_nor_object(client, pod, now):
    newcomer = PersonFactory()
    joining = joinings.name_someone(by=people_of(pod)[0], pod=pod, person=newcomer, now=now)
    sign_in(client, newcomer)
    assert client.post(reverse("joining_vouch", args=[joining.ref]), {"do": "yes"}).status_code == 403
    assert client.post(reverse("joining_object", args=[joining.ref]), {"do": "yes"}).status_code == 403


def test_no_page_tells_of_an_objection_or_counts_vouches(client, pod, now):
    """The same bytes, whatever was said: for the newcomer, and for a member who said nothing."""
    newcomer, quiet = PersonFactory(), people_of(pod)[6]
    joining = joinings.name_someone(by=people_of(pod)[0], pod=pod, person=newcomer, now=now)

    def seen():
        pages = []
        for person in (newcomer, quiet):
            sign_in(client, person)
            for name, ref in (("joining", joining.ref), ("pod", pod.ref), ("pods", None), ("pod_name", pod.ref)):
                html = page(client, name, *([ref] if ref else [])).content.decode()
                pages.append("".join(line for line in html.splitlines() if "csrfmiddlewaretoken" not in line))
        return pages

    before = seen()
    for member in people_of(pod)[1:3]:
        joinings.vouch(by=member, joining=joining, now=now)
    assert seen() == before
    joinings.object_quietly(by=people_of(pod)[4], joining=joining, now=now)
    assert seen() == before


# --- what each button does ---------------------------------------------------------------------


def test_forming_a_pod_leads_to_naming_the_others(client, stranger):
    block = BlockFactory()
    answer = client.post(reverse("pod_new"), {"name": "  Orchard   Street ", "block": block.pk})
    made = Pod.objects.get()
    assert (made.name, made.block, answer.url) == ("Orchard Street", block, reverse("pod_name", args=[made.ref]))
    assert [seat.person for seat in made.memberships.all()] == [stranger]


def test_nobody_begins_pod_after_pod(client, stranger):
    block = BlockFactory()
    for index in range(7):
        answer = client.post(reverse("pod_new"), {"name": f"Pod of mine {index}", "block": block.pk})
    assert "Please let them form first" in answer.content.decode()
    assert Pod.objects.count() == 5


def test_a_taken_name_keeps_what_was_typed(client, pod, stranger):
    answer = client.post(reverse("pod_new"), {"name": "MILL ROW", "block": pod.block_id})
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "There is, or was, a pod of this name" in html
    assert 'value="MILL ROW"' in html


def test_a_full_pod_proposes_a_sister_on_the_same_block(client):
    full = PodFactory(members=12)
    sign_in(client, people_of(full)[0])
    link = f"{reverse('pod_new')}?sister={full.ref}"
    for name in ("pod", "pod_name"):
        assert link in page(client, name, full.ref).content.decode()
    html = client.get(link).content.decode()
    assert f'<option value="{full.block_id}" selected>' in html
    answer = client.post(reverse("pod_name", args=[full.ref]), {"person": PersonFactory().ref})
    assert answer.status_code == 409
    assert "This pod is full" in answer.content.decode()


def test_people_are_found_by_code_handle_or_its_first_letters_and_told_apart(client, pod, member):
    jose, other = PersonFactory(handle="José"), PersonFactory(handle="Jose")
    PodFactory(name="Harbour", members=[jose, member])
    for words in ("jose", "JOSÉ", "jos"):
        html = page(client, "pod_name", pod.ref, q=words).content.decode()
        assert jose.ref in html
        assert other.ref in html
        assert "with you in Harbour" in html
    only = page(client, "pod_name", pod.ref, q=jose.ref).content.decode()
    assert jose.ref in only
    assert other.ref not in only
    for words in ("jo", "%", "_", "", " ", "\x00"):
        assert jose.ref not in page(client, "pod_name", pod.ref, q=words).content.decode()


def test_looking_for_people_has_a_limit(client, pod, member):
    PersonFactory(handle="Mariela")
    found = [
        "Is it one of these?" in page(client, "pod_name", pod.ref, q="mariela").content.decode() for _ in range(63)
    ]
    assert found[:60] == [True] * 60
    assert found[62] is False


def test_naming_saying_yes_vouching_and_objecting_by_their_buttons(client, pod, member):
    newcomer = PersonFactory()
    answer = client.post(reverse("pod_name", args=[pod.ref]), {"person": newcomer.ref})
    assert answer.url == reverse("pod_name", args=[pod.ref])
    joining = Joining.objects.get()
    for name, said in (("joining_vouch", "yes"), ("joining_object", "yes"), ("joining_object", "no")):
        answer = client.post(reverse(name, args=[joining.ref]), {"do": said})
        assert answer.url == reverse("joining", args=[joining.ref])
    assert (joining.vouches.count(), joining.objections.count()) == (0, 0)
    sign_in(client, newcomer)
    client.post(reverse("joining_agree", args=[joining.ref]), {"do": "yes"})
    joining.refresh_from_db()
    assert joining.agreed_at is not None
    client.post(reverse("joining_agree", args=[joining.ref]), {"do": "no"})
    joining.refresh_from_db()
    assert joining.state == "withdrawn"


def test_asking_to_join_and_asking_twice(client, pod, stranger):
    client.post(reverse("pod_ask", args=[pod.ref]))
    joining = Joining.objects.get()
    assert (joining.person, joining.named_by) == (stranger, None)
    again = client.post(reverse("pod_ask", args=[pod.ref]), follow=True)
    assert "still open" in again.content.decode()
    assert Joining.objects.count() == 1


def test_leaving_asks_first(client, pod, member):
    assert "Leave Mill Row?" in page(client, "pod_leave", pod.ref).content.decode()
    assert Membership.objects.seated().filter(person=member).exists()
    client.post(reverse("pod_leave", args=[pod.ref]))
    assert not Membership.objects.seated().filter(person=member).exists()


def test_get_changes_nothing(client, pod, member):
    joining = joinings.name_someone(by=member, pod=pod, person=PersonFactory(), now=clock.now())
    for name in ("joining_agree", "joining_vouch", "joining_object"):
        assert client.get(reverse(name, args=[joining.ref])).status_code == 405
    assert client.get(reverse("pod_ask", args=[pod.ref])).status_code == 405


# --- what is missing comes first ---------------------------------------------------------------


def test_a_ready_pod_offers_a_call_and_a_forming_one_says_what_is_missing(client, pod, member):
    assert reverse("call_new", args=[pod.ref]) in page(client, "pod", pod.ref).content.decode()
    small = PodFactory(members=[member, PersonFactory()])
    html = page(client, "pod", small.ref).content.decode()
    assert reverse("call_new", args=[small.ref]) not in html
    assert "3 more neighbours have to say yes" in html
