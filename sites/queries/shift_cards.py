"""What waits for a person on Today about shifts: one to confirm, one to stand in on, one soon, one to write down."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from commons.web import phrases, today
from sites.models import Shift, SignUp, StandInAsk
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
    """Return the cards in three statements; who has no shift soon hears nothing of shifts."""
    mine = (
        SignUp.objects.filter(HOLDING, person=person, shift__popup__state=PopupState.RUNNING.value)
        .filter(shift__ends_at__gt=now - ASKED_FOR)
        .filter(Q(shift__starts_at__lt=now + AHEAD) | Q(state=SignUpState.MOVED.value))
        .exclude(shift__state=ShiftState.KEPT.value)
        .exclude(shift__state=ShiftState.SHORT.value)
        .select_related("role", "shift__popup", "shift__place")
        .order_by("shift__starts_at", "id")
    )
    for one in mine[:AT_MOST]:
        yield from _mine(one, now)
    asked = (
        StandInAsk.objects.filter(person=person, state=AskState.ASKED.value, shift__starts_at__gt=now)
        .filter(shift__state=ShiftState.COMING.value)
        .select_related("role", "shift__popup", "shift__place")
        .order_by("shift__starts_at", "id")
    )
    for question in asked[:AT_MOST]:
        shift = question.shift
        yield today.Card(
            urgency=today.TODAY + 5,
            kicker=KICKER,
            title=gettext("Can you stand in %(when)s?") % {"when": phrases.day_and_time(shift.starts_at, now)},
            body=gettext("%(role)s: %(what)s, %(where)s. A few of you are asked; the first has the place.")
            % {"role": phrases.capital(str(question.role)), "what": shift.popup.name, "where": shift.place},
            url=reverse("shift", args=[shift.ref]),
            action=gettext("Look at it"),
        )

    for shift in _alone(person, now):
        said = {"what": shift.popup.name, "when": phrases.day_and_time(shift.starts_at, now)}
        yield today.Card(
            urgency=today.TODAY + 12,
            kicker=KICKER,
            title=gettext("Somebody is still missing %(when)s: %(what)s") % said,
            body=gettext("Nobody is left to ask. It is nobody's fault, and there are a few things that you can do."),
            url=reverse("shift", args=[shift.ref]),
            action=gettext("See what you can do"),
        )


def _alone(person: Any, now: datetime) -> QuerySet[Shift]:
    """Return the coming shifts that lack somebody and have nobody left to ask, of whoever leads or planned them."""
    leads = SignUp.objects.filter(HOLDING, shift=OuterRef("pk"), person=person, role__role=Role.LEAD.value)
    coming = Shift.objects.filter(state=ShiftState.COMING.value, starts_at__gt=now, alone_at__isnull=False)
    mine = coming.filter(Q(popup__planned_by=person) | Exists(leads))
    return mine.select_related("popup").order_by("starts_at", "id")[:AT_MOST]


def _mine(one: SignUp, now: datetime) -> Iterable[today.Card]:
    shift, url = one.shift, reverse("shift", args=[one.shift.ref])
    said = {"what": shift.popup.name, "when": phrases.day_and_time(shift.starts_at, now), "role": one.role}
    about = gettext("%(role)s, %(where)s") % {"role": phrases.capital(str(one.role)), "where": shift.place}
    leads, begun = one.role.role == Role.LEAD.value, now >= shift.starts_at - OPENS_BEFORE
    if shift.state == ShiftState.CLOSED or (shift.state == ShiftState.MISSED and now < shift.starts_at):
        if now < shift.starts_at:
            title = gettext("Off this week: %(what)s") % said
            body = gettext("It was announced as closed. Nobody needs to come.")
            if shift.state == ShiftState.MISSED:
                body = gettext("It can't open this time. Nobody needs to come.")
            yield today.Card(today.SOON, KICKER, title, body, url, gettext("Look at it"))
    elif leads and begun and shift.written_at is None:
        title = gettext("How did it go? %(what)s") if now > shift.ends_at else gettext("You lead it now: %(what)s")
        body = gettext("Who came, and what came of it: a minute, in numbers.")
        check_in = reverse("shift_check_in", args=[shift.ref])
        yield today.Card(today.TODAY + 10, KICKER, title % said, body, check_in, gettext("Write it down"))
    elif now >= shift.ends_at or shift.state != ShiftState.COMING:
        return
    elif one.state == SignUpState.MOVED:
        title = gettext("It has moved: %(what)s is %(when)s now. Can you be there?") % said
        yield today.Card(today.TODAY + 8, KICKER, title, about, url, gettext("Say so"))
    elif one.state == SignUpState.HELD and shift.reminded_at is not None:
        title = gettext("Does it still hold? %(what)s, %(when)s") % said
        yield today.Card(today.TODAY + 8, KICKER, title, about, url, gettext("Say so"))
    else:
        title = gettext("You're on it %(when)s: %(what)s") % said
        urgency = today.TODAY if shift.starts_at - now < timedelta(days=1) else today.SOON
        yield today.Card(urgency, KICKER, title, about, url, gettext("See the shift"))
