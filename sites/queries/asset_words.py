"""The neutral words of messages about what people share: one sentence for all, so that none tells more than another."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext

from commons.notices import kinds
from commons.notices.kinds import Claimed, Words
from commons.people.models import Person
from commons.web.language import speaking_to
from sites.queries import asks


def words(person: Person, link: str = "") -> Words:
    """Return the words, in this person's language; `link` is a one-tap page where there is one, else Today."""
    with speaking_to(person):
        return Words(
            title=gettext("Something waits for you"),
            body=gettext("There is something for you to look at, in your own time. No sign-in is needed.")
            if link
            else gettext("There is something for you to look at, in your own time. Sign in to see what it is."),
            link=settings.SITE_URL + (link or reverse("today")),
            link_label=gettext("See what waits"),
            language=person.language,
        )


def _asked(deliveries: Sequence[Claimed], now: datetime) -> dict[int, Words | Exception | None]:
    """Word what one of the two should know of an asking; nobody is told of what is over for long."""
    people = Person.objects.in_bulk({one.person_id for one in deliveries if one.person_id is not None})
    about = asks.subjects(deliveries)
    wanted = asks.still_wanted(set(about.values()), now)
    return {
        one.pk: words(people[one.person_id]) if one.person_id in people and about[one.pk] in wanted else None
        for one in deliveries
    }


def register() -> None:
    """Tell notices how messages about what people share are worded."""
    kinds.composes("sites.ask")(_asked)
