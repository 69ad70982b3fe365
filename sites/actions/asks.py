"""Asking a neighbour for what they share; lending a tool and having it back."""

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from commons.notices.actions.outbox import enqueue
from commons.notices.states import Urgency
from commons.people.models import Person
from commons.web.refusal import Refused
from sites.models import Ask, AskLine, Asset
from sites.queries import asks as queries
from sites.rules import asks as rules
from sites.rules.asks import Side, Step
from sites.states import LENT, AssetKind, LendingState

KIND = "sites.ask"
OPEN_MOST = 10
LINES_MOST = 40
TOLD_WITHIN = timedelta(days=3)
BATCH = 200


@transaction.atomic
def ask(*, by: Person, asset: Asset, text: str, until: date | None, now: datetime) -> Ask:
    """Ask for something; a tool until a day. The person who shares it is told that something waits for them.

    `asset` was fetched through what `by` may see. Raises `Refused` for one's own things, for a day that doesn't fit,
    where the same person asks already, and where they ask for very many things at once.
    """
    Person.objects.select_for_update().get(pk=by.pk)
    loan = asset.kind == AssetKind.TOOL
    if asset.person_id == by.pk:
        raise Refused(_("This is yours."))
    if loan and (until is None or rules.due_refused(until, queries.today_here(now))):
        raise Refused(_("Choose a day within the next two months on which you bring it back."), field="until")
    if queries.asks_of(by).filter(asker=by, state__in=queries.OPEN).count() >= OPEN_MOST:
        raise Refused(_("You are asking for ten things already. Let one of them end first."))
    # What nobody answered for a month doesn't stand in the way of asking again.
    _lapse(asset.pk, now)
    try:
        with transaction.atomic():
            made = Ask.objects.create(
                asset=asset,
                asker=by,
                loan=loan,
                due_on=until if loan else None,
                asked_at=now,
                moved_at=now,
                lapses_at=now + rules.LAPSES_AFTER,
            )
    except IntegrityError:
        raise Refused(_("You have asked for this already.")) from None
    AskLine.objects.create(ask=made, by=by, text=text, at=now)
    _tell(made, asset.person_id, now)
    return made


@transaction.atomic
def take(*, by: Person, ask: Ask, step: Step, now: datetime) -> Ask:
    """Take a step: yes, no, handed over, came back … Tells the other one, once for each step.

    Of two who press at once the second is told how it stands. Only one person at a time can have a tool.
    """
    locked = Ask.objects.select_for_update(of=("self",)).select_related("asset").get(pk=ask.pk)
    side = queries.side_of(locked, by)
    goal = rules.after(step, state=LendingState(locked.state), side=side, loan=locked.loan)
    if goal is None:
        raise Refused(_("This has changed meanwhile. Look how it stands now."))
    if goal in LENT and locked.state == LendingState.ASKED:
        _lapse(locked.asset_id, now)
    if step is Step.LONGER and locked.due_on is not None:
        locked.due_on, locked.reminded_at = rules.longer(locked.due_on, queries.today_here(now)), None
    locked.state, locked.moved_at = goal.value, now
    locked.lapses_at = now + rules.LAPSES_AFTER if rules.lapses(goal) else None
    locked.ended_at = now if rules.ended(goal) else None
    try:
        with transaction.atomic():
            locked.save()
    except IntegrityError:
        raise Refused(_("Somebody else has it, or is about to. Say yes once it is back.")) from None
    if step is not Step.WITHDRAW:
        _tell(locked, locked.asker_id if side is Side.OWNER else locked.asset.person_id, now)
    return locked


@transaction.atomic
def say(*, by: Person, ask: Ask, text: str, now: datetime) -> AskLine:
    """Write to the other one. They are told once, not for every line: again only after they have answered."""
    locked = Ask.objects.select_for_update(of=("self",)).select_related("asset").get(pk=ask.pk)
    if locked.state not in queries.OPEN:
        raise Refused(_("This is over. Ask again if you need something."))
    said = AskLine.objects.filter(ask=locked).order_by("-id").values_list("by_id", flat=True)[:LINES_MOST]
    if len(said) >= LINES_MOST:
        raise Refused(_("Forty lines are the most. Meet, and talk."))
    line = AskLine.objects.create(ask=locked, by=by, text=text, at=now)
    if not said or said[0] != by.pk:
        _tell(locked, locked.asker_id if by.pk == locked.asset.person_id else locked.asset.person_id, now)
    return line


@transaction.atomic
def remind(*, now: datetime) -> int:
    """Tell those who have had a tool for longer than agreed, once; return how many were told. Safe to run twice."""
    late = Ask.objects.filter(
        state=LendingState.OUT.value, due_on__lt=queries.today_here(now), reminded_at=None
    ).select_for_update(skip_locked=True)
    found = list(late[:BATCH])
    for one in found:
        one.reminded_at = now
        one.save(update_fields=["reminded_at"])
        _tell(one, one.asker_id, now)
    return len(found)


def _lapse(asset_id: int, now: datetime) -> None:
    """End what ran out of itself, so that it holds nothing up."""
    over = Ask.objects.filter(asset=asset_id, state__in=queries.OPEN, lapses_at__lte=now)
    over.update(state=LendingState.WITHDRAWN.value, ended_at=now, lapses_at=None)


def _tell(ask: Ask, person: int, now: datetime) -> None:
    Ask.objects.filter(pk=ask.pk).update(told=ask.told + 1)
    ask.told += 1
    enqueue(
        subject=ask.subject,
        kind=KIND,
        people=[person],
        round=ask.told,
        urgency=Urgency.SOON,
        now=now,
        expires_at=now + TOLD_WITHIN,
    )
