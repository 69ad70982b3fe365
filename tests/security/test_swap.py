"""Two full pods: whatever of one is put in the place of the other's, nothing opens and nothing changes (S-2)."""

import pytest
from django.test import Client
from django.urls import reverse

from commons import clock
from commons.notices.models import Link
from pods.models import AnswerEvent, Call, CallKind, Invite, Joining, Membership
from sites.actions import assets
from sites.models import Asset
from tests.security import doors
from tests.security.world import KEY, Side, fingerprint, side, signed_in

pytestmark = pytest.mark.django_db
# Doors that lead to something of a pod's, and how they answer somebody who has nothing to do with it. Which pods there
# are, every member may know: so those are seen, and what is inside them refused (403). All else does not exist (404).
OF_A_POD = {
    "pod": {"GET": 200, "POST": 405},
    "pod_ask": {"GET": 405},
    **{name: {"GET": 403, "POST": 403} for name in ("pod_leave", "pod_name", "pod_protocol_kind", "call_new")},
    "pod_protocol": {"GET": 403, "POST": 405},
}
# Whoever holds these holds what they open, and what they open belongs to the one whom it was made for.
BEARER = {"join", "answer", "shift_answer", "gathering_open", "gathering_open_file", "gathering_guest", "feed_file"}
BEARER |= {"asset_link"}
# Only organizers come so far as to ask for an object here.
FOR_ORGANIZERS = {"kind_rename", "kind_use", "block", "block_remove", "organizer_appoint", "organizer_end"}
FOR_ORGANIZERS |= {"place_import", "double", "stage_override", "stage_override_end"}
# Places are the neighbourhood's: every member may see and correct each.
# That somebody listens, they may know too, and ask to listen along.
EVERYBODYS = {"place", "place_change", "place_listen", "round_ask", "round_leave"}
# What this thing is offered to every member for; what is for a pod's eyes alone is swept in tests/sites/test_asset_map.
EVERYBODYS |= {"asset_seen", "map_tile"}
EVERYBODYS |= {"place_score", "place_score_take_back"}
# What gatherings there are, every member may know and answer; what is its host's is refused (403), but to organizers.
EVERYBODYS |= {"gathering", "gathering_come", "gathering_sheet", "gathering_file"}
HOSTS = {"gathering_who", "gathering_change", "gathering_cancel", "gathering_link", "gathering_after"}
# What was noticed, organizers read as well.
NOTES = {"listening_round", "round_answer", "round_end", "visit", "visit_new", "visit_change"}
# Signs hang on walls; who says what is on them is swept in tests/sites/test_signs.
EVERYBODYS |= {"signs", "sign_pdf", "here", "sign_page", "sign_words"}
# Stations and shifts are every member's to see and to join; who keeps them is swept below.
EVERYBODYS |= {"popup_new", *doors.POPUP, *doors.SHIFT}
SWAPPED = sorted(set(doors.ARGUMENTS) - BEARER - FOR_ORGANIZERS - EVERYBODYS)
ACTORS = ("owner", "answering", "member", "newcomer", "invited", "organizer")


@pytest.fixture
def sides() -> tuple[Side, Side]:
    here, there = side("A"), side("B")
    # A day names a rest among a person's own: the other's must be another day to be another rest.
    days = there.absence.days
    there.absence.days = (days[0].replace(year=days[0].year + 1), days[1].replace(year=days[1].year + 1))
    there.absence.save()
    return here, there


def expected(name: str, method: str, who: str) -> set[int]:
    if name in OF_A_POD:
        return {OF_A_POD[name].get(method, 302)}
    if name in HOSTS:
        return {403}
    if (name.startswith("call") or name in NOTES) and who == "organizer":
        # Organizers see every call and run none; they read every note and write none.
        return {200, 403, 405}
    return {404}


def test_nothing_of_theirs_opens_for_ours(sides):
    here, there = sides
    before = fingerprint()
    for who in ACTORS:
        browser = signed_in(here[who])
        for name in SWAPPED:
            if name in HOSTS and who == "organizer":
                continue
            address = doors.path(name, there)
            for method, answer in (("GET", browser.get(address)), ("POST", _press(browser, name, address, there, who))):
                if answer is None:
                    continue
                allowed = expected(name, method, who) | {405}
                assert answer.status_code in allowed, (who, method, name, answer.status_code)
    assert fingerprint() == before


