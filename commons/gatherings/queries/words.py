"""When a gathering is, in words, by the wall clock of its place; and what languages are called."""

from collections.abc import Iterable
from datetime import datetime, tzinfo

from babel import Locale
from babel.dates import format_date, format_skeleton, get_timezone_name
from babel.lists import format_list
from django.utils import timezone
from django.utils.translation import get_language, gettext, to_locale

from commons.gatherings.models import Gathering
from commons.gatherings.states import LANGUAGES

MINUTES_TOLD = 90


def locale() -> Locale:
    """Return the reader's language as Babel knows it."""
    return Locale.parse(to_locale(get_language() or "en"))


def day(moment: datetime, zone: tzinfo) -> str:
    """Return the day on the wall there, with its weekday and year."""
    said = format_date(moment.astimezone(zone).date(), "full", locale=locale())
    return said[:1].upper() + said[1:]


def short_day(moment: datetime, zone: tzinfo) -> str:
    """Return the day on the wall there, as a list has room for."""
    said = format_skeleton("MMMEd", moment.astimezone(zone), locale=locale())
    return said[:1].upper() + said[1:]


def weekday(moment: datetime, zone: tzinfo) -> str:
    """Return the day of the week there."""
    said = format_date(moment.astimezone(zone).date(), "EEEE", locale=locale())
    return said[:1].upper() + said[1:]


def clock_time(moment: datetime, zone: tzinfo) -> str:
    """Return the time on the wall there: 19:30, alike for everybody."""
    return format_skeleton("Hm", moment.astimezone(zone), locale=locale())


def day_and_time(moment: datetime, zone: tzinfo) -> str:
    """Return day and time on the wall there, as they stand in a sentence."""
    return gettext("%(day)s, %(time)s") % {"day": short_day(moment, zone), "time": clock_time(moment, zone)}


def span(gathering: Gathering, zone: tzinfo | None = None) -> str:
    """Return from when until when; over midnight with the day of its end."""
    zone = zone or gathering.zone
    begins, ends = gathering.starts_at.astimezone(zone), gathering.ends_at.astimezone(zone)
    until = clock_time(ends, zone)
    if begins.date() != ends.date():
        until = f"{short_day(ends, zone)}, {until}"
    return gettext("%(begins)s to %(ends)s") % {"begins": clock_time(begins, zone), "ends": until}


def elsewhere(gathering: Gathering) -> str:
    """Return when that is by the reader's own clock; "" where both clocks show the same."""
    mine = timezone.get_current_timezone()
    there = gathering.starts_at.astimezone(gathering.zone)
    here = gathering.starts_at.astimezone(mine)
    if here.replace(tzinfo=None) == there.replace(tzinfo=None):
        return ""
    return gettext("By your clock: %(day)s, %(span)s.") % {
        "day": short_day(gathering.starts_at, mine),
        "span": span(gathering, mine),
    }


def zone_name(gathering: Gathering) -> str:
    """Return what the time zone of the place is called."""
    name: str = get_timezone_name(gathering.starts_at.astimezone(gathering.zone), locale=locale())
    return name


def language(code: str) -> str:
    """Return what a language is called in the reader's."""
    said = str(locale().languages.get(code, code))
    return said[:1].upper() + said[1:]


def language_choices() -> list[tuple[str, str]]:
    """Return the languages that a gathering can name: the first two as they stand, the others by name."""
    named = [(code, language(code)) for code in LANGUAGES]
    return named[:2] + sorted(named[2:], key=lambda one: one[1].casefold())


def listed(parts: Iterable[str]) -> str:
    """Return the parts as the language lists them."""
    return format_list(list(parts), locale=locale())


def lasting(minutes: int) -> str:
    """Return a length of time: "45 min", "2 hr 30 min"."""
    hours, left = divmod(minutes, 60)
    if minutes < MINUTES_TOLD:
        return gettext("%(minutes)s min") % {"minutes": minutes}
    if left == 0:
        return gettext("%(hours)s hr") % {"hours": hours}
    return gettext("%(hours)s hr %(minutes)s min") % {"hours": hours, "minutes": left}
