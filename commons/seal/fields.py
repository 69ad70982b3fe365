"""The model field: text in Python, ``bytea`` that says nothing in the database.

An instance holds either text that was assigned (``str``) or what was read (``SealedBytes``), which is opened each time
it is looked at and not before: a page that doesn't show it doesn't open it. Writing goes through ``pre_save`` alone
(``save``, ``create``, ``bulk_create``); every other road to the column refuses, for want of a row to bind the value to.
"""

from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.core import checks
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from commons.seal import box
from commons.seal.errors import SealError, SealShredded

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

    _TextField = models.Field[str | None, str | None]
else:
    _TextField = models.Field  # django-stubs' parameters, which the key command must do without


class SealedBytes(bytes):
    """A value as the database has it. Made only from rows and by sealing: its type says that it is no plaintext."""

    def __repr__(self) -> str:
        return f"<sealed, {len(self)} bytes>"


# Set while refresh_from_db carries values from one instance to another: they travel sealed, so that a row whose key was
# shredded can be refreshed like any other.
_carrying: ContextVar[bool] = ContextVar("carrying_sealed", default=False)


def _carrying_sealed(refresh: Callable[..., None]) -> Callable[..., None]:
    @wraps(refresh)
    def refresh_from_db(self: models.Model, *args: Any, **kwargs: Any) -> None:
        token = _carrying.set(True)
        try:
            refresh(self, *args, **kwargs)
        finally:
            _carrying.reset(token)

    refresh_from_db.carries_sealed = True  # type: ignore[attr-defined]
    return refresh_from_db


class SealedAttribute(DeferredAttribute):
    """Opens on reading; takes text, nothing, or what a row held."""

    field: "SealedTextField"

    def __get__(self, instance: models.Model | None, cls: type[models.Model] | None = None) -> Any:
        if instance is None:
            return self
        if _carrying.get():
            return super().__get__(instance, cls)
        if self.field.attname not in instance.__dict__:
            instance.refresh_from_db(fields=[self.field.attname])
        value = instance.__dict__[self.field.attname]
        return self.field.open_for(instance, value) if isinstance(value, SealedBytes) else value

    def __set__(self, instance: models.Model, value: Any) -> None:
        if value is not None and not isinstance(value, (str, SealedBytes)):
            raise TypeError(f"{self.field} takes text or None, not {type(value).__name__}.")
        instance.__dict__[self.field.attname] = value


