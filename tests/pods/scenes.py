"""A pod of seven with names, a call that is out, and the links of those it asked."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.test import Client

from commons import clock
from commons.notices.models import Link
from commons.people.models import Person
from pods.actions import answers, calls
from pods.models import Call, CallKind, Invite, Pod
from pods.states import Answer, Via
from sites.models import Neighbourhood
from tests.factories import PersonFactory, PodFactory, SkillFactory, offer

NAMES = ("Nuria", "Terrence", "Wei", "Amina", "Rosa", "Dawit", "Linh")


@dataclass
class Scene:
    """A pod, its people by name, and the time."""

    pod: Pod
    people: dict[str, Person]
    now: datetime

    def __getitem__(self, name: str) -> Person:
        return self.people[name]

    def raise_call(
        self,
        *,
        by: str = "Nuria",
        kind: str = "eviction",
        needs: list[tuple[str | None, int]] | None = None,
        needed_in: timedelta = timedelta(hours=2),
        **more: Any,
    ) -> Call:
        """Raise a call for an interpreter and two people, unless told otherwise."""
        wanted = [("interpreter_es", 1), (None, 2)] if needs is None else needs
        return calls.raise_call(
            **{
                "by": self[by],
                "pod": self.pod,
                "kind": CallKind.objects.get(key=kind),
                "block": self.pod.block,
                "cross_street": "Franklin & 4th",
                "details": "Door code 4711, ask for the Ortegas",
                "needed_at": self.now + needed_in,
                "needs": [(SkillFactory(key=key) if key else None, count) for key, count in wanted],
                "now": self.now,
                **more,
            }
        )

    def answer(self, call: Call, name: str, answer: Answer, *, minutes: int | None = None, key: str = "") -> None:
        """Let somebody answer."""
        answers.answer_call(
            call_id=call.pk,
            person_id=self[name].pk,
            answer=answer,
            minutes=minutes,
            via=Via.LINK,
            key=key or f"{name}-{answer}-{minutes}".ljust(16, "_"),
            now=clock.now(),
        )


def scene(names: tuple[str, ...] = NAMES, pod: str = "Mill Row Pod") -> Scene:
    """Return a pod of these people; the first is an interpreter."""
    Neighbourhood.objects.get_or_create(
        only=True, defaults={"name": "Mill Row Mutual Aid", "time_zone": "America/New_York", "emergency_number": "911"}
    )
    people = {name: PersonFactory(handle=name, time_zone="America/New_York") for name in names}
    offer(people[names[0]], "interpreter_es", now=clock.now())
    return Scene(PodFactory(name=pod, members=list(people.values())), people, clock.now())


def asked(call: Call) -> list[Person]:
    """Return those whom the call has asked, in the order of asking."""
    return [invite.person for invite in Invite.objects.filter(call=call).select_related("person").order_by("id")]


def link_of(call: Call, person: Person) -> str:
    """Return the path of the link in this person's message."""
    link = Link.objects.get(purpose="answer", subject=call.subject, person=person)
    return f"/a/{link.token()}/"


def sign_in(person: Person) -> Client:
    """Return a browser in which this person is signed in."""
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client
