"""What waits for a person on Today: things offered nearly a year ago, places they listen at."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from commons.web import today
from sites.access import ENTER_CARDS
from sites.queries import asks, evening, stacks
from sites.queries.assets import fading_count
from sites.rules.asks import Side
from sites.states import LendingState


@today.source
def fading(person: Any, now: datetime) -> Iterable[today.Card]:
    """Ask whether it is still true, once a year and never louder than anything else."""
    count = fading_count(person, now)
    if count:
        yield today.Card(
            urgency=today.SOMETIME,
            kicker=_("What you share"),
            title=_("Is this still true?"),
            body=ngettext(
                "You offered one thing nearly a year ago. After a year, nobody counts on it any more.",
                "You offered %(count)d things nearly a year ago. After a year, nobody counts on them any more.",
                count,
            )
            % {"count": count},
            url=reverse("assets"),
            action=_("Have a look"),
        )


@today.source
def typed_in(person: Any, now: datetime) -> Iterable[today.Card]:
    """Say that somebody typed in this person's card: theirs to keep or to take out."""
    if pending := stacks.waiting(person, now).count():
        yield today.Card(
            urgency=today.SOON,
            kicker=_("What you share"),
            title=_("Your card was typed in for you"),
            body=ngettext(
                "One thing waits for your word. Unless you say that it is yours, it goes by itself.",
                "%(count)d things wait for your word. Unless you say that they are yours, they go by themselves.",
                pending,
            )
            % {"count": pending},
            url=reverse("assets"),
            action=_("Have a look"),
        )


@today.source
def asset_evening(person: Any, now: datetime) -> Iterable[today.Card]:
    """Count the thirty days from founding to the first public asset evening, until there was one."""
    stands = evening.standing(now)
    # Once it is planned, the gathering itself asks who comes.
    if stands is None or evening.planned(now) is not None:
        return
    keeps = ENTER_CARDS.allows(person)
    yield today.Card(
        urgency=today.SOMETIME,
        kicker=_("What neighbours share"),
        title=ngettext(
            "One day left for the first asset evening", "%(count)d days left for the first asset evening", stands.left
        )
        % {"count": stands.left},
        body=_("Within a month of its founding a neighbourhood sees, on one wall, what it has."),
        url=reverse("asset_kit") if keeps else f"{reverse('gathering_new')}?kind=asset_mapping",
        action=_("Plan it"),
    )


@today.source
def asked(person: Any, now: datetime) -> Iterable[today.Card]:
    """Say what is asked for, what was answered, and what should go back, for as long as it waits."""
    day = asks.today_here(now)
    for row in asks.waiting_for(person, now, day):
        yield today.Card(
            urgency=today.TODAY if row.ask.state == LendingState.ASKED and row.side is Side.OWNER else today.SOON,
            kicker=_("What neighbours share"),
            title=_title(row),
            body=_body(row),
            url=reverse("ask", args=[row.ask.ref]),
            action=gettext("Have a look"),
        )


def _title(row: asks.Row) -> str:
    said = {"what": capfirst(str(row.ask.asset)), "who": row.other}
    owner, state = row.side is Side.OWNER, row.ask.state
    if state == LendingState.OUT and row.overdue:
        return (gettext("Is it back? %(what)s") if owner else gettext("Time to bring it back: %(what)s")) % said
    if state == LendingState.OUT and not owner:
        return gettext("It goes back soon: %(what)s") % said
    if owner and state == LendingState.ASKED:
        return gettext("%(who)s asks for something: %(what)s") % said
    if state == LendingState.BACK:
        return gettext("It is back: %(what)s") % said
    if state == LendingState.DECLINED:
        return gettext("Not this time: %(what)s") % said
    if state == LendingState.AGREED and not owner:
        return gettext("%(who)s says yes: %(what)s") % said
    return gettext("%(who)s wrote to you: %(what)s") % said


def _body(row: asks.Row) -> str:
    if row.ask.state == LendingState.OUT and row.ask.due_on is not None:
        due = {"day": date_format(row.ask.due_on, "MONTH_DAY_FORMAT")}
        return gettext("It was lent until %(day)s. Both of you can say that it came back.") % due
    if row.ask.state == LendingState.ASKED and row.side is Side.OWNER:
        return gettext("You decide; a no needs no reason.")
    if row.ask.state == LendingState.DECLINED:
        return gettext("That can have many reasons. Somebody else may have one.")
    if row.ask.state == LendingState.BACK:
        return gettext("Others can borrow it again.")
    return gettext("Settle the rest with each other.")
