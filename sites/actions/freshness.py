"""Asking once a year whether what is offered is still true, and taking an answer by a link without sign-in."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from commons.notices.actions.links import give
from commons.notices.actions.outbox import enqueue
from commons.notices.states import Urgency
from commons.web.refusal import Refused
from sites.actions import assets
from sites.models import Asset
from sites.queries import asset_links as queries
from sites.queries.asset_links import Opened
from sites.queries.assets import ASK_BEFORE

KIND, PURPOSE = "sites.still_true", "still_true"
ANSWER_WITHIN = timedelta(days=30)
BATCH = 500


@transaction.atomic
def ask_again(*, now: datetime) -> int:
    """Ask people whose things fade within a month, by one mail in a month at most; return how many things.

    Each thing is asked about once for each year that it stands: who doesn't answer is left alone. Twice is as once.
    """
    soon = Asset.objects.filter(
        fresh_until__gt=now, fresh_until__lte=now + ASK_BEFORE, asked_again_at=None, pending_until=None,
        person__is_active=True,
    )  # fmt: skip
    found = list(soon.order_by("fresh_until").select_for_update(skip_locked=True, of=("self",))[:BATCH])
    people = {asset.person_id for asset in found}
    # The month is part of its name: the outbox sends the same message to the same person once.
    subject = queries.fresh_subject(now)
    give(purpose=PURPOSE, subject=subject, people=people, expires_at=now + ANSWER_WITHIN)
    enqueue(
        subject=subject, kind=KIND, people=people, urgency=Urgency.BULK, now=now, expires_at=now + ANSWER_WITHIN
    )  # fmt: skip
    Asset.objects.filter(pk__in=[asset.pk for asset in found]).update(asked_again_at=now)
    return len(found)


@transaction.atomic
def answer(*, opened: Opened, do: str, ref: str, now: datetime) -> None:
    """Take what was pressed behind a link: "keep" or "drop" one thing, or "keep_all" and "drop_all".

    Only what the link is about can be answered. Raises `Refused` for what was answered meanwhile, or is lent.
    """
    about = queries.about(opened, now)
    if do in {"keep", "drop"}:
        about = about.filter(ref=ref)
    found = list(about)
    if not found or do not in {"keep", "drop", "keep_all", "drop_all"}:
        raise Refused(_("This was answered already. Thank you."))
    for asset in found:
        if do.startswith("keep"):
            assets.still_true(asset=asset, now=now)
        else:
            assets.take_back(asset=asset, now=now)
