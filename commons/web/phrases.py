"""Numbers, lists, moments and lengths of time in the reader's language and zone: whole phrases, never glued.

All of it speaks the language and the zone that are active (`commons.web.language.speaking_to`).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from babel import Locale
from babel.dates import format_date, format_skeleton, format_timedelta
from babel.lists import format_list
from django.utils import timezone
from django.utils.translation import get_language, gettext, to_locale
from django.utils.translation import gettext_lazy as _

EVENING, MORNING = 18, 5
NUMBERS = {
    2: _("two"), 3: _("three"), 4: _("four"), 5: _("five"), 6: _("six"),
    7: _("seven"), 8: _("eight"), 9: _("nine"), 10: _("ten"),
}  # fmt: skip


def locale() -> Locale:
    """Return the reader's language as Babel knows it."""
    return Locale.parse(to_locale(get_language() or "en"))


def number(count: int) -> str:
    """Return a count in words up to ten, in digits beyond."""
    return str(NUMBERS.get(count, count))


def listed(parts: Iterable[str]) -> str:
    """Return the parts as the language lists them: "a nurse, a driver and two people"."""
    said = list(parts)
    # The language's usual list puts no comma before the last in English either: these are short lines.
    return format_list(said, locale=locale()) if len(said) < 3 or get_language() != "en" else _plain_list(said)


def _plain_list(said: list[str]) -> str:
    return f"{', '.join(said[:-1])} and {said[-1]}"


def capital(sentence: str) -> str:
    """Return a sentence that begins with a capital letter."""
    return sentence[:1].upper() + sentence[1:]


def time_of(moment: datetime) -> str:
    """Return the time of day on the reader's clock: 19:30, the same at three in the morning for everybody."""
    return format_skeleton("Hm", timezone.localtime(moment), locale=locale())


def day_and_time(moment: datetime, now: datetime, *, short: bool = False) -> str:
    """Return when, as people say it: "tonight 19:30", "tomorrow 09:00", "Thursday 19:30", "March 12, 19:30".

    Days are those of the reader's calendar, so that a night in which the clocks change is one night.
    """
    local, today = timezone.localtime(moment), timezone.localtime(now).date()
    days = (local.date() - today).days
    said = {"time": time_of(moment)}
    if days == 0 and (local.hour >= EVENING or local.hour < MORNING):
        return gettext("tonight %(time)s") % said
    if days == 0:
        return gettext("today %(time)s") % said
    if days == 1:
        return gettext("tomorrow %(time)s") % said
    if days == -1:
        return gettext("yesterday %(time)s") % said
    if 1 < days < 7:
        weekday = format_date(local, "EEE" if short else "EEEE", locale=locale())
        return gettext("%(weekday)s %(time)s") % {**said, "weekday": weekday}
    date = format_skeleton("MMMd" if short else "MMMMd", local, locale=locale())
    return gettext("%(date)s, %(time)s") % {**said, "date": date}


def time_or_day(moment: datetime, now: datetime, told_on: datetime | None = None) -> str:
    """Return the time alone for today, else the day with it, short: it stands in narrow columns.

    Where the page says once which day it tells of, `told_on` is a moment of that day, and stands for today.
    """
    same = timezone.localtime(moment).date() == timezone.localtime(told_on or now).date()
    return time_of(moment) if same else day_and_time(moment, now, short=True)


def ago(moment: datetime, now: datetime) -> str:
    """Return how long ago that was: "12 minutes ago"."""
    if now - moment < timedelta(minutes=1):
        return gettext("just now")
    return format_timedelta(moment - now, add_direction=True, threshold=1, locale=locale())


def lasting(minutes: int) -> str:
    """Return a length of time, short: "47 min", "2 hr 5 min"."""
    # Not from Babel: its short Spanish for an hour is "1 horas".
    hours, left = divmod(minutes, 60)
    if minutes < 90:
        return gettext("%(minutes)s min") % {"minutes": minutes}
    if left == 0 or hours >= 24:
        return gettext("%(hours)s hr") % {"hours": hours}
    return gettext("%(hours)s hr %(minutes)s min") % {"hours": hours, "minutes": left}


def within(seconds: float) -> str:
    """Return a length of time in words: "2 seconds"."""
    whole = max(1, round(seconds))
    return format_timedelta(timedelta(seconds=whole), threshold=1.5, locale=locale())
