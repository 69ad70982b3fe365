"""Gates: who is let in, who gets 404, 403 or the sign-in page, and that no view stands without one."""

from types import SimpleNamespace

import pytest
import rules
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import include, path
from django.utils.translation import gettext_lazy, override
from django.views import View
from django.views.i18n import set_language

from commons import gate
from commons.gate.check import every_view_has_a_gate
from commons.gate.table import Table
from commons.people.models import Invitation
from tests.factories import PersonFactory


@rules.predicate
def is_alice(person, _obj):
    return person.handle == "Alice"


@rules.predicate
def is_inviter(person, invitation):
    return invitation is not None and invitation.inviter_id == person.pk


ANYTHING = gate.Permission("anything", is_alice, gettext_lazy("January"), "do anything")
REVOKE = gate.Permission("revoke", is_inviter & is_alice, "Whoever made it can revoke it.", "revoke an invitation")


def theirs(person):
    """Alice and Bob see every invitation, nobody else any."""
    return Invitation.objects.filter(pk__isnull=person.handle not in ("Alice", "Bob"))


@gate.public
def open_door(request):
    return HttpResponse("open")


@gate.public(methods=("GET", "POST"))
def open_form(request):
    return HttpResponse("form")


@gate.signed_in
def own_door(request):
    return HttpResponse("own")


@gate.permit(ANYTHING)
def anything(request):
    return HttpResponse("anything")


@gate.permit(REVOKE, fetch=theirs, by="ref", methods=("GET", "POST"))
def revoke(request, invitation, page=1):
    return HttpResponse(f"{invitation.ref} {page}")


@gate.by_link
def one_tap(request, token):
    return HttpResponse(f"{request.method} {token}")


urlpatterns = [
    path("open/", open_door),
    path("form/", open_form),
    path("own/", own_door),
    path("anything/", anything),
    path("i/<str:ref>/", revoke),
    path("i/<str:ref>/<int:page>/", revoke),
    path("a/<str:token>/", one_tap),
    path("sign-in/", open_form, name="account_login"),
    path("sign-out/", open_form, name="account_logout"),
    path("today/", own_door, name="today"),
]
handler403 = "commons.web.errors.forbidden"

pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


@pytest.fixture
def alice():
    return PersonFactory(handle="Alice")


@pytest.fixture
def invitation(alice):
    return Invitation.objects.create(
        inviter=alice, digest="d", made_at="2026-01-01T00:00Z", expires_at="2027-01-01T00:00Z"
    )


def as_(person) -> Client:
    client = Client()
    if person:
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


# --- the doors --------------------------------------------------------------------------------


def test_public_doors_are_open_to_all(alice):
    assert [as_(person).get("/open/").status_code for person in (None, alice)] == [200, 200]


def test_methods_are_those_that_were_named(alice):
    client = as_(alice)
    answers = [client.head("/open/"), client.post("/open/"), client.post("/form/"), client.put("/form/")]
    assert [answer.status_code for answer in answers] == [200, 405, 200, 405]


@pytest.mark.parametrize("address", ["/own/", "/anything/", "/i/0123456789/"])
def test_visitors_are_led_to_sign_in_and_back(address):
    answer = as_(None).get(f"{address}?page=2")
    assert (answer.status_code, answer["Location"]) == (302, f"/sign-in/?next={address}%3Fpage%3D2")


def test_the_gate_holds_without_djangos_own_lock():
    request = RequestFactory().get("/i/0123456789/")
    request.user = AnonymousUser()
    assert revoke(request, ref="0123456789").status_code == 302


def test_the_permitted_get_the_object_as_second_argument(alice, invitation):
    client = as_(alice)
    assert client.get(f"/i/{invitation.ref}/").content.decode() == f"{invitation.ref} 1"
    assert client.get(f"/i/{invitation.ref}/7/").content.decode() == f"{invitation.ref} 7"


def test_strangers_get_404_as_for_what_never_was(invitation):
    charlie = as_(PersonFactory(handle="Charlie"))
    addresses = [f"/i/{invitation.ref}/", "/i/0123456789/", "/i/%00/", "/i/" + "9" * 400 + "/"]
    assert [charlie.get(address).status_code for address in addresses] == [404] * 4


def test_who_may_see_but_not_do_is_told_who_could(invitation):
    answer = as_(PersonFactory(handle="Bob")).post(f"/i/{invitation.ref}/")
    assert answer.status_code == 403
    assert "Whoever made it can revoke it." in answer.content.decode()


