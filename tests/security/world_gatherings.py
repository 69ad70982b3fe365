"""A gathering of one side: held by its owner, open by link, with a member and a guest who come, and a calendar feed."""

from datetime import datetime, timedelta
from typing import Any

from commons.gatherings.actions import feeds, plans, seats
from commons.gatherings.models import Coming, Gathering
from commons.gatherings.rules import Party, Plan
from commons.people.models import Person

# What is written down of it, as if it were over.
AFTER = {"came": "12", "outcome": "Two doors", "notes": "Again soon", "keep": "on"}
PARTY = {"say": "yes", "people": "2", "needs": ["step_free"], "note": "", "language": "es"}


def gathered(people: dict[str, Person], words: str, now: datetime) -> dict[str, Any]:
    """Hold a gathering; `words` stand wherever somebody can write."""
    plan = Plan(
        kind="own",
        own_kind=(words or "picnic")[:40],
        title=(words or "On the green")[:80],
        purpose=words[:600],
        starts_at=now + timedelta(hours=20),
        minutes=120,
        place=(words or "Oak green")[:120],
        address=words or "Behind the hedge",
        online=words or "https://talk.example/green",
        agenda=((10, (words or "Arriving")[:120]),),
        food=(words or "Cake")[:80],
        childcare=True,
        open_to="link",
    )
    gathering = plans.hold(by=people["owner"], plan=plan, time_zone="America/New_York", now=now)
    gathering.outcome = gathering.notes = words or "Words of afterwards"
    gathering.save()
    seats.come(by=people["answering"], gathering=gathering, party=Party(note=words or "A chair"), now=now)
    party = Party(name=words[:40] or "Ida", note=words or "A ramp")
    guest = seats.come_as_guest(gathering=gathering, key="g" * 22, party=party, now=now)
    feed = feeds.give(person=people["owner"], full_words=True, now=now)
    return {"gathering": Gathering.objects.get(pk=gathering.pk), "guest": guest, "feed": feed}


def links(gathering: Gathering, guest: Coming, feed: Any) -> dict[str, str]:
    """The tokens of what stands open, by the names of their addresses."""
    return {
        "gathering_open": gathering.token(),
        "gathering_open_file": gathering.token(),
        "gathering_guest": guest.token(),
        "feed_file": feed.token(),
    }


def change_form(gathering: Gathering) -> dict[str, Any]:
    """What changes a gathering."""
    return {
        "kind": "assembly", "title": "Elsewhere", "on_date": "2027-06-04", "at_time": "18:30", "minutes": "60",
        "place": "Oak school", "open_to": "link", "childcare": "on", "seen": gathering.changed_at.isoformat(),
    }  # fmt: skip
