"""Every message, in every language: nothing on a locked screen tells what it is about (S-22)."""

import html
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.test import Client
from django.utils import translation

from commons import clock
from commons.gatherings.actions import plans, reminding, seats
from commons.gatherings.rules import Party, Plan
from commons.notices import kinds
from commons.notices.actions.carry import carry_due, let_go
from commons.notices.models import Delivery
from commons.people.models import Person
from pods.actions import answers, audit, calls, clusters, joining, turn
from pods.models import Call, CallKind, Cluster, Invite, Joining
from pods.models.protocol import BUILT_IN_KINDS
from pods.states import Answer, ClusterWord, Via
from sites.actions import asks, freshness, moves, popups, roster, shift_answers, shift_turn, shifts, stacks, supplies
from sites.actions.popups import Rhythm
from sites.models import Asset, Neighbourhood
from sites.models.assets import BUILT_IN_SKILLS
from sites.rules.asks import Step
from sites.rules.sheet import read
from sites.states import ClosedFor, Role
from tests.factories import BlockFactory, PersonFactory, PodFactory, offer, organizer
from tests.sites import stations

pytestmark = pytest.mark.django_db
PREVIEW = 120
OWN = (
    "Zenobia",
    "Quillfeather",
    "Thistledown",
    "Floodwatch",
    "Marrowgate",
    "Brackenridge",
    "Fennel",
    "Door code",
    "thatching",
)
# What they are called in general gives away as much: these words stand in no preview either.
GENERAL = {
    "en": ("police", "alert", "emergency", "mutual aid", "casserole"),
    "es": ("policía", "alerta", "emergencia", "apoyo mutuo", "casserole"),
}
LINK = re.compile(r"https?://\S+")


