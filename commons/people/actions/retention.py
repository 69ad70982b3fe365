"""Obeying the retention policy: what its time is over for is deleted, or emptied, in bounded batches."""

from collections import Counter
from datetime import date, datetime

import structlog
from django.apps import apps
from django.db import models, transaction
from django.db.models import Q

from commons import retention

BATCH = 500

log = structlog.get_logger(__name__)


def purge(now: datetime, batch: int = BATCH) -> Counter[str]:
    """Carry the whole policy out; returns how many rows each rule touched. Safe to run twice, or two at once.

    Not one transaction, on purpose: each batch is its own, so that locks are short and what was done stays done.
    """
    done: Counter[str] = Counter()
    for label, policy in retention.policies().items():
        model = apps.get_model(label)
        for rule in policy.rows:
            if rule.verb == "purge":
                done[f"{label}: {rule.words}"] += _delete(model, _over(model, rule, now), batch)
        for name, rules in policy.columns.items():
            for rule in rules:
                if rule.verb == "blank":
                    done[f"{label}.{name}: {rule.words}"] += _blank(model, name, _over(model, rule, now), batch)
    touched = +done  # without the zeros
    log.info("purged", rules=len(done), rows=touched.total())
    return touched


def _over(model: type[models.Model], rule: retention.Rule, now: datetime) -> Q:
    """Whose time is over."""
    cutoff: datetime | date = now - rule.after
    if not isinstance(retention.moment(model, rule), models.DateTimeField):
        cutoff = (now - rule.after).date()
    if not rule.other:
        return Q(**{f"{rule.path}__lt": cutoff})
    over = apps.get_model(rule.other)._base_manager.filter(**{f"{rule.path}__lt": cutoff})
    return Q(**{f"{rule.ours}__in": over.values(rule.theirs)})


def _delete(model: type[models.Model], over: Q, batch: int) -> int:
    """Locked rows are somebody's work just now: the next run finds them again."""
    rows = model._base_manager.filter(over).order_by().select_for_update(skip_locked=True, of=("self",))
    count = 0
    while True:
        with transaction.atomic():
            keys = [row.pk for row in rows.only("pk")[:batch]]
            if not keys:
                return count
            gone, _ = model._base_manager.filter(pk__in=keys).delete()
        if not gone:  # something in the database keeps them: say so, instead of trying for ever
            raise RuntimeError(f"{model._meta.label}: rows that are due do not go.")
        count += gone


def _blank(model: type[models.Model], name: str, over: Q, batch: int) -> int:
    column = model._meta.get_field(name)
    assert isinstance(column, models.Field)  # a concrete one: the policy's check asks for it
    empty: str | None = None if column.null else ""
    filled = ~Q(**{f"{name}__isnull": True}) if column.null else ~Q(**{name: ""})
    rows = model._base_manager.filter(over & filled).order_by()
    count = 0
    while keys := list(rows.values_list("pk", flat=True)[:batch]):
        count += model._base_manager.filter(pk__in=keys).update(**{name: empty})
    return count
