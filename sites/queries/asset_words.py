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
from sites.queries import asks, asset_links


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


def _with_link(purpose: str, deliveries: Sequence[Claimed]) -> dict[int, Words | Exception | None]:
    """Word what is answered behind a link of its own; None for whoever has none (any more)."""
    ids = {one.person_id for one in deliveries if one.person_id is not None}
    people = Person.objects.in_bulk(ids)
    links = asset_links.links_of(purpose, [one.subject for one in deliveries], ids)
    made: dict[int, Words | Exception | None] = {}
    for one in deliveries:
        link = links.get((one.subject, one.person_id or 0))
        person = people.get(one.person_id or 0)
        made[one.pk] = words(person, reverse("asset_link", args=[link.token()])) if link and person else None
    return made


def _still_true(deliveries: Sequence[Claimed], now: datetime) -> dict[int, Words | Exception | None]:
    """Word the question of the year, where something still waits for an answer."""
    waits = asset_links.fading_people({one.person_id for one in deliveries if one.person_id is not None}, now)
    said = _with_link(asset_links.STILL_TRUE, deliveries)
    return {one.pk: said[one.pk] if one.person_id in waits else None for one in deliveries}


def _card(deliveries: Sequence[Claimed], now: datetime) -> dict[int, Words | Exception | None]:
    """Word that somebody typed in a card, while it waits for its person's word."""
    waits = asset_links.pending_people({one.person_id for one in deliveries if one.person_id is not None}, now)
    said = _with_link(asset_links.CARD, deliveries)
    return {one.pk: said[one.pk] if one.person_id in waits else None for one in deliveries}


def register() -> None:
    """Tell notices how messages about what people share are worded."""
    kinds.composes("sites.still_true")(_still_true)
    kinds.composes("sites.card")(_card)
    kinds.composes("sites.ask")(_asked)