class Life:
    """A pod with names of its own, in one language, through everything that sends a message."""

    def __init__(self, language: str) -> None:
        self.language, self.now = language, clock.now()
        Neighbourhood.objects.create(name="Marrowgate", time_zone="America/New_York")
        self.people = [self.person(n) for n in range(8)]
        self.boss = organizer(self.person(20), now=self.now)
        block = BlockFactory(name="Thistledown")
        self.pod = PodFactory(name="Quillfeather", block=block, members=self.people)
        self.kind = CallKind.objects.create(key="own-flood", own_name="Floodwatch", pace="day")
        offer(self.people[0], "thatching", now=self.now)

    def person(self, number: int) -> Person:
        return PersonFactory(handle=f"Zenobia {number}", email=f"p{number}@example.org", language=self.language)

    def call(self, kind: CallKind | None = None) -> Call:
        return calls.raise_call(
            by=self.people[0],
            pod=self.pod,
            kind=kind or self.kind,
            block=self.pod.block,
            cross_street="Brackenridge & Fennel",
            details="Door code 4711, ask for Zenobia",
            needed_at=self.now + timedelta(hours=5),
            needs=[(None, 1)],
            now=self.now,
        )

    def say(self, call: Call, invite: Invite, answer: Answer, key: str) -> None:
        answers.answer_call(
            call_id=call.pk, person_id=invite.person_id, answer=answer, minutes=20, via=Via.LINK, key=key, now=self.now
        )

    def calls(self) -> None:
        """Asked, covered, thanked, asked again, called off; another one that runs out; a third that the watch finds."""
        call = self.call()
        carry_due()
        first = Invite.objects.filter(call=call).first()
        self.say(call, first, Answer.COMING, "one")
        carry_due()
        self.say(call, first, Answer.CANT, "two")
        carry_due()
        calls.cancel_call(by=self.people[0], call=call, now=clock.now())
        carry_due()
        short = self.call(CallKind.objects.get(key="eviction"))
        past = self.now - timedelta(minutes=1)
        Call.objects.filter(pk=short.pk).update(deadline_at=past, next_due_at=past)
        turn.turn_due(now=clock.now())
        lost = self.call(CallKind.objects.get(key="medical"))
        Delivery.objects.filter(subject=lost.subject).update(state="failed")
        Invite.objects.filter(call=lost).update(invited_at=past)
        audit.audit(now=clock.now())
        carry_due()

    def joinings(self) -> None:
        """Somebody named, vouched for, settled; a pod that becomes ready."""
        new = joining.name_someone(by=self.people[0], pod=self.pod, person=self.person(30), now=self.now)
        carry_due()
        Joining.objects.filter(pk=new.pk).update(opened_at=self.now - timedelta(days=8), closes_at=self.now)
        joining.settle_due(now=clock.now())
        forming = PodFactory(name="Quillfeather West", members=[self.person(n) for n in range(40, 44)])
        fifth = self.person(44)
        joining.agree(
            by=fifth,
            joining=joining.name_someone(by=self.people[0], pod=forming, person=fifth, now=self.now),
            now=self.now,
        )
        carry_due()

    def sharing(self) -> None:
        """Somebody asks for what another shares, and is answered."""
        thing = Asset.objects.get(person=self.people[0])
        made = asks.ask(by=self.people[1], asset=thing, text="For the Thistledown?", until=None, now=self.now)
        asks.take(by=self.people[0], ask=made, step=Step.YES, now=self.now)
        Asset.objects.filter(pk=thing.pk).update(fresh_until=self.now + timedelta(days=20))
        freshness.ask_again(now=self.now)
        row = {"who": self.people[2].ref, "email": "", "kind": "tool", "what": "Fennel", "limits": "", "seen": "pod"}
        stack = stacks.keep(stack=stacks.begin(by=self.boss, now=self.now), rows=[row], now=self.now)
        stacks.enter(stack=stack, now=self.now)
        carry_due()

    def gatherings(self) -> None:
        """Somebody comes, is reminded, waits, gets a seat, and hears of a change and that it was called off."""
        said = {"kind": "assembly", "title": "Thistledown", "minutes": 60, "place": "Brackenridge", "capacity": 1}
        plan = Plan(**said, address="Door code 4711", starts_at=self.now + timedelta(hours=20))
        by, comes, waits = self.people[1:4]
        held = plans.hold(by=by, plan=plan, time_zone="America/New_York", now=self.now)
        for person in (comes, waits):
            seats.come(by=person, gathering=held, party=Party(), now=self.now)
        reminding.remind_due(now=self.now)
        carry_due()
        seats.stay_away(by=comes, gathering=held, now=self.now)
        carry_due()
        moved = replace(plan, place="Fennel")
        held = plans.change(by=by, gathering=held, plan=moved, seen=held.changed_at, now=clock.now())
        carry_due()
        plans.cancel(by=by, gathering=held, now=clock.now())
        carry_due()

    def proposals(self) -> None:
        """A pod that is proposed, and five who are interested in it."""
        neighbours = [self.person(n) for n in range(60, 66)]
        for person in neighbours:
            clusters.be_willing(person=person, block=self.pod.block, now=self.now)
            for skill in ("tenant_rights", "van", "legal_observer", "first_aid"):
                offer(person, skill, now=self.now)
        clusters.compute_due(now=self.now)
        for person in neighbours[:5]:
            clusters.say(
                person=person, cluster=Cluster.objects.get(kind="pod"), word=ClusterWord.INTERESTED, now=self.now
            )
        carry_due()

    def shifts(self) -> None:
        """Somebody with a place is reminded and leaves, two are asked, one stands in; a week is off, and moves."""
        place = stations.laundry(self.now, name="Brackenridge")
        popup = stations.running(self.now, by=self.boss, place=place, name="Thistledown")
        soon, later = list(popup.shifts.all()[:2])
        by, server = self.people[1], stations.role(soon, Role.SERVER)
        shifts.join(shift=soon, role=server, person=by, now=self.now - timedelta(days=9))
        starts_at = self.now + timedelta(hours=20)
        popup.shifts.filter(pk=soon.pk).update(starts_at=starts_at, ends_at=starts_at + timedelta(hours=2))
        popup.shifts.filter(pk=soon.pk).update(next_due_at=self.now)
        shift_turn.turn_due(now=clock.now())
        carry_due()
        asked = self.people[3:5]
        for person in asked:
            popups.offer(popup=popup, person=person, willing=True, now=self.now)
        shifts.leave(shift=soon, person=by, now=clock.now())
        carry_due()
        shift_answers.answer(shift=soon, person=asked[0].pk, say="yes", version=1, now=clock.now())
        carry_due()
        shifts.join(shift=later, role=stations.role(later, Role.LEAD), person=by, now=self.now)
        shifts.close_week(shift=later, why=ClosedFor.REST, now=clock.now())
        carry_due()
        shifts.open_after_all(shift=later, now=clock.now())
        supplies.bring(shift=later, ref=later.supplies.all()[0].ref, person=asked[1], willing=True, now=self.now)
        rhythm = Rhythm((popup.weekday + 1) % 7, popup.starts, 60)
        plan = moves.Plan(popup.place, rhythm, stations.ROLES)
        moves.move(popup=popup, plan=plan, version=popup.version, now=clock.now())
        carry_due()

    def letters(self) -> None:
        """Codes to sign in with, an address that is taken, and an invitation from a list."""
        person = self.people[0]
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
        spoken = {"Accept-Language": self.language}
        for path, form in (("/sign-in/", {"login": person.email}), ("/password/forgotten/", {"email": person.email})):
            assert Client().post(path, form, headers=spoken).status_code == 302
        Neighbourhood.objects.update(open_signup=True)
        for address in (person.email, "new@example.org"):
            form = {"username": "Zenobia", "email": address, "language": self.language}
            assert Client().post("/sign-up/", form, headers=spoken).status_code == 302
        sheet = read(f"Name,E-mail,Skills,Language\nZenobia,z@example.net,thatching,{self.language}".encode())
        roster.confirm(draft=roster.keep(by=self.boss, sheet=sheet, now=self.now), now=self.now)
        carry_due()


