"""Every page that shows several things asks the database as often for thirty as for one."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from commons import clock
from commons.people.models import Absence, Invitation
from pods.actions import joining
from pods.actions.calls import raise_call
from pods.models import CallKind, Joining, Membership, Pod
from sites.models import Skill
from tests.factories import BlockFactory, PersonFactory, PodFactory, offer, organizer
from tests.security.world import TODAY, neighbourhood, signed_in

pytestmark = pytest.mark.django_db


class Reader:
    """An organizer with a pod of her own, and ways to fill her pages."""

    def __init__(self) -> None:
        neighbourhood()
        self.now = clock.now()
        self.person = organizer(PersonFactory(handle="Olga"), now=self.now)
        self.pod = PodFactory(members=[self.person, *(PersonFactory() for _ in range(4))], name="Own")

    def organizers(self, count: int) -> None:
        for _ in range(count):
            organizer(PersonFactory(), now=self.now)

    def invitations(self, count: int) -> None:
        for _ in range(count):
            Invitation.fresh(inviter=self.person, made_at=self.now, expires_at=self.now + timedelta(days=7)).save()

    def rest(self, count: int) -> None:
        for place in range(count):
            first = TODAY + timedelta(days=3 * (place + (count > 1)))
            Absence.objects.create(person=self.person, days=(first, first + timedelta(days=1)))

    def blocks(self, count: int) -> None:
        for _ in range(count):
            BlockFactory()

    def pods(self, count: int) -> None:
        for _ in range(count):
            PodFactory(members=5, block=self.pod.block)

    def kinds(self, count: int) -> None:
        for place in range(count):
            CallKind.objects.create(key=f"own-{place}", own_name=f"kind {place}")

    def joinings(self, count: int) -> None:
        for _ in range(min(count, 11)):
            joining.name_someone(by=self.person, pod=self.pod, person=PersonFactory(), now=self.now)

    def calls(self, count: int) -> None:
        for place in range(min(count, 5)):
            seat = Membership.objects.filter(pod=self.pod).order_by("seat")[place % 5]
            raise_call(
                by=seat.person, pod=self.pod, kind=CallKind.objects.get(key="eviction"), block=self.pod.block,
                cross_street="Oak & 3rd", details="", needed_at=self.now + timedelta(hours=3),
                needs=[(None, 2)], now=self.now,
            )  # fmt: skip

    def skills(self, count: int) -> None:
        for place in range(count):
            key = f"skill-{place}"
            Skill.objects.create(key=key, own_name=key, sort_key=key)
            for seat in Membership.objects.filter(pod=self.pod):
                offer(seat.person, key, now=self.now)

    def many_pods(self, count: int) -> None:
        """Seats in so many pods, each with a call and somebody who would like to join."""
        for _ in range(min(count, 8)):
            pod = PodFactory(members=[*(PersonFactory() for _ in range(4)), self.person], block=self.pod.block)
            other = Pod.objects.get(pk=pod.pk)
            joining.name_someone(by=self.person, pod=other, person=PersonFactory(), now=self.now)


PAGES = {
    "organizers": ("organizers", lambda _: []),
    "invitations": ("invitations", lambda _: []),
    "rest": ("rest", lambda _: []),
    "neighbourhood": ("blocks", lambda _: []),
    "pods": ("pods", lambda _: []),
    "kinds": ("kinds", lambda _: []),
    "pod_name": ("joinings", lambda reader: [reader.pod.ref]),
    "pod_protocol": ("kinds", lambda reader: [reader.pod.ref]),
    "pod_protocol_kind": ("kinds", lambda reader: [reader.pod.ref, "eviction"]),
    "pod_new": ("blocks", lambda _: []),
    "call_new": ("skills", lambda reader: [reader.pod.ref]),
    "assets": ("skills", lambda _: []),
    "joining": ("joinings", lambda reader: [Joining.objects.filter(pod=reader.pod).first().ref]),
    "who_may": ("pods", lambda _: []),
    "commons": ("organizers", lambda _: []),
    "settings": ("blocks", lambda _: []),
}
MORE = {
    "pod with joinings": ("pod", "joinings"),
    "pod with calls": ("pod", "calls"),
    "pod with skills": ("pod", "skills"),
    "today with joinings": ("today", "joinings"),
    "today with calls": ("today", "calls"),
    "today with pods": ("today", "many_pods"),
    "pods with own pods": ("pods", "many_pods"),
}


def asked(reader: Reader, path: str) -> list[str]:
    browser = signed_in(reader.person)
    browser.get(path)
    with CaptureQueriesContext(connection) as queries:
        answer = browser.get(path)
    assert answer.status_code == 200
    return [query["sql"] for query in queries]


def counts(fill: str, path_of) -> tuple[list[str], list[str]]:
    reader = Reader()
    getattr(reader, fill)(1)
    few = asked(reader, path_of(reader))
    for model in (CallKind, Skill):
        model.objects.filter(own_name__gt="").update(key=f"old-{model.__name__}")
    getattr(reader, fill)(30)
    return few, asked(reader, path_of(reader))


@pytest.mark.parametrize("name", PAGES)
def test_as_many_statements_for_thirty_rows_as_for_one(name):
    fill, arguments = PAGES[name]
    few, many = counts(fill, lambda reader: reverse(name, args=arguments(reader)))
    assert len(many) == len(few), "\n".join(sql for sql in many if sql not in few)


@pytest.mark.parametrize("name", MORE)
def test_so_do_pages_of_several_lists(name):
    page, fill = MORE[name]
    few, many = counts(fill, lambda reader: reverse(page, args=[reader.pod.ref] if page == "pod" else []))
    assert len(many) == len(few), "\n".join(sql for sql in many if sql not in few)
