"""Moving every sealed value to the key in use, so that an older key can be thrown away."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.apps import apps
from django.db import models, transaction

from commons import seal
from commons.seal import SealedBytes, SealedTextField
from commons.seal.box import key_id_of
from commons.seal.keys import ring

BATCH = 200


@dataclass(frozen=True)
class Column:
    """A column that the server's own key seals, and how one of its values is sealed anew."""

    model: type[models.Model]
    name: str
    reseal: Callable[[models.Model, bytes], bytes]

    def __str__(self) -> str:
        return f"{self.model._meta.label}.{self.name}"


@dataclass
class Outcome:
    """How many values moved and how many don't open, by column."""

    moved: Counter[str] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)


def rotate(batch: int = BATCH) -> Outcome:
    """Seal anew what an older key has sealed.

    Each batch is a transaction of its own under row locks: pages go on meanwhile, reading under either key.
    """
    outcome = Outcome()
    for column in _sealed_columns():
        last: Any = None
        while (last := _move(column, last, batch, outcome)) is not None:
            pass
    return outcome


def _sealed_columns() -> Iterator[Column]:
    """Texts, and the keys of rows: a model names those in ``wraps``, by column the method that gives the context."""
    for model in apps.get_models(include_auto_created=True):
        for found in model._meta.local_concrete_fields:
            if isinstance(found, SealedTextField) and found.key is None:
                yield Column(model, found.name, partial(_reseal_text, found))
        for name, context in getattr(model, "wraps", {}).items():
            yield Column(model, name, partial(_rewrap, context))


def _reseal_text(sealed: SealedTextField, row: models.Model, blob: bytes) -> bytes:
    return sealed.seal_for(row, sealed.open_for(row, SealedBytes(blob)))


def _rewrap(context: str, row: models.Model, blob: bytes) -> bytes:
    bound = getattr(row, context)()
    return seal.wrap(seal.unwrap(blob, bound), bound)


def _move(column: Column, after: Any, batch: int, outcome: Outcome) -> Any:
    """Move one batch; returns where it ended, or None at the end of the table."""
    rows = column.model._base_manager.filter(**{f"{column.name}__isnull": False}).order_by("pk")
    if after is not None:
        rows = rows.filter(pk__gt=after)
    last = None
    with transaction.atomic():
        for row in rows.select_for_update(of=("self",))[:batch]:
            last = row.pk
            blob = bytes(row.__dict__[column.name])
            try:
                if key_id_of(blob) == ring().current:
                    continue
                column.model._base_manager.filter(pk=last).update(**{column.name: column.reseal(row, blob)})
            except seal.SealBroken:
                outcome.broken[str(column)] += 1
            else:
                outcome.moved[str(column)] += 1
    return last