@pytest.fixture(params=[code for code, _name in settings.LANGUAGES])
def sent(request, smtp_sink):
    """Every message that the house can send, by its kind, as the mail server got it."""
    life = Life(request.param)
    life.calls()
    life.joinings()
    life.sharing()
    life.gatherings()
    life.proposals()
    life.shifts()
    life.letters()
    let_go()
    kind_of = dict(Delivery.objects.values_list("ref", "kind"))
    mails = [(kind_of[mail["Message-ID"].strip("<>").partition("@")[0]], mail) for mail in smtp_sink.mails]
    return request.param, mails


def parts(mail) -> tuple[str, str]:
    """The words of both halves of a mail, the second as a preview shows it."""
    page = mail.get_body(("html",)).get_content()
    shown = re.sub(r"<head>.*?</head>|<[^>]*>", " ", page, flags=re.DOTALL)
    return mail.get_body(("plain",)).get_content(), " ".join(html.unescape(shown).split())


def forbidden(language: str) -> set[str]:
    with translation.override(language):
        built_in = {str(name) for names in (BUILT_IN_KINDS, BUILT_IN_SKILLS) for name in names.values()}
    return {word.casefold() for word in (*OWN, *GENERAL[language], *built_in)}


def test_no_message_tells_anything_in_its_preview(sent):
    language, mails = sent
    said = {kind for kind, _mail in mails}
    assert kinds.registered() - {kinds.LETTER} <= said
    assert len(mails) > 30
    words = forbidden(language)
    for kind, mail in mails:
        text, shown = parts(mail)
        for seen in (mail["Subject"], " ".join(text.split())[:PREVIEW], shown[:PREVIEW]):
            found = [word for word in words if re.search(rf"\b{re.escape(word)}\b", seen.casefold())]
            assert found == [], (kind, seen)
        for place in ("From", "Subject", "Message-ID", "Auto-Submitted"):
            assert not any(word.casefold() in mail[place].casefold() for word in OWN), (kind, place)


def test_no_message_holds_what_is_sealed_anywhere(sent):
    """Not in the preview, not below it either: names, places and details are behind the link."""
    _language, mails = sent
    for kind, mail in mails:
        whole = mail.as_string() + "".join(parts(mail))
        assert [word for word in OWN if word in whole] == [], kind


def test_every_message_is_in_two_parts_with_one_link(sent):
    language, mails = sent
    for kind, mail in mails:
        assert mail.get_content_type() == "multipart/alternative", kind
        text, _shown = parts(mail)
        page = mail.get_body(("html",)).get_content()
        links = LINK.findall(text)
        assert len(links) <= 1, kind
        if kind.startswith(("call.", "pods.", "sites.ask", "sites.still", "sites.card", "gatherings.")):
            assert len(links) == 1, kind
            assert re.findall(r'href="([^"]*)"', page) == links, kind
        assert not re.search(r"<(img|script|link|iframe|form|object)\b|url\(", page), kind
        assert mail["Content-Language"] == language, kind


def test_the_same_message_sent_again_is_known_by_its_name(smtp_sink):
    """A crash between handing over and writing it down sends twice: the receiver can tell."""
    life = Life("en")
    life.call()
    carry_due()
    Delivery.objects.update(state="queued", handed_off_at=None, due_at=clock.now())
    carry_due()
    let_go()
    by_person: dict[str, list[str]] = {}
    for received in smtp_sink.received:
        by_person.setdefault(received.recipients[0], []).append(received.mail["Message-ID"])
    assert all(len(names) == 2 and len(set(names)) == 1 for names in by_person.values())
    assert len({names[0] for names in by_person.values()}) == len(by_person) > 1
