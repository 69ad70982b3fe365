"""What waits for someone on their way into a pod: the neutral words of a message, and the cards of Today.

A message names nobody and no pod, and leads to Today, where the cards say what it is about.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from commons.notices import kinds
from commons.notices.kinds import Claimed, Words
from commons.people.models import Person
from commons.web.language import speaking_to
from commons.web.today import SOMETIME, SOON, TODAY, Card
from pods.models import Joining
from pods.queries import joining as queries
from pods.queries.pods import ready_lately
from pods.states import JoiningState

KICKER = gettext_lazy("Pods")


def something_waits(person: Person) -> Words:
    """Return the words of every message that leads to Today: one for all, so that none tells more than another."""
    with speaking_to(person):
        return Words(
            title=gettext("Something waits for you"),
            body=gettext("There is something for you to look at, in your own time. Sign in to see what it is."),
            link=settings.SITE_URL + reverse("today"),
            link_label=gettext("See what waits"),
            language=person.language,
        )


def _subjects(deliveries: Sequence[Claimed]) -> dict[int, int]:
    """Return delivery id → id of the row that it is about."""
    return {delivery.pk: int(delivery.subject.partition(":")[2]) for delivery in deliveries}


def _still_open(deliveries: Sequence[Claimed], now: datetime) -> dict[int, Words | Exception | None]:
    """Word what is still to be done by its reader; nobody is asked for what they did meanwhile."""
    people = Person.objects.in_bulk({d.person_id for d in deliveries if d.person_id is not None})
    about = _subjects(deliveries)
    joinings = Joining.objects.filter(pk__in=set(about.values()), state=JoiningState.OPEN.value, closes_at__gt=now)
    waiting = {joining.pk: joining for joining in joinings.prefetch_related("vouches", "objections")}
    return {
        d.pk: something_waits(people[d.person_id])
        if d.person_id in people and _wanted(waiting.get(about[d.pk]), d)
        else None
        for d in deliveries
    }


def _wanted(joining: Joining | None, delivery: Claimed) -> bool:
    if joining is None:
        return False
    if joining.person_id == delivery.person_id:
        return joining.agreed_at is None
    said = {vouch.person_id for vouch in joining.vouches.all()} | {no.person_id for no in joining.objections.all()}
    return delivery.person_id not in said


def _always(deliveries: Sequence[Claimed], _now: datetime) -> dict[int, Words | Exception | None]:
    """Word what is news whatever happened since."""
    people = Person.objects.in_bulk({d.person_id for d in deliveries if d.person_id is not None})
    return {d.pk: something_waits(people[d.person_id]) if d.person_id in people else None for d in deliveries}


def register() -> None:
    """Tell notices how messages about joining are worded."""
    kinds.composes("pods.joining_agree")(_still_open)
    kinds.composes("pods.joining_vouch")(_still_open)
    kinds.composes("pods.joining_settled")(_always)
    kinds.composes("pods.ready")(_always)


def cards(person: Any, now: datetime) -> Iterable[Card]:
    """Return what waits for this person about joining pods: to say yes, to vouch, and the news."""
    for joining in queries.waiting_for(person, now):
        yield _card(joining, person)
    for joining in queries.settled_lately(person, now):
        yield _news(joining)
    for pod in ready_lately(person, now):
        yield Card(
            urgency=SOMETIME,
            kicker=KICKER,
            title=gettext("%(pod)s is ready") % {"pod": pod.name},
            body=gettext("Five of you agreed. From now on any of you can raise a call."),
            url=reverse("pod", args=[pod.ref]),
            action=gettext("See your pod"),
            tempo="fast",
        )


def _card(joining: Joining, person: Any) -> Card:
    pod, who = {"pod": joining.pod.name}, {"pod": joining.pod.name, "who": joining.person.handle}
    if joining.person_id == person.pk and joining.founder:
        title = gettext("Form %(pod)s together with others?") % pod
        body, action = gettext("You were named as one of its founders. You decide."), gettext("Look and decide")
    elif joining.person_id == person.pk:
        title = gettext("Join %(pod)s?") % pod
        body, action = gettext("A member named you. You decide, and then the pod does."), gettext("Look and decide")
    else:
        title = gettext("%(who)s would like to join %(pod)s") % who
        body = gettext("Do you know them? Two members vouch; any member may object, seen by nobody.")
        action = gettext("See how it stands")
    return Card(
        urgency=TODAY if joining.person_id == person.pk else SOON,
        kicker=KICKER,
        title=title,
        body=body,
        url=reverse("joining", args=[joining.ref]),
        action=action,
        tempo="fast",
    )


def _news(joining: Joining) -> Card:
    admitted = joining.state == JoiningState.ADMITTED.value
    title = gettext("You are in %(pod)s") if admitted else gettext("Not now: %(pod)s")
    return Card(
        urgency=SOMETIME,
        kicker=KICKER,
        title=title % {"pod": joining.pod.name},
        body=gettext("You have a seat. See who is in it, and what it can do.")
        if admitted
        else gettext("There is no seat for you there at this time. That can have many reasons."),
        url=reverse("pod", args=[joining.pod.ref]),
        action=gettext("See the pod"),
        tempo="fast",
    )
