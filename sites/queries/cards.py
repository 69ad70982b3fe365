"""What waits for a person on Today: things they share that were offered nearly a year ago."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from commons.web import today
from sites.queries.assets import fading_count


@today.source
def fading(person: Any, now: datetime) -> Iterable[today.Card]:
    """Ask whether it is still true, once a year and never louder than anything else."""
    count = fading_count(person, now)
    if count:
        yield today.Card(
            urgency=today.SOMETIME,
            kicker=_("What you share"),
            title=_("Is this still true?"),
            body=ngettext(
                "You offered one thing nearly a year ago. After a year, nobody counts on it any more.",
                "You offered %(count)d things nearly a year ago. After a year, nobody counts on them any more.",
                count,
            )
            % {"count": count},
            url=reverse("assets"),
            action=_("Have a look"),
        )
