"""People and skills as a call says them, beside numbers, moments and lengths of time as everybody does."""

from django.utils.translation import ngettext, ngettext_lazy

from commons.web.phrases import (
    ago,
    capital,
    day_and_time,
    lasting,
    listed,
    locale,
    number,
    time_of,
    time_or_day,
    within,
)
from sites.models import Skill

__all__ = [
    "ago",
    "capital",
    "day_and_time",
    "lasting",
    "listed",
    "locale",
    "needed",
    "number",
    "time_of",
    "time_or_day",
    "within",
]

# What a need for a built-in skill is called in a sentence; the network's own skills are quoted.
SKILLED = {
    "interpreter_es": ngettext_lazy("a Spanish interpreter", "%(number)s Spanish interpreters", "count"),
    "interpreter_am": ngettext_lazy("an Amharic interpreter", "%(number)s Amharic interpreters", "count"),
    "interpreter_vi": ngettext_lazy("a Vietnamese interpreter", "%(number)s Vietnamese interpreters", "count"),
    "sign_language": ngettext_lazy("a sign language interpreter", "%(number)s sign language interpreters", "count"),
    "first_aid": ngettext_lazy("someone who knows first aid", "%(number)s people who know first aid", "count"),
    "nurse": ngettext_lazy("a nurse", "%(number)s nurses", "count"),
    "mental_health": ngettext_lazy(
        "someone for mental health first aid", "%(number)s people for mental health first aid", "count"
    ),
    "legal_observer": ngettext_lazy("a legal observer", "%(number)s legal observers", "count"),
    "tenant_rights": ngettext_lazy("someone who knows tenant rights", "%(number)s who know tenant rights", "count"),
    "deescalation": ngettext_lazy("someone who can calm things", "%(number)s people who can calm things", "count"),
    "driver": ngettext_lazy("a driver", "%(number)s drivers", "count"),
    "van": ngettext_lazy("a driver with a van", "%(number)s drivers with a van", "count"),
    "child_care": ngettext_lazy("someone for child care", "%(number)s people for child care", "count"),
    "cooking": ngettext_lazy("a cook", "%(number)s cooks", "count"),
    "carpentry": ngettext_lazy("a carpenter", "%(number)s carpenters", "count"),
    "plumbing": ngettext_lazy("a plumber", "%(number)s plumbers", "count"),
    "bike_repair": ngettext_lazy("someone who repairs bikes", "%(number)s people who repair bikes", "count"),
    "phone_tree": ngettext_lazy("someone to telephone", "%(number)s people to telephone", "count"),
    "grant_writing": ngettext_lazy("someone who writes applications", "%(number)s who write applications", "count"),
}


def needed(skill: Skill | None, count: int) -> str:
    """Return so many people with this skill, as they stand in a sentence: "a nurse", "two people"."""
    if skill is None:
        return ngettext("one person", "%(number)s people", count) % {"number": number(count)}
    if not skill.own_name and skill.key in SKILLED:
        return str(SKILLED[skill.key] % {"count": count, "number": number(count)})
    said = ngettext("someone for “%(skill)s”", "%(number)s people for “%(skill)s”", count)
    return said % {"number": number(count), "skill": skill.name}