def _press(browser: Client, name: str, address: str, there: Side, who: str):
    # Asking to join another pod is what its door is for; ending a round is an organizer's, whosever it is.
    if name == "pod_ask" or (name, who) == ("round_end", "organizer"):
        return None
    return browser.post(address, doors.form(name, there))


def test_who_keeps_a_station_keeps_no_other(sides):
    here, there = sides
    ours, before = signed_in(here["owner"]), fingerprint()
    for name in ("popup_change", "popup_move", "popup_open", "popup_end", "shift_close", "shift_check_in"):
        assert ours.post(doors.path(name, there), doors.form(name, there)).status_code == 403, name
    # A role, a thing and a sign-up of theirs in a form of ours.
    role, thing = there.shift.roles.first(), there.shift.supplies.first()
    ours.post(doors.path("shift_join", here), {"role": role.pk})
    ours.post(doors.path("shift_supply", here), {"bring": thing.ref})
    sign_up = there.shift.sign_ups.get()
    said = {"opened": "yes", "came": [sign_up.pk], f"others_{role.pk}": "9"}
    assert ours.post(doors.path("shift_check_in", here), said).status_code == 200
    assert fingerprint() == before


def test_theirs_in_ours_forms(sides):
    """Hidden fields and chosen values: each is the other side's, in a form that is ours."""
    here, there = sides
    ours = signed_in(here["owner"])
    undo = assets.take_back(asset=Asset.objects.get(pk=there.asset.pk), now=clock.now())
    hidden = {"person": 999999, "pod": there.pod.ref, "call": there.call.ref, "by": there["owner"].ref, "id": "1"}
    before = fingerprint()
    tries = [
        ("asset_put_back", [], {"undo": undo, **hidden}),
        ("pod_name", [here.pod.ref], {"person": "zzzzzzzzzz"}),
        ("pod_name", [here.pod.ref], {"person": here["member"].ref}),
        ("pod_name", [here.pod.ref], {"person": here["newcomer"].ref}),
        ("call_new", [here.pod.ref], {**doors.form("call_new", here), "kind": "own-nobody"}),
        ("call_new", [here.pod.ref], {**doors.form("call_new", here), "block": "999999"}),
        ("call_new", [here.pod.ref], {**doors.form("call_new", here), "need-0-skill": "skill-nobody"}),
        ("call_need", [here.call.ref], {"skill": "skill-nobody", "count": "1"}),
        ("joining_vouch", [here.joining.ref], {"do": "maybe"}),
        ("assets", [], {**doors.form("assets", here), "words": "", "skill": "999999"}),
        ("pod_new", [], {"name": "A new pod", "block": "999999"}),
        ("pod_protocol_kind", [here.pod.ref, "own-nobody"], doors.form("pod_protocol_kind", here)),
        ("rest_end", [there.absence.days[0].isoformat()], {}),
        ("organizers", [], {"q": "B"}),
    ]
    for name, arguments, said in tries:
        answer = ours.post(reverse(name, args=arguments), said)
        assert answer.status_code < 500, name
        now = fingerprint()
        assert now == before, (name, {table for table in now if now[table] != before[table]})


def test_fields_that_no_form_has_move_nothing_to_the_other_side(sides):
    """A form of ours, done as it should be, with the other side's everything beside it."""
    here, there = sides
    extra = {
        "person": there["owner"].pk, "person_id": there["owner"].pk, "pod": there.pod.pk, "pod_id": there.pod.pk,
        "call": there.call.pk, "call_id": there.call.pk, "raised_by": there["owner"].pk, "by": there["owner"].pk,
        "is_active": "", "email": "mallory@example.org", "ref": there.call.ref, "organizer": "on", "seat": "1",
        "session_epoch": "7", "password": "", "counted_for": "1", "state": "closed", "confirmed_by": there["owner"].pk,
    }  # fmt: skip
    theirs = _of(there)
    email = here["owner"].email
    for name in ("settings", "rest", "assets", "asset", "call_answer", "call_need", "call_details", "joining_vouch"):
        who = "answering" if name == "call_answer" else "owner"
        assert signed_in(here[who]).post(doors.path(name, here), {**doors.form(name, here), **extra}).status_code < 500
    here["owner"].refresh_from_db()
    assert (here["owner"].email, here["owner"].is_active, here["owner"].session_epoch) == (email, True, 0)
    assert _of(there) == theirs
    assert Call.objects.get(pk=here.call.pk).state != "closed"


