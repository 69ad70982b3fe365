"""The link in a message about a shift: whom it belongs to, and what its page says without a sign-in."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from commons.notices.queries.links import alive_link, number_in
from commons.people.models import Person
from commons.web import phrases
from sites.models import Shift, ShiftRole, SignUp, StandInAsk
from sites.models.shifts import HOLDING
from sites.states import HOLDING as HOLDS
from sites.states import AskState, ShiftState, SignUpState

PURPOSE = "shift"


@dataclass(frozen=True)
class Opened:
    """What a link opens: one shift for one person."""

    person: Person
    shift: Shift


def opened_by(token: str, now: datetime) -> Opened | None:
    """Return what a link opens; None alike for one that never was, has ended, was revoked or is for something else."""
    link = alive_link(token, PURPOSE, now=now)
    number = number_in(link, "shift") if link else None
    if link is None or number is None:
        return None
    shift = Shift.objects.select_related("popup", "place").filter(pk=number).first()
    return Opened(link.person, shift) if shift else None


def words_of(person: int, shift: int) -> tuple[SignUp | None, StandInAsk | None]:
    """Return the place that somebody has or had on a shift, and what they were asked about it."""
    mine = SignUp.objects.select_related("role").filter(person=person, shift=shift).first()
    asked = StandInAsk.objects.select_related("role").filter(person=person, shift=shift).first()
    return mine, asked


def version_of(mine: SignUp | None, asked: StandInAsk | None) -> int:
    """Return a number that grows with every word that is taken: a press from an older page changes nothing."""
    return (mine.version if mine else 0) + (asked.version if asked else 0)


@dataclass(frozen=True)
class AnswerPage:
    """All that the page of a link shows, in its reader's language and zone."""

    shift: Shift
    role: ShiftRole | None
    mine: str
    asked: str
    version: int
    free: bool
    open: bool
    when: str
    until: str
    by: str
    # Called off on its last day: it does not open, and has not begun.
    off: bool

    @property
    def holds(self) -> bool:
        """Whether the reader has a place."""
        return self.mine in HOLDS

    @property
    def confirmed(self) -> bool:
        """Whether it was said that it holds."""
        return self.mine == SignUpState.CONFIRMED

    @property
    def moved(self) -> bool:
        """Whether it has moved, and nothing was said about that yet."""
        return self.mine == SignUpState.MOVED

    @property
    def kept(self) -> bool:
        """Whether the reader has a place and need not say anything before the day before."""
        return self.mine == SignUpState.HELD and self.shift.reminded_at is None

    @property
    def closed(self) -> bool:
        """Whether the week was announced as closed."""
        return self.shift.state == ShiftState.CLOSED

    @property
    def can_take(self) -> bool:
        """Whether the reader could take the place (again): nobody holds it, and the shift has not begun."""
        return self.open and self.free and not self.holds

    @property
    def said_no(self) -> bool:
        """Whether the reader said that they can't."""
        return self.mine == SignUpState.DROPPED or (not self.mine and self.asked == AskState.CANT)


def answer_page(opened: Opened, now: datetime) -> AnswerPage:
    """Return what the page says, in three statements."""
    shift = opened.shift
    mine, asked = words_of(opened.person.pk, shift.pk)
    role = mine.role if mine else asked.role if asked else None
    held = SignUp.objects.filter(HOLDING, role=role).count() if role else 0
    # Stand-ins are asked up to the number that is needed; whoever had a place may come back to any that is free.
    room = role is not None and held < (role.most if mine else role.least)
    return AnswerPage(
        shift=shift,
        role=role,
        mine=mine.state if mine else "",
        asked=asked.state if asked else "",
        version=version_of(mine, asked),
        free=room,
        open=shift.state == ShiftState.COMING and now < shift.starts_at,
        when=phrases.day_and_time(shift.starts_at, now),
        until=phrases.time_of(timezone.localtime(shift.ends_at)),
        by=phrases.day_and_time(shift.times.confirm_by, now),
        off=shift.state == ShiftState.MISSED and now < shift.starts_at,
    )
