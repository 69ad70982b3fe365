"""Two neighbourly pods with everything in them, each with its characters; and a fingerprint of the whole database."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.apps import apps
from django.db import connection
from django.test import Client

from commons import clock
from commons.gatherings.models import Coming, Feed, Gathering
from commons.notices.actions.links import give
from commons.notices.models import Link
from commons.people.models import Absence, Invitation, Person
from pods.actions import answers, calls, joining
from pods.models import Call, CallKind, CallWave, Cluster, Invite, Joining, Pod
from pods.states import Answer, Via
from sites.actions import asks, roster, scores, stacks
from sites.models import (
    Ask,
    Asset,
    Block,
    CardStack,
    Double,
    Listener,
    ListeningRound,
    Neighbourhood,
    Place,
    PlaceImport,
    Popup,
    RosterDraft,
    Shift,
    StageOverride,
    Visit,
)
from sites.rules.sheet import read
from tests.factories import BlockFactory, PersonFactory, PodFactory, SkillFactory, offer, organizer
from tests.security.listening_world import listening_at
from tests.security.world_clusters import proposal
from tests.security.world_gatherings import gathered, links
from tests.security.world_stations import station

KEY = "k" * 22
ZONE = "America/New_York"
# Of the neighbourhood and not of this machine: by evening there, a day that is today here is still to come.
TODAY = datetime.now(ZoneInfo(ZONE)).date()
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@dataclass
class Side:
    """One pod, its people by what they are to it, and one thing of every sort."""

    pod: Pod
    people: dict[str, Person]
    call: Call
    joining: Joining
    asset: Asset
    ask: Ask
    stack: CardStack
    invitation: Invitation
    draft: RosterDraft
    absence: Absence
    kind: CallKind
    block: Block
    place: Place
    double: Double
    place_import: PlaceImport
    gathering: Gathering
    guest: Coming
    feed: Feed
    listening: ListeningRound
    listener: Listener
    visit: Visit
    override: StageOverride
    cluster: Cluster
    popup: Popup
    shift: Shift
    links: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, who: str) -> Person:
        return self.people[who]


def neighbourhood() -> Neighbourhood:
    """The one that everything lies in."""
    return Neighbourhood.objects.get_or_create(
        only=True, defaults={"name": "Mill Row Mutual Aid", "time_zone": ZONE, "emergency_number": "911"}
    )[0]


def side(tag: str, *, kind: str = "raid", words: str = "") -> Side:
    """Make one side. `words` stands in every place that somebody can write into."""
    neighbourhood()
    now = clock.now()
    people = {
        who: _person(f"{who} {tag}", words)
        for who in ("owner", "member", "answering", "fourth", "fifth", "sixth", "seventh")
    }
    block = BlockFactory(name=(words or f"Block {tag}")[:60], sort_key=tag)
    pod = PodFactory(name=(words or f"Pod {tag}")[:40], block=block, members=list(people.values()))
    people |= {who: _person(f"{who} {tag}", words) for who in ("newcomer", "invited", "organizer")}
    organizer(people["organizer"], now=now)
    own = CallKind.objects.create(key=f"own-{tag}", own_name=(words or f"kind {tag}")[:40], needs_second=kind == "raid")
    offer(people["answering"], "interpreter_es", now=now)
    asset = offer(people["owner"], f"skill-{tag}", now=now)
    asset.title, asset.note = (words or f"title {tag}")[:80], words or f"note {tag}"
    asset.save()
    SkillFactory._meta.model.objects.filter(key=f"skill-{tag}").update(own_name=(words or f"skill {tag}")[:60])
    call = _call(pod, people, own, block, words, now)
    places = _places(people["organizer"], words or f"Branch {tag}", now)
    made = Side(
        pod=pod,
        people=people,
        call=call,
        joining=joining.name_someone(by=people["owner"], pod=pod, person=people["newcomer"], now=now),
        asset=asset,
        ask=asks.ask(by=people["member"], asset=asset, text=words or f"words {tag}", until=None, now=now),
        stack=_stack(people["organizer"], words or f"Tent {tag}", people["owner"], now),
        invitation=_invitation(people["owner"], now),
        draft=_draft(people["organizer"], tag, words, now),
        absence=Absence.objects.create(person=people["owner"], days=(TODAY + timedelta(20), TODAY + timedelta(25))),
        kind=own,
        block=block,
        cluster=proposal(people, block, now),
        **gathered(people, words, now),
        **places,
        **listening_at(places["place"], places["double"].second, people, words or f"Notes {tag}", now),
        **station(people, words or f"Station {tag}", now),
    )
    made.links = {"join": made.invitation.token(), "answer": _link(call, people["answering"])}
    made.links |= links(made.gathering, made.guest, made.feed)
    made.links["shift_answer"] = Link.objects.get(purpose="shift", subject=made.shift.subject).token()
    made.links["asset_link"] = Link.objects.get(purpose="card", person=people["owner"]).token()
    return made


def _places(by: Person, words: str, now: datetime) -> dict[str, Any]:
    """A place of the map, scored, its double, and the import that they came with."""
    first, second = (
        Place.objects.create(
            kind="library", name=words[:120], sort_key=words[:120].lower(), latitude=39.3, longitude=-76.6,
            osm_type="node", osm_id=Place.objects.count() + 1, made_at=now, changed_at=now,
        )
        for _ in range(2)
    )  # fmt: skip
    said = scores.Said((4, 3, None), words, TODAY)
    scores.give(by=by, place=first, said=said, today=TODAY, now=now)
    done = PlaceImport.objects.create(by=by, file_name=words[:120], state="done", made_at=now, ended_at=now)
    return {"place": first, "double": Double.objects.create(first=first, second=second), "place_import": done}


def _stack(by: Person, words: str, person: Person, now: datetime) -> CardStack:
    """A stack that is being typed in, and one that was entered."""
    card = {"who": person.ref, "email": "", "kind": "tool", "what": f"2 {words}"[:60], "limits": words}
    row = {**card, "seen": "network"}
    for _ in range(2):
        stack = stacks.keep(stack=stacks.begin(by=by, now=now), rows=[row], now=now)
        if not person.assets.filter(stack__isnull=False).exists():
            stacks.enter(stack=stack, now=now)
    return stack


def _person(handle: str, words: str) -> Person:
    return PersonFactory(handle=(words or handle)[:40], email=f"{handle.replace(' ', '.').lower()}@example.org")


def _call(pod: Pod, people: dict[str, Person], kind: CallKind, block: Block, words: str, now: datetime) -> Call:
    call = calls.raise_call(
        by=people["owner"],
        pod=pod,
        kind=kind,
        block=block,
        cross_street=(words or "Franklin & 4th")[:80],
        details=words or "Door code 4711",
        needed_at=now + timedelta(hours=2),
        needs=[(SkillFactory(key="interpreter_es"), 1), (None, 3)],
        now=now,
    )
    wave = CallWave.objects.get(call=call, ordinal=0)
    for who in ("answering", "invited"):
        Invite.objects.get_or_create(call=call, person=people[who], defaults={"wave": wave, "invited_at": now})
    asked = [people[who].pk for who in ("answering", "invited")]
    give(purpose="answer", subject=call.subject, people=asked, expires_at=call.closes_at)
    answers.answer_call(
        call_id=call.pk,
        person_id=people["answering"].pk,
        answer=Answer.COMING,
        minutes=20,
        via=Via.PAGE,
        key=KEY,
        now=now,
    )
    return call


def _link(call: Call, person: Person) -> str:
    return Link.objects.get(purpose="answer", subject=call.subject, person=person).token()


def _invitation(by: Person, now: datetime) -> Invitation:
    made = Invitation.fresh(inviter=by, seats=3, made_at=now, expires_at=now + timedelta(days=7))
    made.save()
    return made


def _draft(by: Person, tag: str, words: str, now: datetime) -> RosterDraft:
    named = (words or "Rosa").replace('"', '""')
    lines = ["Name,E-mail,Skills,Language", f'"{named}",rosa.{tag.lower()}@example.net,"{named}",es']
    return roster.keep(by=by, sheet=read("\n".join(lines).encode()), now=now)


def signed_in(person: Person) -> Client:
    """A browser in which this person is signed in; it shows errors as a reader would see them."""
    client = Client(raise_request_exception=False)
    client.force_login(person, backend=BACKEND)
    return client


# What may change by looking: sessions, and buckets that count attempts.
PASSING = {"django_session", "people_ratebucket"}


def fingerprint() -> dict[str, str]:
    """A hash of each table's rows, so that a change anywhere shows and says where."""
    tables = sorted({model._meta.db_table for model in apps.get_models(include_auto_created=True)} - PASSING)
    selects = ", ".join(
        f"(SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {table} t)" for table in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {selects}")
        return dict(zip(tables, cursor.fetchone(), strict=True))
