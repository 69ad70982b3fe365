"""The permissions of the house: who may do what, said in sentences that the 403 page and the access page print."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.utils.module_loading import autodiscover_modules

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise
    from rules.predicates import Predicate


class Forbidden(PermissionDenied):
    """The person may see it and may not do it; the sentence says who could. Answered by the 403 page."""

    def __init__(self, sentence: "StrOrPromise") -> None:
        super().__init__(sentence)
        self.sentence = sentence

    def __str__(self) -> str:
        return str(self.sentence)


@dataclass(frozen=True, eq=False)
class Permission:
    """One line of a table: ``what`` is permitted, and to ``who``: "Members of this pod can raise a call."."""

    name: str
    predicate: "Predicate"
    who: "StrOrPromise"
    what: "StrOrPromise"

    def allows(self, person: Any, obj: Any = None) -> bool:
        """Whether the person may; for templates and queries that ask before showing a button."""
        return bool(self.predicate.test(person, obj))

    def demand(self, person: Any, obj: Any = None) -> None:
        """Raise ``Forbidden`` with the sentence unless the person may."""
        if not self.allows(person, obj):
            raise Forbidden(self.who)


class Table:
    """All permissions of one app, on one page; making a table registers it for the page that prints them all."""

    _all: dict[str, "Table"] = {}

    def __init__(self, app: str, permissions: Sequence[Permission]) -> None:
        self.app = app
        self.permissions = tuple(permissions)
        self._by_name = {permission.name: permission for permission in permissions}
        if len(self._by_name) != len(self.permissions):
            raise ValueError(f"The table of {app} names a permission twice.")
        if app in Table._all:
            raise ValueError(f"There is a table of {app} already.")
        Table._all[app] = self

    def __getitem__(self, name: str) -> Permission:
        return self._by_name[name]

    def __iter__(self) -> Iterator[Permission]:
        return iter(self.permissions)

    def __len__(self) -> int:
        return len(self.permissions)


def tables() -> list[Table]:
    """Every app's table, in the order of the house (each app's ``access`` module is read first)."""
    autodiscover_modules("access")
    return list(Table._all.values())
