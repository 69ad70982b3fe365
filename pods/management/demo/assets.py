"""What the neighbourhood shares: on which blocks people live, what is asked for and what is lent."""

from datetime import datetime, timedelta

from pods.management.demo.people import People
from pods.management.demo.roll import CARDS, HALF, MORE
from sites.actions import asks, stacks
from sites.actions.assets import Terms, live_on, share, still_true
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
        if number % 7 != 3:
            live_on(person=person, block=places[number % len(places)])
    _share(everybody, now)
    for handle, title, ago, days, text, steps in ASKED:
        _ask(everybody, handle, Asset.objects.get(title=title), text, steps, now - timedelta(days=ago), days)
    _cards(everybody, now)


def _share(everybody: People, now: datetime) -> None:
    for number, line in enumerate(MORE.strip().splitlines()):
        handle, kind, title, limits, audience = (part.strip() for part in line.split("|"))
        terms = Terms(limits=tuple(filter(None, [limits])), audience=audience or "network")
        offered = now - timedelta(days=3 + number * 4 % 250, hours=number)
        share(person=everybody[handle], kind=kind, skill=None, title=title, terms=terms, now=offered)
    # Offered more than a year ago, and not answered since: nobody counts on it.
    Asset.objects.filter(title="Tile cutter").update(
        offered_at=now - timedelta(days=380),
        fresh_until=now - timedelta(days=15),
        asked_again_at=now - timedelta(days=45),
    )


def _cards(everybody: People, now: datetime) -> None:
    """A stack that was entered two days ago, and one that Rosa is typing in."""
    rows = [_row(who, "", *card) for who, *card in CARDS]
    entered = now - timedelta(days=2)
    stack = stacks.keep(stack=stacks.begin(by=everybody["Rosa"], now=entered), rows=rows, now=entered)
    stacks.enter(stack=stack, now=entered)
    # Some have said already that it is theirs.
    for asset in Asset.objects.filter(stack=stack, person__in=[everybody["Samir"], everybody["Adaeze"]]):
        still_true(asset=asset, now=entered + 5 * HOUR)
    half = stacks.begin(by=everybody["Rosa"], now=now - HOUR)
    stacks.keep(stack=half, rows=[_row(*card) for card in HALF], now=now - HOUR)


def _row(who: str, email: str, kind: str, what: str, limits: str) -> dict[str, str]:
    return {"who": who, "email": email, "kind": kind, "what": what, "limits": limits, "seen": "network"}


def _ask(
    everybody: People, handle: str, asset: Asset, text: str, steps: tuple[str, ...], at: datetime, days: int | None
) -> None:
    until = None if days is None else today_here(at) + timedelta(days=days)
    made = asks.ask(by=everybody[handle], asset=asset, text=text, until=until, now=at)
    for place, step in enumerate(steps, start=1):
        asks.take(by=asset.person, ask=made, step=Step(step), now=at + place * HOUR)
