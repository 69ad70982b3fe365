"""Stations and shifts in the browser: planned, signed up for in two taps, written down; the list as dear at thirty."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commons.people.models import Absence
from sites.models import Popup, Shift, SignUp, StandInOffer, Supply
from sites.states import Role
from tests.factories import PersonFactory
from tests.reading import english_in
from tests.sites.conftest import signed_in
from tests.sites.stations import DAY, HOUR, laundry, need, next_shift, planned, role, running, willing

pytestmark = pytest.mark.django_db

PLAN = {
    "need": "detergent", "name": "Free detergent", "becomes": "A laundry of our own.", "weekday": "1",
    "starts": "18:00",
    "minutes": "120", "leads": "1", "servers_least": "1", "servers_most": "3", "greeters_least": "0",
    "greeters_most": "1", "own_name": "Sits with children", "own_least": "0", "own_most": "1",
    "supplies": "Detergent\nCups\nDetergent\n", "counted": "loads washed", "host": "asked",
}  # fmt: skip


def page(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return answer.content.decode()


def test_a_station_is_planned_opened_and_signed_up_for_in_two_taps(as_mina, mina, now):
    place, _need = laundry(now), need()
    assert "Plan a station here" in page(as_mina, f"/places/{place.ref}/")
    assert as_mina.post(f"/places/{place.ref}/popup/", PLAN).status_code == 302
    popup = Popup.objects.get()
    assert (popup.state, popup.supplies, popup.planned_by) == ("planned", ["Detergent", "Cups"], mina)
    assert list(popup.roles.values_list("role", "own_name", "least", "most")) == [
        ("lead", "", 1, 1), ("server", "", 1, 3), ("greeter", "", 0, 1), ("own", "Sits with children", 0, 1),
    ]  # fmt: skip
    path = f"/popups/{popup.ref}/"
    assert "What is missing" in page(as_mina, path)
    as_mina.post(path + "open/", {"host": "agreed"})
    text = page(as_mina, path)
    assert "Every Tuesday, 18:00–20:00" in text
    assert text.count("I'm in: server") + text.count("I&#x27;m in: server") == 4
    shift = next_shift(popup, now)
    # The second tap: what the button posts.
    form = re.search(rf'action="/shifts/{shift.ref}/join/".*?</form>', text, re.DOTALL)[0]
    number = re.search(r'name="role" value="(\d+)"', form)[1]
    answer = as_mina.post(f"/shifts/{shift.ref}/join/", {"role": number, "back": "popup"})
    assert answer.headers["Location"] == path
    assert SignUp.objects.get(person=mina).role_id == int(number)
    assert "You're on it: shift lead" in page(as_mina, path).replace("&#x27;", "'")


def test_the_host_s_word_at_once_opens_it_at_once(as_mina, now):
    place, _need = laundry(now), need()
    as_mina.post(f"/places/{place.ref}/popup/", {**PLAN, "host": "public"})
    assert Popup.objects.get().state == "running"


def test_without_listening_the_page_says_what_is_missing(as_mina, now):
    place, _need = laundry(now, heard=False), need()
    assert "Listening comes first." in page(as_mina, f"/places/{place.ref}/popup/")
    assert as_mina.post(f"/places/{place.ref}/popup/", PLAN).status_code == 409
    assert not Popup.objects.exists()
    assert "Plan a station here" not in page(as_mina, f"/places/{place.ref}/")


@pytest.mark.parametrize(
    "change",
    [
        {"need": "moon"}, {"name": ""}, {"becomes": "x" * 201}, {"weekday": "7"}, {"starts": "25:00"},
        {"minutes": "7"}, {"servers_least": "-1"}, {"servers_most": "13"}, {"host": "maybe"},
        {"supplies": "\n".join(f"thing {n}" for n in range(13))}, {"supplies": "x" * 81},
    ],
)  # fmt: skip
def test_what_is_no_plan_is_refused(as_mina, now, change):
    place, _need = laundry(now), need()
    assert as_mina.post(f"/places/{place.ref}/popup/", {**PLAN, **change}).status_code == 200
    assert not Popup.objects.exists()


def test_what_looks_personal_is_asked_about_and_nothing_typed_is_lost(as_mina, now):
    place, _need = laundry(now), need()
    said = {**PLAN, "becomes": "Ask doña Pilar, 410-555-0199"}
    text = as_mina.post(f"/places/{place.ref}/popup/", said).content.decode()
    assert "looks like a telephone number" in text
    assert "Ask doña Pilar, 410-555-0199" in text
    assert as_mina.post(f"/places/{place.ref}/popup/", {**said, "keep": "on"}).status_code == 302


def test_a_quicker_neighbour_and_a_role_of_another_shift(as_mina, now):
    popup = running(now)
    shift, other = popup.shifts.all()[:2]
    lead = role(shift, Role.LEAD)
    signed_in(PersonFactory()).post(f"/shifts/{shift.ref}/join/", {"role": lead.pk})
    answer = as_mina.post(f"/shifts/{shift.ref}/join/", {"role": lead.pk}, follow=True)
    assert "Somebody was quicker" in answer.content.decode()
    for number in (role(other, Role.LEAD).pk, "", "x", "9" * 30):
        as_mina.post(f"/shifts/{shift.ref}/join/", {"role": number})
    assert SignUp.objects.count() == 1


def test_names_are_for_those_who_are_on_it_together(as_mina, mina, now):
    popup = running(now)
    shift = next_shift(popup, now)
    other = PersonFactory(handle="Zenobia")
    signed_in(other).post(f"/shifts/{shift.ref}/join/", {"role": role(shift, Role.LEAD).pk})
    path = f"/shifts/{shift.ref}/"
    assert "Zenobia" not in page(as_mina, path)
    assert "Zenobia" not in page(as_mina, f"/popups/{popup.ref}/")
    as_mina.post(path + "join/", {"role": role(shift, Role.SERVER).pk})
    assert "Zenobia" in page(as_mina, path)
    as_mina.post(path + "leave/")
    assert "Zenobia" not in page(as_mina, path)


def test_the_lead_writes_down_how_it_went_and_others_may_not(as_mina, mina, now):
    popup = running(now)
    shift = next_shift(popup, now)
    as_mina.post(f"/shifts/{shift.ref}/join/", {"role": role(shift, Role.LEAD).pk})
    path = f"/shifts/{shift.ref}/check-in/"
    early = as_mina.post(path, {"opened": "yes"})
    assert early.status_code == 409
    past = now - 3 * HOUR
    Shift.objects.filter(pk=shift.pk).update(day=past.date(), starts_at=past, ends_at=past + 2 * HOUR)
    stranger = signed_in(PersonFactory())
    assert stranger.get(path).status_code == stranger.post(path, {"opened": "yes"}).status_code == 403
    text = page(as_mina, path)
    sign_up = SignUp.objects.get()
    assert f'value="{sign_up.pk}"' in text
    server = role(shift, Role.SERVER).pk
    said = {
        "opened": "yes",
        "came": [sign_up.pk],
        f"others_{server}": "2",
        "helped": "14",
        "given": "9",
        "cost": "12.5",
    }
    answer = as_mina.post(path, said, follow=True)
    assert "this week was kept" in answer.content.decode()
    shift.refresh_from_db()
    assert (shift.state, shift.helped, shift.given) == ("kept", 14, 9)
    # Correcting it begins with what was written.
    assert 'value="14"' in page(as_mina, path)
    station = page(as_mina, f"/popups/{popup.ref}/")
    assert "1 week kept in a row." in station
    assert "7 more kept weeks make it a tradition." in station


def test_keepers_close_a_week_change_words_and_end_it(as_mina, mina, as_olga, now):
    popup = running(now, by=mina)
    shift = popup.shifts.last()
    stranger = signed_in(PersonFactory())
    for path in (f"/popups/{popup.ref}/change/", f"/popups/{popup.ref}/end/", f"/shifts/{shift.ref}/closed/"):
        assert stranger.post(path).status_code == 403
    as_mina.post(f"/shifts/{shift.ref}/closed/", {"why": "rest"})
    assert "No shift this week: we rest." in page(as_mina, f"/popups/{popup.ref}/")
    as_olga.post(f"/shifts/{shift.ref}/closed/", {"do": "open"})
    as_olga.post(f"/shifts/{shift.ref}/closed/", {"why": "moon"})
    shift.refresh_from_db()
    assert shift.state == "coming"
    words = {"name": "Soap for all", "becomes": "A laundry.", "supplies": "", "counted": "", "version": popup.version}
    as_mina.post(f"/popups/{popup.ref}/change/", words)
    as_olga.post(f"/popups/{popup.ref}/end/")
    popup.refresh_from_db()
    assert (popup.name, popup.supplies, popup.state) == ("Soap for all", [], "ended")
    assert "Soap for all" in page(as_mina, "/popups/")


def test_supplies_and_offers_from_the_page(as_mina, mina, now):
    popup = running(now)
    shift = next_shift(popup, now)
    path = f"/shifts/{shift.ref}/supplies/"
    as_mina.post(path, {"what": "Cups"})
    assert as_mina.post(path, {"what": "call 410-555-0199"}).status_code == 422
    as_mina.post(path, {"bring": Supply.objects.get(what="Cups").ref})
    assert "you bring it" in page(as_mina, f"/shifts/{shift.ref}/")
    as_mina.post(path, {"leave": Supply.objects.get(what="Cups").ref})
    as_mina.post(path, {"bring": "nothing"})
    assert not Supply.objects.filter(person__isnull=False).exists()
    as_mina.post(f"/popups/{popup.ref}/stand-in/", {"willing": "yes"})
    assert "You may be asked." in page(as_mina, f"/popups/{popup.ref}/")
    as_mina.post(f"/popups/{popup.ref}/stand-in/", {"willing": "no"})
    assert not StandInOffer.objects.exists()


def test_today_shows_what_waits_and_is_quiet_otherwise(as_mina, mina, now):
    popup = running(now)
    shift = next_shift(popup, now)
    assert "Free detergent" not in page(as_mina, "/today/")
    Shift.objects.filter(pk=shift.pk).update(
        starts_at=now + DAY, ends_at=now + DAY + 2 * HOUR, reminded_at=now
    )  # fmt: skip
    sign_up = SignUp.objects.create(
        shift=shift, role=role(shift, Role.LEAD), person=mina, slot=1, state="held", at=now
    )  # fmt: skip
    assert "Does it still hold? Free detergent" in page(as_mina, "/today/")
    as_mina.post(f"/shifts/{shift.ref}/confirm/")
    assert "re on it tomorrow" in page(as_mina, "/today/")
    Shift.objects.filter(pk=shift.pk).update(starts_at=now - 3 * HOUR, ends_at=now - HOUR)
    assert "How did it go?" in page(as_mina, "/today/")
    Shift.objects.filter(pk=shift.pk).update(starts_at=now - 10 * DAY, ends_at=now - 9 * DAY)
    assert "How did it go?" not in page(as_mina, "/today/")
    sign_up.delete()


def test_empty_pages_teach(as_mina, now):
    text = page(as_mina, "/popups/")
    assert "Nothing stands yet." in text
    assert "Choose a place" in text


def test_pages_cost_as_many_statements_for_thirty_as_for_one(as_mina, mina, now):
    place = laundry(now)

    def statements(path: str) -> int:
        as_mina.get(path)
        with CaptureQueriesContext(connection) as seen:
            assert as_mina.get(path).status_code == 200
        return len(seen)

    first = running(now, place=place)
    shift = next_shift(first, now)
    paths = ["/popups/", f"/popups/{first.ref}/", f"/shifts/{shift.ref}/", f"/places/{place.ref}/", "/today/"]
    few = [statements(path) for path in paths]
    for number in range(29):
        running(now, place=laundry(now, name=f"Suds {number}"))
    willing(first, 29, now)
    for number, person in enumerate([PersonFactory() for _ in range(3)]):
        SignUp.objects.create(
            shift=shift, role=role(shift, Role.SERVER), person=person, slot=number + 1, state="held", at=now
        )
    Supply.objects.bulk_create(Supply(shift=shift, what=f"Thing {number}", person=mina) for number in range(17))
    for number in range(30):
        at = now - timedelta(days=7 * (number + 1))
        first.shifts.create(place=place, day=at.date(), starts_at=at, ends_at=at + HOUR, state="kept")
    assert [statements(path) for path in paths] == few


def test_every_page_speaks_spanish(mina, now):
    mina.language = "es"
    mina.save()
    client = signed_in(mina)
    own = {"name": "Jabón", "by": mina}
    popup = running(now, place=laundry(now, name="Lavandería"), **own)
    plan = planned(now, place=laundry(now, name="Parada"), **own)
    for one in (popup, plan):
        one.becomes, one.supplies, one.counted = "Una lavandería nuestra", ["Jabón"], "cargas"
        one.save()
    shift = next_shift(popup, now)
    Supply.objects.all().delete()
    shift.roles.filter(role="own").update(own_name="Niñez")
    popup.shifts.exclude(pk=shift.pk).delete()
    last = now - DAY
    Shift.objects.create(
        popup=popup, place=popup.place, day=last.date(), starts_at=last, ends_at=last + HOUR, state="missed"
    )
    for path in (
        "/popups/", f"/popups/{popup.ref}/", f"/popups/{plan.ref}/", f"/popups/{popup.ref}/change/",
        f"/popups/{popup.ref}/move/",
        f"/shifts/{shift.ref}/", f"/shifts/{shift.ref}/check-in/", f"/places/{popup.place.ref}/popup/",
        f"/places/{popup.place.ref}/",
    ):  # fmt: skip
        assert english_in(page(client, path)) == [], path
    assert Absence.objects.count() == 0
