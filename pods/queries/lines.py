"""The safe line of a call and the lines of its log, told in each reader's language and zone.

The safe line says where, when and who is needed, never the kind of call, never whose pod, never a name.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Protocol

from django.utils import timezone, translation
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from commons.seal import SealShredded
from pods.models import Call, CallEvent
from pods.queries import phrases
from pods.states import ENDED, Answer, CallState, LogWord, WaveRule
from sites.models import Skill

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

NOW_WITHIN_S = 300
WAVES: Mapping[str, "StrOrPromise"] = {
    WaveRule.BEST_FIT: _("those who fit best"),
    WaveRule.POD: _("the whole pod"),
    WaveRule.SILENT: _("those who have not answered, once more"),
    WaveRule.SISTERS: _("sister pods"),
    WaveRule.ORGANIZERS: _("organizers"),
}


class Needed(Protocol):
    """A need of a call: a skill or anyone, and how many."""

    @property
    def skill(self) -> Skill | None:
        """Return the skill, or None where anyone will do."""

    @property
    def count(self) -> int:
        """Return how many people."""


@dataclass(frozen=True)
class Need:
    """A need that is not a row yet, or what is left of one."""

    skill: Skill | None
    count: int


def place_of(call: Call) -> str | None:
    """Return the cross-street, or None when it was shredded or taken away."""
    try:
        street: str | None = call.cross_street
    except SealShredded:
        return None
    return street.rstrip(" .,;") if street else None


def needs_phrase(needs: Iterable[Needed]) -> str:
    """Return who is needed: "a Spanish interpreter and two people"."""
    return phrases.listed(phrases.needed(need.skill, need.count) for need in needs if need.count > 0)


def safe_line(call: Call, needs: Iterable[Needed], language: str, tz: tzinfo, now: datetime) -> str:
    """Return where, when and who, for a reader of `language` in the zone `tz`, as it is true at `now`.

    Opens the call's sealed cross-street; with its key shredded the line says so instead.
    """
    return compose(place_of(call), call.needed_at, needs, language, tz, now, over=call.state in _PAST)


_PAST = ENDED | {CallState.EXPIRED}


def compose(
    place: str | None,
    needed_at: datetime,
    needs: Iterable[Needed],
    language: str,
    tz: tzinfo,
    now: datetime,
    *,
    over: bool = False,
) -> str:
    """Return the safe line for these fields: what `safe_line` says, also for a call that is still being typed."""
    with translation.override(language), timezone.override(tz):
        at_once = _at_once(needed_at, now, over=over)
        said = {
            "place": place,
            "time": gettext("now") if at_once else phrases.day_and_time(needed_at, now),
            "needs": phrases.capital(needs_phrase(needs)),
        }
        if not place:
            said["time"] = phrases.capital(said["time"] or "")
            return gettext("%(time)s. %(needs)s. The place is no longer kept.") % said
        return gettext("%(place)s, %(time)s. %(needs)s.") % said


def _at_once(needed_at: datetime, now: datetime, *, over: bool) -> bool:
    return not over and (needed_at - now).total_seconds() <= NOW_WITHIN_S


def headline(call: Call, now: datetime) -> str:
    """Return where and when, as the head of a page, in the active language and zone."""
    at_once = _at_once(call.needed_at, now, over=call.state in _PAST)
    time = gettext("now") if at_once else phrases.day_and_time(call.needed_at, now)
    place = place_of(call)
    if place is None:
        return gettext("A call, %(time)s") % {"time": time}
    return gettext("%(place)s, %(time)s") % {"place": place, "time": time}


def told_on(call: Call, now: datetime) -> datetime:
    """Return a moment of the day that a call's page tells of: today, or for one that has ended the day in its head."""
    return call.needed_at if call.state in ENDED else now


def wave_line(rule: str) -> str:
    """Return whom a wave asks."""
    return str(WAVES[WaveRule(rule)])


def log_line(event: CallEvent, *, named: bool) -> str:
    """Return what happened, in the active language.

    `named` says whether this reader may see who comes; who can't is a number to everybody, never a name.
    """
    who = event.person.handle if named and event.person else ""
    word = LogWord(event.word)
    if word is LogWord.ANSWERED:
        return _answered(event, who)
    if word is LogWord.WAVE:
        return _wave(event)
    if word is LogWord.NEED_ADDED:
        count = int(event.facts.get("count", 1))
        said = ngettext("One more person is needed.", "%(number)s more people are needed.", count)
        return phrases.capital(said % {"number": phrases.number(count)})
    template = _NAMED.get(word) if who else None
    return str(template or _UNNAMED[word]) % {"who": who}


def _answered(event: CallEvent, who: str) -> str:
    answer = event.facts.get("answer")
    if answer == Answer.COMING:
        return gettext("%(who)s is coming.") % {"who": who} if who else gettext("Someone is coming.")
    if answer == Answer.AFAR:
        return gettext("%(who)s helps from afar.") % {"who": who} if who else gettext("Someone helps from afar.")
    return gettext("Someone can't this time.")


def _wave(event: CallEvent) -> str:
    asked = int(event.facts.get("asked", 0))
    rule = event.facts.get("rule", "")
    if asked == 0:
        return gettext("Nobody more to ask among: %(whom)s.") % {"whom": wave_line(rule)}
    said = ngettext("Asked one person: %(whom)s.", "Asked %(number)s people: %(whom)s.", asked)
    return said % {"number": phrases.number(asked), "whom": wave_line(rule)}


_NAMED: Mapping[LogWord, "StrOrPromise"] = {
    LogWord.RAISED: _("%(who)s raised the call."),
    LogWord.CONFIRMED: _("%(who)s confirmed it: the call may go further."),
    LogWord.RELEASED: _("%(who)s released the details to those who come."),
    LogWord.MORE: _("%(who)s asked to call someone else too."),
    LogWord.CANCELLED: _("%(who)s cancelled the call."),
    LogWord.CLOSED: _("%(who)s closed the call."),
}
_UNNAMED: Mapping[LogWord, "StrOrPromise"] = {
    LogWord.RAISED: _("The call was raised."),
    LogWord.CONFIRMED: _("A second member confirmed it: the call may go further."),
    LogWord.RELEASED: _("The details were released to those who come."),
    LogWord.MORE: _("Someone asked to call someone else too."),
    LogWord.COVERED: _("Enough are coming. Everyone else was thanked and left in peace."),
    LogWord.SHORT: _("Someone had to withdraw: the call is open again."),
    LogWord.EXPIRED: _("Time ran out before enough people came. Organizers were told."),
    LogWord.CANCELLED: _("The call was cancelled."),
    LogWord.CLOSED: _("The call was closed."),
    LogWord.REPAIRED: _("The watch found something late and set it right."),
}
assert set(_UNNAMED) | {LogWord.ANSWERED, LogWord.WAVE, LogWord.NEED_ADDED} == set(LogWord), "every word is told"
