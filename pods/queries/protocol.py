"""A pod's protocol as it stands, kind by kind, told as a line of time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import QuerySet

from pods.models import CallKind, Pod, Protocol
from pods.models.protocol import PACES, RAISERS
from pods.queries import phrases
from pods.queries.lines import wave_line
from pods.rules.waves import DEFAULT_MINUTES, plan
from pods.states import Pace, Raisers, WaveRule

SPREAD = 2


@dataclass(frozen=True)
class WaveRow:
    """One wave of a plan, as a line of the timeline; `share` is how far along it goes out, in per cent by 5."""

    share: int
    when: str
    whom: str


@dataclass(frozen=True)
class KindRow:
    """How one pod handles one kind of call."""

    kind: CallKind
    pace: Pace
    minutes: tuple[int | None, ...]
    spread: int
    raisers: Raisers
    edited: bool

    @property
    def waves(self) -> list[WaveRow]:
        """Return the waves that go out, in order."""
        return wave_rows(self.minutes)

    @property
    def pace_words(self) -> str:
        """Return how soon, in words."""
        return str(dict(PACES)[self.pace.value])

    @property
    def raisers_words(self) -> str:
        """Return who may raise it, in words."""
        return str(dict(RAISERS)[self.raisers.value])


def kind_rows(pod: Pod) -> list[KindRow]:
    """Return how this pod handles each kind in use, in two statements."""
    edited = {protocol.kind_id: protocol for protocol in Protocol.objects.filter(pod=pod)}
    return [_row(kind, edited.get(kind.pk)) for kind in CallKind.objects.filter(active=True)]


def kind_row(pod: Pod, kind: CallKind) -> KindRow:
    """Return how this pod handles one kind."""
    return _row(kind, Protocol.objects.filter(pod=pod, kind=kind).first())


def _row(kind: CallKind, protocol: Protocol | None) -> KindRow:
    pace = Pace(protocol.pace if protocol else kind.pace)
    return KindRow(
        kind=kind,
        pace=pace,
        minutes=tuple(protocol.minutes) if protocol else DEFAULT_MINUTES[pace],
        spread=protocol.spread if protocol else SPREAD,
        raisers=Raisers(protocol.raisers) if protocol else Raisers.MEMBERS,
        edited=protocol is not None,
    )


def wave_rows(minutes: Sequence[int | None]) -> list[WaveRow]:
    """Return these waves as lines: when each goes out, and whom it asks."""
    opened = datetime(2000, 1, 1, tzinfo=UTC)
    # Far beyond every deadline, so that nothing is squeezed: this is the plan, not one call's.
    far = opened.replace(year=2001)
    planned = plan(minutes, opened, far)
    due = [int((wave.due_at - opened).total_seconds() // 60) for wave in planned]
    return [_wave(minute, max(due), wave.rule) for minute, wave in zip(due, planned, strict=True)]


def _wave(minute: int, last: int, rule: WaveRule) -> WaveRow:
    share = 5 * round(20 * minute / last) if last else 0
    return WaveRow(share=share, when=phrases.lasting(minute), whom=phrases.capital(wave_line(rule)))


def own_kinds(_person: object) -> QuerySet[CallKind]:
    """Return the kinds that this network added itself."""
    return CallKind.objects.exclude(own_name="")
