"""Those who come, and those who help from afar, as the pod sees them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import F
from django.utils.translation import gettext

from pods.models import Call, Invite
from pods.queries import phrases
from pods.states import InviteState

if TYPE_CHECKING:
    from commons.people.models import Person


@dataclass(frozen=True)
class Comer:
    """Somebody who comes, or helps from afar, as the pod sees them."""

    name: str
    role: str
    arrives: str
    arrives_at: datetime | None
    afar: bool
    you: bool


def comers_of(call: Call, person: "Person", now: datetime, told_on: datetime) -> list[Comer]:
    """Return those who come, soonest first, then those who help from afar; times on the day of `told_on` alone."""
    rows = (
        Invite.objects.filter(call=call, state__in=[InviteState.COMING, InviteState.AFAR])
        .select_related("person", "counted_for__skill")
        .only(
            "state", "minutes", "answered_at", "person_id", "person__handle", "counted_for__skill__key",
            "counted_for__skill__own_name", "counted_for__count", "counted_for__call_id",
        )
        .order_by("-state", F("answered_at").asc(nulls_last=True), "id")
    )  # fmt: skip
    comers = [_comer(invite, person, now, told_on) for invite in rows]
    return sorted(comers, key=lambda comer: (comer.afar, comer.arrives_at or now))


def _comer(invite: Invite, person: "Person", now: datetime, told_on: datetime) -> Comer:
    afar = invite.state == InviteState.AFAR
    at = arrives_at(invite)
    if afar:
        role = gettext("helps from afar")
    elif invite.counted_for and invite.counted_for.skill:
        role = invite.counted_for.skill.name
    else:
        role = gettext("comes along") if invite.counted_for_id else gettext("comes, beyond what is needed")
    return Comer(
        name=invite.person.handle,
        role=role,
        arrives=phrases.time_or_day(at, now, told_on) if at and not afar else "",
        arrives_at=at,
        afar=afar,
        you=invite.person_id == person.pk,
    )


def arrives_at(invite: Invite) -> datetime | None:
    """Return when somebody who is coming said they would be there."""
    if invite.answered_at is None or invite.minutes is None:
        return None
    return invite.answered_at + timedelta(minutes=invite.minutes)
