"""Asking for what is shared: the two who take part in it see it, and nobody else."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from commons.people.models import Person
from sites.models import Ask, AskLine
from sites.queries.neighbourhood import local_zone
from sites.rules.asks import Side, Step, steps
from sites.states import ASK_OPEN, LENT, LendingState

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

OPEN = [state.value for state in ASK_OPEN]
# How long what became of it is news.
NEWS = timedelta(days=3)
SHOWN_MOST = 60
WORDS: "dict[Step, tuple[StrOrPromise, StrOrPromise]]" = {
    Step.YES: (_("Yes"), _("you settle the rest with each other, here")),
    Step.NO: (_("Not this time"), _("no reason is asked")),
    Step.WITHDRAW: (_("I don't need it any more"), ""),
    Step.OUT: (_("It was handed over"), _("from now on it is lent")),
    Step.LONGER: (_("Keep it a week longer"), ""),
    Step.BACK: (_("It came back"), _("others can borrow it again")),
    Step.DONE: (_("That is done"), _("thank you, both")),
}


def side_of(ask: Ask, person: Any) -> Side:
    """Return which of the two this person is; the ask comes with its asset."""
    return Side.OWNER if ask.asset.person_id == person.pk else Side.ASKER


def asks_of(person: Any) -> QuerySet[Ask]:
    """Return what this person asked for and was asked for, while it is open or lately ended; nobody else's."""
    mine = Q(asker=person.pk) | Q(asset__person=person.pk)
    alive = Q(lapses_at=None) | Q(lapses_at__gt=Now())
    there = Q(asker__is_active=True, asset__person__is_active=True)
    return Ask.objects.filter(mine, alive, there).select_related("asset__skill", "asset__person", "asker")


def open_between(person: Person, asset_id: int) -> Ask | None:
    """Return this person's own open asking for a thing."""
    return asks_of(person).filter(asker=person.pk, asset=asset_id, state__in=OPEN).first()


@dataclass(frozen=True)
class Row:
    """An asking as a line of a list."""

    ask: Ask
    side: Side
    other: str
    overdue: bool


def rows(person: Person, today: date) -> list[Row]:
    """Return what this person asks or is asked for, open ones first, then the newest."""
    found = asks_of(person).order_by("-asked_at", "-id")[:SHOWN_MOST]
    made = [row(ask, person, today) for ask in found]
    return sorted(made, key=lambda one: one.ask.state not in OPEN)


def row(ask: Ask, person: Person, today: date) -> Row:
    """Return one asking as this person reads it."""
    side = side_of(ask, person)
    other = ask.asker.handle if side is Side.OWNER else ask.asset.person.handle
    return Row(ask, side, other, overdue(ask, today))


def overdue(ask: Ask, today: date) -> bool:
    """Return whether a tool should be back by now."""
    return ask.state == LendingState.OUT and ask.due_on is not None and ask.due_on < today


def lines(ask: Ask) -> QuerySet[AskLine]:
    """Return what the two said, the oldest first."""
    return AskLine.objects.filter(ask=ask).select_related("by").order_by("id")


def offered_steps(ask: Ask, person: Person) -> "list[tuple[Step, StrOrPromise, StrOrPromise]]":
    """Return the steps that this person can take now, each with its words."""
    possible = steps(state=LendingState(ask.state), side=side_of(ask, person), loan=ask.loan)
    return [(step, *WORDS[step]) for step in possible]


def waiting_for(person: Person, now: datetime, today: date) -> Iterable[Row]:
    """Return what waits for this person: to answer, to read, to bring back, and what lately became of it."""
    said = AskLine.objects.filter(ask=OuterRef("pk"), at__gt=OuterRef("moved_at"))
    last = said.order_by("-id").values("by_id")[:1]
    fresh = Q(state__in=OPEN) | Q(ended_at__gt=now - NEWS)
    found = asks_of(person).filter(fresh).annotate(last_by=Subquery(last)).order_by("asked_at", "id")[:SHOWN_MOST]
    return [row(ask, person, today) for ask in found if _waits(ask, side_of(ask, person), person, today)]


def _waits(ask: Any, side: Side, person: Person, today: date) -> bool:
    state, theirs = LendingState(ask.state), ask.last_by is not None and ask.last_by != person.pk
    if side is Side.OWNER:
        return (
            state is LendingState.ASKED
            or state is LendingState.BACK
            or overdue(ask, today)
            or (theirs and state in LENT)
        )
    due = state is LendingState.OUT and ask.due_on <= today + timedelta(days=1)
    return state in {LendingState.AGREED, LendingState.DECLINED} or due or (theirs and state in OPEN)


def still_wanted(ids: Collection[int], now: datetime) -> dict[int, Ask]:
    """Return those of these askings that a message still has something to say about."""
    fresh = Q(state__in=OPEN) | Q(ended_at__gt=now - NEWS)
    alive = Q(lapses_at=None) | Q(lapses_at__gt=now)
    return {ask.pk: ask for ask in Ask.objects.filter(fresh, alive, pk__in=ids).select_related("asset")}


def today_here(now: datetime) -> date:
    """Return the day that it is in the neighbourhood, by which what is lent comes back."""
    return now.astimezone(local_zone()).date()


def subjects(rows: Sequence[Any]) -> dict[int, int]:
    """Return delivery id → id of what it is about."""
    return {one.pk: int(one.subject.partition(":")[2]) for one in rows}
