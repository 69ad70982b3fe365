"""The kinds of gathering: what each is for, and an agenda to begin with."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from commons.gatherings.models.gathering import KINDS
from commons.gatherings.states import Kind

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Proposal:
    """What a gathering of some kind is for, how long it usually takes, and how it may go."""

    what: "StrOrPromise"
    title: "StrOrPromise" = ""
    minutes: int = 90
    agenda: "tuple[tuple[int, StrOrPromise], ...]" = ()


PROPOSALS = {
    Kind.ASSET_MAPPING: Proposal(
        _("Neighbours say what they can share: skills, rooms, tools, people they know. It goes on the map."),
        _("What we can share"),
        120,
        (
            (10, _("Welcome, food, names or none")),
            (15, _("What this is for, and what becomes of what we write")),
            (25, _("In pairs: what do you do well, what do you own, whom do you know?")),
            (30, _("On the wall: skills, spaces, tools, relationships")),
            (25, _("What is needed here, and by how many")),
            (15, _("What two of us could begin next week")),
        ),
    ),
    Kind.MINI_ASSEMBLY: Proposal(
        _("A block or a waiting room talks about one question and decides the next step."),
        "",
        60,
        ((10, _("Welcome and the one question")), (30, _("Rounds: everybody once")), (20, _("The next step, and who"))),
    ),
    Kind.ASSEMBLY: Proposal(
        _("Everybody together: news, proposals, decisions."),
        "",
        120,
        (
            (10, _("Welcome and agenda")),
            (25, _("What happened since last time")),
            (60, _("Proposals and decisions")),
            (25, _("Who does what until when")),
        ),
    ),
    Kind.DEBRIEF: Proposal(
        _("After something happened: what we did, what we learned. Notes expire; lessons leave the room by consent."),
        "",
        60,
        (
            (10, _("How is everybody?")),
            (20, _("What happened, in order")),
            (20, _("What to repeat, what to change")),
            (10, _("What may leave this room")),
        ),
    ),
    Kind.DECOMPRESSION: Proposal(
        _("Being together after something hard. Nothing is written down."),
        "",
        90,
        ((10, _("Tea, arriving")), (60, _("As it comes")), (20, _("Going home together"))),
    ),
    Kind.POST_MORTEM: Proposal(
        _("After a campaign ended: what was tried, which pattern it met, what it became. No blame."),
        "",
        120,
        (
            (15, _("What we set out to do")),
            (40, _("What happened, on a line along the wall")),
            (40, _("Patterns: what to expect next time")),
            (25, _("What it became")),
        ),
    ),
    Kind.ORAL_HISTORY: Proposal(
        _("People tell how it was, and decide what of it is kept."),
        "",
        120,
        ((15, _("Arriving, and what is kept")), (80, _("Telling and listening")), (25, _("What may be kept, by whom"))),
    ),
    Kind.CEREMONY: Proposal(_("A beginning, an opening, a thank-you."), "", 90),
    Kind.CONGRESS: Proposal(_("The quarter's congress: lessons, proposals, pledged hours."), "", 240),
    Kind.CONVERGENCE: Proposal(_("Several networks meet and share a calendar."), "", 240),
    Kind.DAY_OF_ACTION: Proposal(_("A day on which many places do something together."), "", 480),
    Kind.OWN: Proposal(_("In your own words.")),
}
assert set(PROPOSALS) == set(Kind), "every kind says what it is for"


def proposal(kind: str) -> Proposal:
    """Return what a kind is for; raises ValueError for one that there isn't."""
    return PROPOSALS[Kind(kind)]


def kinds() -> list[tuple[str, "StrOrPromise", "StrOrPromise"]]:
    """Return every kind: its key, its name, what it is for."""
    return [(key, name, PROPOSALS[Kind(key)].what) for key, name in KINDS]
