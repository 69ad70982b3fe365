"""A station whose roles or place change: nobody is thrown out, and kept weeks stay where they were kept."""

import pytest

from commons.notices.models import Delivery
from commons.web.refusal import Refused
from sites.actions import shift_turn, shifts
from sites.actions.moves import Moved
from sites.models import SignUp, StandInAsk
from sites.queries.reliability import rows_of
from sites.queries.stages import presence
from sites.rules import shifts as shift_rules
from sites.states import HostWord, Role, ShiftState
from tests.factories import PersonFactory
from tests.sites.stations import (
    DAY,
    HOUR,
    NOW,
    TUESDAY,
    laundry,
    moved,
    on_the_wall,
    planned,
    role,
    staffed,
    willing,
)  # fmt: skip

pytestmark = pytest.mark.django_db


def test_a_smaller_role_throws_nobody_out_and_takes_nobody_in(popup, shift):
    server, people = role(shift, Role.SERVER), [PersonFactory() for _ in range(3)]
    for person in people:
        shifts.join(shift=shift, role=server, person=person, now=NOW)
    moved(popup, TUESDAY, roles=[(Role.LEAD, "", 1, 1), (Role.SERVER, "", 1, 1)])
    assert set(SignUp.objects.filter(role=server).values_list("state", flat=True)) == {"held"}
    shifts.leave(shift=shift, person=people[0], now=NOW)
    for _ in range(2):
        with pytest.raises(Refused, match="Somebody was quicker"):
            shifts.join(shift=shift, role=server, person=PersonFactory(), now=NOW)
        if SignUp.objects.filter(role=server, state="held").count() == 2:
            shifts.leave(shift=shift, person=people[1], now=NOW)
    shifts.leave(shift=shift, person=people[2], now=NOW)
    shifts.join(shift=shift, role=server, person=people[0], now=NOW)


def test_a_role_that_is_gone_stays_for_who_is_in_it_and_new_ones_come(popup, shift, mina):
    own = role(shift, Role.OWN)
    shifts.join(shift=shift, role=own, person=mina, now=NOW)
    moved(popup, TUESDAY, roles=[(Role.LEAD, "", 1, 1), (Role.SERVER, "", 2, 4), (Role.GREETER, "", 0, 1)])
    weeks = [[(one.role, one.least, one.most) for one in week.roles.all()] for week in popup.shifts.order_by("day")]
    new = [("lead", 1, 1), ("server", 2, 4), ("greeter", 0, 1)]
    assert weeks[0] == [*new[:2], ("own", 0, 0), new[2]]
    assert weeks[1:] == [new] * 3
    assert SignUp.objects.get(person=mina).state == "held"
    with pytest.raises(Refused, match="Somebody was quicker"):
        shifts.join(shift=shift, role=own, person=PersonFactory(), now=NOW)
    # A week counts by what it needed in the end.
    others = {one.pk: one.least for one in shift.roles.all()}
    state = shifts.check_in(
        shift=shift, opened=True, came=[], others=others, count=shifts.Count(), now=shift.ends_at
    )  # fmt: skip
    assert state is ShiftState.KEPT


def test_a_role_that_needs_more_has_stand_ins_asked_at_once_where_the_shift_is_near(popup, shift, mina, olga):
    staffed(popup, shift, olga, mina)
    willing(popup, 2, NOW)
    at = shift.starts_at - 40 * HOUR
    shift_turn.turn_due(now=at)
    assert not StandInAsk.objects.exists()
    moved(popup, TUESDAY, roles=[(Role.LEAD, "", 1, 1), (Role.SERVER, "", 2, 3)], now=at)
    assert StandInAsk.objects.filter(state="asked").count() == 2


@pytest.mark.parametrize(
    "roles",
    [[(Role.SERVER, "", 1, 3)], [(Role.LEAD, "", 1, 1), (Role.SERVER, "", 3, 2)], [(Role.LEAD, "", 1, 13)]],
)
def test_roles_that_nobody_could_hold_are_refused(popup, roles):
    with pytest.raises(Refused):
        moved(popup, roles=roles)
    assert on_the_wall(popup)[0] == "Tue 20 18:00"


# --- another place --------------------------------------------------------------------------------


def test_another_place_has_to_be_listened_to_and_its_host_to_agree(popup, shift, mina):
    shifts.join(shift=shift, role=role(shift, Role.SERVER), person=mina, now=NOW)
    with pytest.raises(Refused, match="Listening comes first"):
        moved(popup, place=laundry(NOW, heard=False, name="Unheard"), host=HostWord.AGREED)
    other = laundry(NOW, name="Other")
    with pytest.raises(Refused, match="host of the other place"):
        moved(popup, place=other)
    for number in range(3):
        planned(NOW, place=other, name=f"Station {number}")
    with pytest.raises(Refused, match="Three stations"):
        moved(popup, place=other, host=HostWord.AGREED)
    assert Delivery.objects.count() == 0
    free = laundry(NOW, name="Free")
    assert moved(popup, TUESDAY, place=free, host=HostWord.PUBLIC, now=NOW + DAY) == Moved(weeks=4, told=1)
    popup.refresh_from_db()
    assert (popup.place, popup.host, popup.host_on) == (free, "public", (NOW + DAY).date())
    assert set(popup.shifts.values_list("place", flat=True)) == {free.pk}


def test_kept_weeks_stay_with_their_place_and_count_again_when_it_comes_back(popup):
    old, new = popup.place, laundry(NOW, name="New")
    popup.shifts.update(state="kept")
    now = popup.shifts.last().ends_at
    assert rows_of([popup.pk])[popup.pk].kept == 4
    moved(popup, TUESDAY, place=new, host=HostWord.AGREED, now=now)
    assert rows_of([popup.pk]) == {}
    assert presence([old.pk]) == {}
    assert presence([new.pk])[new.pk].kept_weeks == 0
    moved(popup, TUESDAY, place=old, host=HostWord.AGREED, now=now)
    assert rows_of([popup.pk])[popup.pk].kept == 4
    assert shift_rules.WEEKS_AHEAD == 4
