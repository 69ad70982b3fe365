"""What waits for a person on Today about shifts: one to confirm, one to stand in on, one soon, one to write down."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from commons.web import phrases, today
from sites.models import SignUp, StandInAsk
from sites.models.shifts import HOLDING
from sites.rules.shifts import OPENS_BEFORE
from sites.states import AskState, PopupState, Role, ShiftState, SignUpState

KICKER = gettext_lazy("Shift")
AHEAD = timedelta(days=8)
# What is not written down after this long is not asked for again: the page of the shift still takes it.
ASKED_FOR = timedelta(days=3)
AT_MOST = 6


@today.source
def cards(person: Any, now: datetime) -> Iterable[today.Card]:
    """Return the cards in two statements; who has no shift soon hears nothing of shifts."""
    mine = (
        SignUp.objects.filter(HOLDING, person=person, shift__popup__state=PopupState.RUNNING.value)
        .filter(shift__ends_at__gt=now - ASKED_FOR, shift__starts_at__lt=now + AHEAD)
        .exclude(shift__state=ShiftState.KEPT.value)
        .exclude(shift__state=ShiftState.SHORT.value)
        .select_related("role", "shift__popup__place")
        .order_by("shift__starts_at", "id")
    )
    for one in mine[:AT_MOST]:
        yield from _mine(one, now)
    asked = (
        StandInAsk.objects.filter(person=person, state=AskState.ASKED.value, shift__starts_at__gt=now)
        .filter(shift__state=ShiftState.COMING.value)
        .select_related("role", "shift__popup__place")
        .order_by("shift__starts_at", "id")
    )
    for question in asked[:AT_MOST]:
        shift = question.shift
        yield today.Card(
            urgency=today.TODAY + 5,
            kicker=KICKER,
            title=gettext("Can you stand in %(when)s?") % {"when": phrases.day_and_time(shift.starts_at, now)},
            body=gettext("%(role)s: %(what)s, %(where)s. A few of you are asked; the first has the place.")
            % {"role": phrases.capital(str(question.role)), "what": shift.popup.name, "where": shift.popup.place},
            url=reverse("shift", args=[shift.ref]),
            action=gettext("Look at it"),
        )


def _mine(one: SignUp, now: datetime) -> Iterable[today.Card]:
    shift, url = one.shift, reverse("shift", args=[one.shift.ref])
    said = {"what": shift.popup.name, "when": phrases.day_and_time(shift.starts_at, now), "role": one.role}
    about = gettext("%(role)s, %(where)s") % {"role": phrases.capital(str(one.role)), "where": shift.popup.place}
    leads, begun = one.role.role == Role.LEAD.value, now >= shift.starts_at - OPENS_BEFORE
    if shift.state == ShiftState.CLOSED:
        if now < shift.starts_at:
            title = gettext("Off this week: %(what)s") % said
            body = gettext("It was announced as closed. Nobody needs to come.")
            yield today.Card(today.SOON, KICKER, title, body, url, gettext("Look at it"))
    elif leads and begun and shift.written_at is None:
        title = gettext("How did it go? %(what)s") if now > shift.ends_at else gettext("You lead it now: %(what)s")
        body = gettext("Who came, and what came of it: a minute, in numbers.")
        check_in = reverse("shift_check_in", args=[shift.ref])
        yield today.Card(today.TODAY + 10, KICKER, title % said, body, check_in, gettext("Write it down"))
    elif now >= shift.ends_at or shift.state != ShiftState.COMING:
        return
    elif one.state == SignUpState.HELD and shift.reminded_at is not None:
        title = gettext("Does it still hold? %(what)s, %(when)s") % said
        yield today.Card(today.TODAY + 8, KICKER, title, about, url, gettext("Say so"))
    else:
        title = gettext("You're on it %(when)s: %(what)s") % said
        urgency = today.TODAY if shift.starts_at - now < timedelta(days=1) else today.SOON
        yield today.Card(urgency, KICKER, title, about, url, gettext("See the shift"))
