"""Opening one-tap links: the one place where a token becomes a person and what it was given for."""

from datetime import datetime

from commons import tokens
from commons.notices.models import Link


def alive_link(token: str, *purposes: str, now: datetime) -> Link | None:
    """Return the link of this token, with its person; given for one of these purposes, alive at `now`.

    None alike for one that never was, has ended, was revoked, is for something else, or whose person has gone.
    """
    return (
        Link.objects.alive(now)
        .filter(purpose__in=purposes, digest=tokens.digest(token), person__is_active=True)
        .select_related("person")
        .first()
    )


def number_in(link: Link, kind: str) -> int | None:
    """Return the row's number that a link's subject names, "call:17"; None where it names another kind, or none."""
    said, _colon, number = link.subject.partition(":")
    return int(number) if said == kind and number.isdigit() else None
