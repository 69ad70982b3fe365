"""The waves of a call as the roll call draws them: a cell a person, whom each asked and when the next goes out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext, ngettext

from pods.models import CallWave
from pods.queries import lines, phrases
from pods.states import LIVE, Answer, CallState, WaveRule, WaveState

# (wave, answer, state) → how many.
Answers = Mapping[tuple[int, str, str], int]
# Up to so many people a wave is drawn one cell a person, beyond as a bar.
CELLS = 40


@dataclass(frozen=True)
class WaveRow:
    """A wave: whom it asks, when, and how they answered."""

    time: str
    at: datetime
    whom: str
    note: str
    planned: bool
    waits: bool = False
    yes: int = 0
    no: int = 0
    silent: int = 0

    @property
    def asked(self) -> int:
        """Return how many were asked."""
        return self.yes + self.no + self.silent

    @property
    def cells(self) -> bool:
        """Return whether the wave is drawn one cell a person."""
        return 0 < self.asked <= CELLS

    @property
    def yes_width(self) -> int:
        """Return the share that said yes, in steps of five per cent."""
        return self._width(self.yes)

    @property
    def no_width(self) -> int:
        """Return the share that answered otherwise, in steps of five per cent."""
        return self._width(self.no)

    def _width(self, part: int) -> int:
        return round(20 * part / self.asked) * 5 if self.asked else 0


def wave_row(wave: CallWave, answers: Answers, now: datetime, state: CallState, told_on: datetime) -> WaveRow:
    """Return a wave with how those whom it asked have answered; on the day of `told_on` its time stands alone."""
    whom = phrases.capital(lines.wave_line(wave.rule))
    if wave.state != WaveState.FIRED:
        note = gettext("not needed") if state == CallState.COVERED else gettext("not asked")
        waits = state in LIVE and wave.state == WaveState.PLANNED
        note = gettext("not asked yet") if waits else note
        time = phrases.time_or_day(wave.due_at, now, told_on)
        return WaveRow(time, wave.due_at, whom, note, planned=True, waits=waits)
    at = wave.fired_at or wave.due_at
    yes = no = silent = 0
    for (of, answer, _state), n in answers.items():
        if of == wave.pk:
            yes += n if answer in (Answer.COMING, Answer.AFAR) else 0
            no += n if answer == Answer.CANT else 0
            silent += n if not answer else 0
    if wave.rule == WaveRule.SILENT or yes + no + silent == 0:
        note = _asked(wave.asked)
    else:
        note = gettext("%(answered)s of %(asked)s answered") % {"answered": yes + no, "asked": yes + no + silent}
    time = phrases.time_or_day(at, now, told_on)
    return WaveRow(time, at, whom, note, planned=False, yes=yes, no=no, silent=silent)


def _asked(count: int) -> str:
    if count == 0:
        return gettext("nobody more to ask")
    return ngettext("one person asked", "%(number)s people asked", count) % {"number": phrases.number(count)}


def next_up(waves: list[CallWave], now: datetime) -> list[str]:
    """Return what the next two waves do, and when."""
    planned = [wave for wave in waves if wave.state == WaveState.PLANNED]
    said = []
    for place, wave in enumerate(planned[:2]):
        facts = {"time": phrases.time_or_day(max(wave.due_at, now), now), "whom": lines.wave_line(wave.rule)}
        said.append(
            gettext("Asked next, at %(time)s: %(whom)s.") % facts
            if place == 0
            else gettext("After that, at %(time)s: %(whom)s.") % facts
        )
    return said


def next_whom(waves: list[CallWave]) -> str:
    """Return whom the next wave asks, "" when there is none left."""
    planned = [wave for wave in waves if wave.state == WaveState.PLANNED]
    return phrases.capital(lines.wave_line(planned[0].rule)) if planned else ""
