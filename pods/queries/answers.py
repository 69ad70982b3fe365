"""A one-tap link and what its page says: the call as the person it asked may see it without signing in."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext

from commons.notices.queries.links import alive_link, number_in
from commons.people.models import Person
from pods.models import Call, CallNeed, Invite
from pods.queries import lines, phrases
from pods.queries.calls import closed_short
from pods.queries.comers import arrives_at
from pods.states import LIVE, TURNING, Answer, CallState, InviteState

PURPOSE = "answer"


@dataclass(frozen=True)
class Asked:
    """Whom a link belongs to, and what they were asked."""

    person: Person
    invite: Invite
    call: Call


def asked_by(token: str, now: datetime) -> Asked | None:
    """Return what a link opens; None alike for one that never was, has ended, was revoked or is for something else."""
    link = alive_link(token, PURPOSE, now=now)
    number = number_in(link, "call") if link else None
    if link is None or number is None:
        return None
    invite = (
        Invite.objects.filter(call=number, person=link.person_id)
        .select_related("call__kind", "call__pod", "counted_for")
        .first()
    )
    return Asked(link.person, invite, invite.call) if invite else None


@dataclass(frozen=True)
class AnswerPage:
    """All that the page shows, in its reader's language and zone."""

    call: Call
    invite: Invite
    line: str
    asked_ago: str
    coming: str
    missing: str
    until: str
    said: str
    arrives: str
    closed_short: bool = False

    @property
    def live(self) -> bool:
        """Return whether people are still wanted."""
        return self.call.state in LIVE

    @property
    def covered(self) -> bool:
        """Return whether enough are coming."""
        return self.call.state == CallState.COVERED

    @property
    def over(self) -> bool:
        """Return whether the call has ended."""
        return self.call.state not in TURNING

    @property
    def counted(self) -> bool:
        """Return whether this person is coming and counted for a need."""
        return self.invite.state == InviteState.COMING and self.invite.counted_for_id is not None

    @property
    def can_change(self) -> bool:
        """Return whether an answer would still move something."""
        return self.live or (self.covered and self.invite.state == InviteState.COMING)


def answer_page(asked: Asked, now: datetime) -> AnswerPage:
    """Return what the page says, in two statements; of a call that was closed in three."""
    call, invite = asked.call, asked.invite
    needs = list(CallNeed.objects.filter(call=call).select_related("skill"))
    counts = Invite.objects.filter(call=call, state=InviteState.COMING.value)
    by_need = dict(counts.values_list("counted_for").annotate(Count("id")))
    lacking = [lines.Need(need.skill, max(0, need.count - by_need.get(need.pk, 0))) for need in needs]
    coming = sum(by_need.values())
    at = arrives_at(invite)
    return AnswerPage(
        call=call,
        invite=invite,
        line=lines.safe_line(call, needs, get_language() or "en", timezone.get_current_timezone(), now),
        asked_ago=phrases.ago(call.opened_at, now),
        coming=coming_words(coming),
        missing=lines.needs_phrase(lacking),
        until=phrases.day_and_time(call.deadline_at, now),
        said=invite.answer,
        arrives=phrases.time_or_day(at, now) if at and invite.answer == Answer.COMING else "",
        closed_short=closed_short(call),
    )


def coming_words(count: int) -> str:
    """Return how many are coming, as a sentence."""
    if count == 0:
        return gettext("Nobody is coming yet.")
    said = ngettext("One person is coming.", "%(number)s people are coming.", count)
    return phrases.capital(said % {"number": phrases.number(count)})
