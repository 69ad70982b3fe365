"""What the neighbourhood shares: on which blocks people live, what is asked for and what is lent."""

from datetime import datetime, timedelta

from pods.management.demo.people import People
from sites.actions import asks
from sites.actions.assets import live_on
from sites.models import Asset, Block
from sites.queries.asks import today_here
from sites.rules.asks import Step

HOUR = timedelta(hours=1)
# Who asks for what of whom, how many days ago, for how many days, in which words, and what became of it.
ASKED: list[tuple[str, str, int, int | None, str, tuple[str, ...]]] = [
    ("Marisol", "Cordless drill and bits", 6, 9, "For a shelf in the school library.", ("yes", "out")),
    ("Kofi", "Pipe snake", 12, 8, "The sink in the hall is blocked.", ("yes", "out")),
    ("Thandi", "Ladder, four metres", 1, 4, "For the banner across Mill Row, on Saturday?", ()),
    ("Lucía", "Kitchen with two ovens", 2, None, "Could we bake there for the street supper?", ("yes",)),
    ("Yusuf", "Sound system", 9, 3, "For a birthday.", ("no",)),
]


def make(everybody: People, blocks: dict[str, Block], now: datetime) -> None:
    """Let nearly everybody live somewhere, and some of them ask."""
    places = list(blocks.values())
    for number, person in enumerate(everybody.values()):
        # Some would rather not say.
        if number % 7:
            live_on(person=person, block=places[number % len(places)])
    for handle, title, ago, days, text, steps in ASKED:
        _ask(everybody, handle, Asset.objects.get(title=title), text, steps, now - timedelta(days=ago), days)


def _ask(
    everybody: People, handle: str, asset: Asset, text: str, steps: tuple[str, ...], at: datetime, days: int | None
) -> None:
    until = None if days is None else today_here(at) + timedelta(days=days)
    made = asks.ask(by=everybody[handle], asset=asset, text=text, until=until, now=at)
    for place, step in enumerate(steps, start=1):
        asks.take(by=asset.person, ask=made, step=Step(step), now=at + place * HOUR)
