"""Who listens where, what they wrote down, and what waits for them. Notes are the team's and organizers'."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Max, Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from commons.people.access import is_organizer
from commons.people.models import Person
from sites.models import Listener, ListeningRound, Place, Visit, VisitNeed, VisitObserver
from sites.rules import listening as rules
from sites.states import ListenerState

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

IN, ASKED = ListenerState.IN.value, ListenerState.ASKED.value
VISITS_A_PAGE = 30
WAITING_MOST = 20
PAST_MOST = 10
# Each prompt of mission S4: the column, what it is called, what it asks.
PROMPTS: "list[tuple[str, StrOrPromise, StrOrPromise]]" = [
    ("rhythms", _("Rhythms"), _("When is it full, when empty? Who comes when, and waits for what?")),
    ("hierarchies", _("Informal hierarchies"), _("Who is asked first, who is listened to, who is left out?")),
    ("unmet", _("Unmet needs"), _("What is missing, what goes wrong, what do people do without?")),
    ("steps_forward", _("Who steps forward"), _("Who helps without being asked? The role they have, not their name.")),
    ("can_veto", _("Who can veto"), _("Whose no would end it: manager, guard, owner, police?")),
    ("animates", _("What animates talk"), _("Which subject makes people talk to strangers?")),
]
PROMPT_NAMES = [name for name, _label, _asks in PROMPTS]


def rounds_of(place: Place) -> QuerySet[ListeningRound]:
    """Return the rounds of a place and of what was merged into it, the newest first."""
    return ListeningRound.objects.filter(Q(place=place) | Q(place__merged_into=place))


def open_rounds(_person: Any = None) -> QuerySet[ListeningRound]:
    """Return the rounds that nobody ended; that there is one is every member's to know."""
    return ListeningRound.objects.filter(ended_at=None).select_related("place", "place__merged_into")


def rounds_read_by(person: Any) -> QuerySet[ListeningRound]:
    """Return the rounds whose notes this person may read: those of their teams, and every round for organizers."""
    rounds = ListeningRound.objects.select_related("place", "place__merged_into")
    if is_organizer(person):
        return rounds
    return rounds.filter(pk__in=_in_team(person))


def past_rounds(place: Place, person: Any, now_open: ListeningRound | None) -> list[ListeningRound]:
    """Return the rounds of a place that are over and that this person may read, the latest ones."""
    past = rounds_read_by(person).filter(pk__in=rounds_of(place).values("pk"))
    return list((past.exclude(pk=now_open.pk) if now_open else past)[:PAST_MOST])


def _in_team(person: Any) -> QuerySet[Any, Any]:
    return Listener.objects.filter(person=person.pk, state=IN).values("round")


def visits_read_by(person: Any) -> QuerySet[Visit]:
    """Return the visits whose notes this person may read."""
    return Visit.objects.filter(round__in=rounds_read_by(person)).select_related("round__place__merged_into")


def asks_heard_by(person: Any) -> QuerySet[Listener]:
    """Return who asks to listen along, in rounds that are this person's to read."""
    return Listener.objects.filter(state=ASKED, round__in=rounds_read_by(person)).select_related("round", "person")


def asks_of(one: ListeningRound) -> list[Listener]:
    """Return who asks to listen along in a round, who asked first first."""
    return list(Listener.objects.filter(round=one, state=ASKED).select_related("person").order_by("since", "pk"))


def team_of(one: ListeningRound) -> list[Person]:
    """Return who is in a round's team and still of the network, in the order in which they came."""
    return list(
        Person.objects.filter(listening__round=one, listening__state=IN, is_active=True).order_by(
            "listening__since", "listening__pk"
        )
    )


def standing_in(one: ListeningRound, person: Any) -> str:
    """Return what somebody is to a round: "in", "asked", "left" or ""."""
    found = Listener.objects.filter(round=one, person=person.pk).values_list("state", flat=True).first()
    return found or ""


def place_of(one: ListeningRound) -> Place:
    """Return the place that a round is about today: where its place went, if it was merged."""
    return one.place.merged_into or one.place


def visits_of(one: ListeningRound) -> QuerySet[Visit]:
    """Return the visits of a round, the latest first, each with who was there and which needs were named."""
    return one.visits.prefetch_related(
        Prefetch("there", VisitObserver.objects.select_related("person").order_by("pk")),
        Prefetch("named", VisitNeed.objects.select_related("need").order_by("need__sort_key", "pk")),
    )


@dataclass(frozen=True)
class Note:
    """What one visit noticed under one prompt."""

    visit: Visit
    text: str


def by_prompt(visits: Iterable[Visit]) -> "list[tuple[StrOrPromise, StrOrPromise, list[Note]]]":
    """Return each prompt with what these visits noticed under it, in their order."""
    shown = list(visits)
    return [
        (label, asks, [Note(visit, text) for visit in shown if (text := getattr(visit, name))])
        for name, label, asks in PROMPTS
    ]


def notes_of(visit: Visit) -> "list[tuple[StrOrPromise, str]]":
    """Return what one visit noticed: each prompt that has a note, and the note."""
    return [(label, text) for name, label, _asks in PROMPTS if (text := getattr(visit, name))]


@dataclass(frozen=True)
class Waiting:
    """A round that waits for its team: who asks to join, or that nobody was there lately."""

    round: ListeningRound
    place: Place
    asks: int
    due: bool
    last: date | None


def waiting_for(person: Any, now: datetime, local_zone: Callable[[], tzinfo]) -> list[Waiting]:
    """Return what waits in this person's own rounds; days are those of `local_zone`, asked for if need be."""
    rounds: QuerySet[Any] = (
        ListeningRound.objects.under_way(now)
        .filter(pk__in=_in_team(person))
        .select_related("place__merged_into")
        .annotate(last=Max("visits__day"), asks=Count("listeners", Q(listeners__state=ASKED), distinct=True))
        .order_by("pk")
    )
    found, mine = [], list(rounds[:WAITING_MOST])
    # Today asks on every visit: most people listen nowhere, and cost one statement.
    zone = local_zone() if mine else UTC
    for one in mine:
        begun, today = one.begun_at.astimezone(zone).date(), now.astimezone(zone).date()
        due = rules.visit_due(last=one.last, begun=begun, today=today, heard=one.heard_at is not None)
        if due or one.asks:
            found.append(Waiting(one, place_of(one), one.asks, due, one.last))
    return found