def test_a_permission_about_nothing_in_particular(alice):
    answers = [as_(person).get("/anything/").status_code for person in (alice, PersonFactory(handle="Bob"))]
    assert answers == [200, 403]


def test_one_tap_pages_ask_for_no_session_and_no_cookie():
    client = Client(enforce_csrf_checks=True)
    # What a browser sends with a form from a page under "no-referrer".
    posted = client.post("/a/t0ken/", headers={"origin": "null"})
    assert (posted.status_code, posted.content) == (200, b"POST t0ken")


def test_other_forms_are_guarded_against_forgery():
    assert Client(enforce_csrf_checks=True).post("/form/").status_code == 403


def test_the_mark_says_what_stands_before_the_view():
    assert (one_tap.gate.kind, one_tap.login_required) == ("link", False)
    assert (revoke.gate.permission, revoke.gate.methods, revoke.login_required) == (REVOKE, ("GET", "POST"), True)
    assert (revoke.__name__, revoke.__module__) == ("revoke", __name__)


def test_two_gates_are_one_too_many():
    with pytest.raises(TypeError):
        gate.signed_in(open_door)


# --- the tables -------------------------------------------------------------------------------


@pytest.fixture
def no_tables(monkeypatch):
    monkeypatch.setattr(Table, "_all", {})


def test_a_table_knows_its_permissions(no_tables):
    table = gate.Table("of a test", [ANYTHING, REVOKE])
    assert (table["revoke"], list(table), len(table)) == (REVOKE, [ANYTHING, REVOKE], 2)
    assert table in gate.tables()


def test_a_table_names_nothing_twice(no_tables):
    with pytest.raises(ValueError, match="twice"):
        gate.Table("people", [ANYTHING, ANYTHING])
    gate.Table("people", [])
    with pytest.raises(ValueError, match="already"):
        gate.Table("people", [])


def test_sentences_are_said_in_the_readers_language():
    refused = gate.Forbidden(ANYTHING.who)
    with override("de"):
        german = str(refused)
    with override("en"):
        assert (german, str(refused)) == ("Januar", "January")


def test_permissions_are_asked_before_a_button_is_shown(alice):
    assert (ANYTHING.allows(alice), REVOKE.allows(alice, SimpleNamespace(inviter_id=0))) == (True, False)
    with pytest.raises(gate.Forbidden):
        REVOKE.demand(alice, SimpleNamespace(inviter_id=0))


# --- the check --------------------------------------------------------------------------------


class Classy(View):
    def get(self, request):
        return HttpResponse()


def bare(request):
    return HttpResponse()


class Addresses:
    """Addresses for one test, as a module would have them."""

    def __init__(self, *patterns):
        self.urlpatterns = list(patterns)


def complaints(settings, *patterns) -> list[str]:
    settings.ROOT_URLCONF = Addresses(*patterns)
    from django.urls import clear_url_caches

    clear_url_caches()
    return [error.obj.rpartition(".")[2] for error in every_view_has_a_gate(None)]


def test_a_view_without_a_gate_fails_the_check(settings):
    patterns = (path("a/", open_door), path("b/", bare), path("c/", include(([path("d/", bare)], "x"), namespace="x")))
    assert complaints(settings, *patterns) == ["bare", "bare"]


def test_a_class_based_view_needs_one_too(settings):
    patterns = (path("a/", Classy.as_view()), path("b/", gate.public(Classy.as_view())))
    assert complaints(settings, *patterns) == ["view"]


def test_views_of_packages_are_known_by_name_and_origin(settings):
    patterns = (
        path("a/", include("allauth.account.urls")),
        path("b/", set_language, name="set_language"),
        path("c/", bare, name="account_login"),
        path("d/", set_language, name="another_name"),
    )
    assert complaints(settings, *patterns) == ["bare", "set_language"]


def test_every_address_is_listed_for_the_access_matrix(settings):
    settings.ROOT_URLCONF = Addresses(
        path("i/", include(([path("<str:ref>/", revoke, name="one")], "x"), namespace="x"))
    )
    from django.urls import clear_url_caches

    clear_url_caches()
    assert [(door.route, door.name, door.gate.kind) for door in gate.every_door()] == [
        ("i/<str:ref>/", "x:one", "permit")
    ]