class SealedTextField(_TextField):
    """Text sealed under the master key, or under the row's own key.

    ``bind`` names the attribute that tells this row from every other: unique, made by the program before the insert.
    ``key`` names an attribute or method of the instance that gives 32 raw bytes; without them the text is gone for good
    (``SealShredded``). Renaming the table, the column or a row's ``bind`` value breaks the seal: reseal by reading and
    saving.
    """

    description = "Text that the database can't read"
    descriptor_class = SealedAttribute
    empty_strings_allowed = False

    def __init__(self, *args: Any, bind: str = "ref", key: str | None = None, **kwargs: Any) -> None:
        self.bind = bind
        self.key = key
        for refused in ("unique", "primary_key", "db_index", "db_default"):
            if kwargs.get(refused, models.NOT_PROVIDED) not in (False, models.NOT_PROVIDED):
                raise TypeError(f"A sealed field has no {refused}: equal texts are sealed differently.")
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """Name the package, not the module, so that migrations outlive a move inside it."""
        name, _path, args, kwargs = super().deconstruct()
        if self.bind != "ref":
            kwargs["bind"] = self.bind
        if self.key is not None:
            kwargs["key"] = self.key
        return name, "commons.seal.SealedTextField", args, kwargs

    def get_internal_type(self) -> str:
        """Stored as ``bytea``."""
        return "BinaryField"

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        """Join the model, and let its rows be refreshed without opening them."""
        super().contribute_to_class(cls, name, private_only)
        if not hasattr(cls.refresh_from_db, "carries_sealed"):
            cls.refresh_from_db = _carrying_sealed(cls.refresh_from_db)  # type: ignore[method-assign]

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        """Errors E021 and E022: what it is bound to has to exist and to be unique."""
        return [*super().check(**kwargs), *self._check_bind()]

    def _check_bind(self) -> list[checks.CheckMessage]:
        try:
            bound = self.model._meta.get_field(self.bind)
        except FieldDoesNotExist:
            return [
                checks.Error(
                    f"Sealed field bound to {self.bind!r}, which doesn't exist.", obj=self, id="casserole.E021"
                )
            ]
        once = {
            fields for fields in (one.fields for one in self.model._meta.total_unique_constraints) if len(fields) == 1
        }
        if not getattr(bound, "unique", False) and (self.bind,) not in once:
            return [
                checks.Error(f"Sealed field bound to {self.bind!r}, which isn't unique.", obj=self, id="casserole.E022")
            ]
        return []

    # How a value is sealed and opened

    def context_of(self, bound: object) -> tuple[str, str, str, str]:
        """Where a value belongs: nowhere else does it open."""
        if bound is None or bound == "":
            raise SealError(f"{self} can't be sealed before {self.bind!r} is set.")
        return ("field", self.model._meta.db_table, str(self.column), str(bound))

    def row_key(self, instance: models.Model) -> bytes | None:
        """The row's own key, or None where the master key seals."""
        if self.key is None:
            return None
        key = getattr(instance, self.key)
        key = key() if callable(key) else key
        if not key:
            raise SealShredded(f"The key of this {instance._meta.verbose_name} is gone, and with it {self.name}.")
        return bytes(key)

    def seal_for(self, instance: models.Model, text: str) -> SealedBytes:
        """Text sealed for this row."""
        context = self.context_of(getattr(instance, self.bind))
        return SealedBytes(box.close(text.encode(), context, self.row_key(instance)))

    def open_for(self, instance: models.Model, value: SealedBytes) -> str:
        """The text of this row's value, or ``SealBroken``, or ``SealShredded``."""
        context = self.context_of(getattr(instance, self.bind))
        return box.open_(value, context, self.row_key(instance)).decode()

    # The roads between instance and database

    def pre_save(self, model_instance: models.Model, add: bool) -> SealedBytes | None:
        """Seal what was assigned; pass what was read on unchanged, to its own row."""
        value = model_instance.__dict__.get(self.attname)
        if isinstance(value, str):
            return self.seal_for(model_instance, value)
        if isinstance(value, SealedBytes) and self.key is None:
            # What was read may be written back to its own row only: elsewhere it would be lost in silence. (Under a
            # row's own key the other row's key opens nothing anyway, and to look would cost a query each time.)
            self.open_for(model_instance, value)
        return value

    def from_db_value(self, value: Any, expression: Any, connection: "BaseDatabaseWrapper") -> SealedBytes | None:
        """Mark what comes from a row."""
        return None if value is None else SealedBytes(value)

    def get_db_prep_value(self, value: Any, connection: "BaseDatabaseWrapper", prepared: bool = False) -> bytes | None:
        """Let sealed values through and nothing else: the last door before the database."""
        if value is None:
            return None
        if not isinstance(value, SealedBytes):  # bulk_update, QuerySet.update, loaddata
            raise SealError(f"{self} is written by saving an instance; this would have stored it unsealed.")
        return bytes(value)  # psycopg sends bytes as bytea

    def get_lookup(self, lookup_name: str) -> Any:
        """Only whether there is one: equal texts are sealed differently, so nothing else could be true."""
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None

    def get_transform(self, lookup_name: str) -> None:
        """Nothing can be computed from it."""

    def value_to_string(self, obj: models.Model) -> str:
        """Keep out of dumpdata."""
        raise SealError(f"{self} is not serialized: a fixture would hold it in the clear.")

    def formfield(self, **kwargs: Any) -> Any:
        """Edited as a longer text."""
        from django import forms

        return super().formfield(**{"form_class": forms.CharField, "widget": forms.Textarea, **kwargs})