def _of(one: Side):
    """All rows that belong to a side."""
    people = [person.pk for person in one.people.values()]
    return [
        list(Call.objects.filter(pod=one.pod).values_list("id", "state", "version", "confirmed_by_id")),
        list(Invite.objects.filter(call=one.call).order_by("id").values_list("id", "state", "answer", "version")),
        list(AnswerEvent.objects.filter(invite__call=one.call).values_list("id", "answer", "key")),
        list(Joining.objects.filter(pod=one.pod).values_list("id", "state", "agreed_at")),
        list(Membership.objects.filter(pod=one.pod).values_list("id", "person_id", "left_at")),
        list(Asset.objects.filter(person__in=people).values_list("id", "title", "audience")),
        list(type(one["owner"]).objects.filter(pk__in=people).order_by("pk").values()),
    ]


def test_their_key_is_not_our_answer(sides):
    """The key of somebody's press names a press of theirs alone: ours with the same key is another."""
    here, there = sides
    assert AnswerEvent.objects.filter(invite__call=there.call, key=KEY).exists()
    answer = signed_in(here["invited"]).post(doors.path("call_answer", here), {"say": "coming", "key": KEY})
    assert answer.status_code == 302
    assert Invite.objects.get(call=here.call, person=here["invited"]).answer == "coming"
    Call.objects.filter(pk=there.call.pk).update(raise_key="r" * 22)
    signed_in(here["owner"]).post(doors.path("call_new", here), doors.form("call_new", here))
    assert Call.objects.filter(raise_key="r" * 22).count() == 2


def test_a_link_acts_for_whom_it_was_made_whoever_is_signed_in(sides):
    here, there = sides
    theirs = _of(there)[:1], list(Invite.objects.filter(call=there.call).values_list("id", "answer"))
    stolen = signed_in(there["answering"])
    stolen.post(doors.path("answer", here), {"say": "cant", "key": "c" * 22})
    assert Invite.objects.get(call=here.call, person=here["answering"]).answer == "cant"
    assert (_of(there)[:1], list(Invite.objects.filter(call=there.call).values_list("id", "answer"))) == theirs


def test_every_token_opens_only_what_it_was_made_for(sides):
    """Links of messages and of invitations, refs and codes, each tried in the place of every other."""
    here, there = sides
    words = [
        *here.links.values(), *there.links.values(), here.call.ref, there.stack.ref, there.ask.ref,
        there.joining.ref, there.draft.ref, there.asset.ref, there["owner"].ref, str(there.call.pk),
        here.links["shift_answer"], there.links["shift_answer"], here.shift.ref, there.popup.ref,
        *Link.objects.values_list("digest", flat=True)[:3], *Link.objects.values_list("nonce", flat=True)[:3],
    ]  # fmt: skip
    visitor = Client()
    doors_by_link = (
        "answer",
        "join",
        "shift_answer",
        "gathering_open",
        "gathering_open_file",
        "gathering_guest",
        "feed_file",
    )
    doors_by_link += ("asset_link",)
    words += [side.links[name] for side in sides for name in doors_by_link]
    fits = {(name, side.links[name]) for side in sides for name in doors_by_link}
    before = fingerprint()
    for name in doors_by_link:
        for word in dict.fromkeys(words):
            status = visitor.get(reverse(name, args=[word])).status_code
            assert (status == 200) == ((name, word) in fits), (name, word)
            if (name, word) not in fits:
                said = {"say": "coming", "key": KEY}
                assert visitor.post(reverse(name, args=[word]), said).status_code in (404, 405, 410)
    assert fingerprint() == before


def test_retired_kinds_of_call_can_not_be_raised(sides):
    here, _there = sides
    CallKind.objects.filter(pk=here.kind.pk).update(active=False)
    before = Call.objects.count()
    answer = signed_in(here["owner"]).post(doors.path("call_new", here), doors.form("call_new", here))
    assert answer.status_code == 422
    assert Call.objects.count() == before
