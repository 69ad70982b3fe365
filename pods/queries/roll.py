"""The roll call: who is coming, what is missing, what comes next; constant SQL however many people."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext

from commons.people.models import Absence
from pods.models import Call, CallEvent, CallNeed, CallWave, Invite, Membership
from pods.queries import lines, phrases
from pods.queries.answers import coming_words
from pods.queries.calls import closed_short, knows_names
from pods.queries.comers import Comer, comers_of
from pods.queries.wave_rows import Answers, WaveRow, next_up, next_whom, wave_row
from pods.states import ENDED, LIVE, TURNING, Answer, CallState, InviteState, LogWord, Pace

if TYPE_CHECKING:
    from commons.people.models import Person

LOG_LINES = 60
KEY_WORDS = frozenset(LogWord) - {LogWord.ANSWERED, LogWord.WAVE, LogWord.MORE, LogWord.REPAIRED}


@dataclass(frozen=True)
class NeedRow:
    """A need, and how many are counted towards it."""

    label: str
    have: int
    want: int

    @property
    def lacking(self) -> int:
        """Return how many are missing."""
        return max(0, self.want - self.have)


@dataclass(frozen=True)
class LogRow:
    """A line of the log."""

    at: datetime
    time: str
    text: str
    key: bool


@dataclass(frozen=True)
class RollCall:
    """All that the page shows, in the reader's language and zone."""

    call: Call
    now: datetime
    headline: str
    line: str
    needs: list[NeedRow]
    waves: list[WaveRow]
    log: list[LogRow]
    comers: list[Comer] = field(default_factory=list)
    counts: list[str] = field(default_factory=list)
    coming: int = 0
    missing: str = ""
    next_up: list[str] = field(default_factory=list)
    next_whom: str = ""
    mine: Invite | None = None
    # What stays when who answered has been forgotten; empty until then.
    remains: str = ""
    closed_short: bool = False

    @property
    def live(self) -> bool:
        """Return whether people are still wanted."""
        return self.call.state in LIVE

    @property
    def turning(self) -> bool:
        """Return whether the call has not ended."""
        return self.call.state in TURNING

    @property
    def minutes_left(self) -> int:
        """Return the whole minutes until the call stops looking."""
        return max(0, -int((self.now - self.call.deadline_at).total_seconds() // 60))

    @property
    def clock(self) -> str:
        """Return the time left, in words."""
        return phrases.lasting(self.minutes_left)

    @property
    def coming_words(self) -> str:
        """Return how many are coming, for those who don't see who."""
        return coming_words(self.coming)

    @property
    def as_of(self) -> str:
        """Return when this was so."""
        return phrases.time_of(self.now)

    @property
    def until(self) -> str:
        """Return when the clock stands still."""
        return phrases.time_or_day(self.call.deadline_at, self.now)


def roll_call(call: Any, person: "Person") -> RollCall:
    """Return the roll call of a call that came from `calls_visible_to(person)`.

    Ten statements for any number of people, eleven once it is closed.
    """
    now: datetime = call.asked_at
    needs = list(CallNeed.objects.filter(call=call).select_related("skill"))
    counted = _counted(call)
    told_on = lines.told_on(call, now)
    rows = [NeedRow(need_label(need), counted[need.pk], need.count) for need in needs]
    lacking = [lines.Need(need.skill, need.count - counted[need.pk]) for need in needs]
    answers = _answers(call)
    forgotten = call.state in ENDED and bool(call.asked) and not answers
    waves = list(CallWave.objects.filter(call=call))
    unconfirmed = call.unconfirmed
    return RollCall(
        call=call,
        now=now,
        headline=lines.headline(call, now),
        line=_line(call, needs, now),
        needs=[] if forgotten else rows,
        remains=_remains(call) if forgotten else "",
        waves=[wave_row(wave, answers, now, CallState(call.state), told_on) for wave in waves],
        log=_log(call, now, told_on),
        comers=comers_of(call, person, now, told_on) if knows_names(call) else [],
        counts=_count_lines(call, answers, now),
        coming=sum(n for (_wave, answer, state), n in answers.items() if state == InviteState.COMING),
        missing=lines.needs_phrase(lacking),
        next_up=[] if unconfirmed else next_up(waves, now),
        next_whom="" if unconfirmed else next_whom(waves),
        mine=Invite.objects.filter(call=call, person=person.pk).select_related("counted_for").first(),
        closed_short=closed_short(call),
    )


def _remains(call: Call) -> str:
    """Return the numbers taken when the call ended: after thirty days nobody knows any more who they were."""
    if not call.came:
        return gettext("Nobody came. Who was asked is forgotten by now.")
    said = ngettext(
        "One person came. Who it was is forgotten by now.",
        "%(number)s people came. Who they were is forgotten by now.",
        call.came,
    )
    return phrases.capital(said % {"number": phrases.number(call.came)})


def _line(call: Call, needs: list[CallNeed], now: datetime) -> str:
    return lines.safe_line(call, needs, get_language() or "en", timezone.get_current_timezone(), now)


def need_label(need: CallNeed) -> str:
    """Return what a need is called in a list."""
    return phrases.capital(need.skill.name) if need.skill else gettext("Anyone who can come")


def _counted(call: Call) -> Counter[int]:
    rows = Invite.objects.filter(call=call, counted_for__isnull=False).values_list("counted_for").annotate(Count("id"))
    return Counter(dict(rows))


def _answers(call: Call) -> Answers:
    """Return how many of each wave answered what, and where they stand."""
    rows = Invite.objects.filter(call=call).values_list("wave", "answer", "state").annotate(Count("id")).order_by()
    return {(wave, answer, state): n for wave, answer, state, n in rows}


def _count_lines(call: Any, answers: Answers, now: datetime) -> list[str]:
    """Return those who don't come, as numbers: nobody is named, nobody is shamed."""
    total: Counter[str] = Counter()
    for (_wave, answer, state), n in answers.items():
        if answer == Answer.CANT:
            total["cant"] += n
        elif state == InviteState.STOOD_DOWN:
            total["down"] += n
        elif state == InviteState.INVITED:
            total["silent"] += n
    # By the server's day: near midnight it may be a few hours off, and it is only a number here.
    resting = Membership.objects.seated().filter(
        Exists(Absence.objects.on(now.date()).filter(person=OuterRef("person"))), pod=call.pod_id
    )
    said = [
        _many(total["cant"], ngettext("one can't this time", "%(number)s can't this time", total["cant"])),
        _many(total["silent"], ngettext("one hasn't answered", "%(number)s haven't answered", total["silent"])),
        _many(
            total["down"],
            ngettext("one was thanked and can rest", "%(number)s were thanked and can rest", total["down"]),
        ),
    ]
    asleep = resting.exclude(person__invites__call=call).count()
    said.append(
        _many(asleep, ngettext("one is resting and was not asked", "%(number)s are resting and were not asked", asleep))
    )
    return [line for line in said if line]


def _many(count: int, said: str) -> str:
    return said % {"number": phrases.number(count)} if count else ""


def _log(call: Any, now: datetime, told_on: datetime) -> list[LogRow]:
    events = CallEvent.objects.filter(call=call).select_related("person").order_by("-id")[:LOG_LINES]
    named = knows_names(call)
    return [
        LogRow(
            at=event.at,
            time=phrases.time_or_day(event.at, now, told_on),
            text=lines.log_line(event, named=named),
            key=event.word in KEY_WORDS,
        )
        for event in events
    ]


def state_words(roll: RollCall) -> str:
    """Return where the call stands, in a word or two for its kicker."""
    return {
        CallState.OPEN: gettext("Live call"),
        CallState.SHORT: gettext("Open again"),
        CallState.COVERED: gettext("Enough are coming"),
        CallState.EXPIRED: gettext("Time ran out"),
        CallState.CANCELLED: gettext("Cancelled"),
        CallState.CLOSED: gettext("Time ran out") if roll.closed_short else gettext("Closed"),
    }[CallState(roll.call.state)]


def pace_words(call: Call) -> str:
    """Return how the call widens, in a word or two for its kicker."""
    return {
        Pace.NOW: gettext("in minutes"),
        Pace.DAY: gettext("24 h protocol"),
        Pace.TWO_DAYS: gettext("48 h protocol"),
    }[Pace(call.pace)]
