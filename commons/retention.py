"""The retention policy: read from ``config/retention.yaml``, where it stands in words, and obeyed as it stands there.

A model's ``rows`` are one rule or several; its ``columns`` may have rules of their own:

    keep                                        for good; every column that could be personal needs a rule then
    until they leave                            the person's own row, deleted by themselves
    with person                                 goes when that other row goes (a foreign key that cascades)
    purge after 30 days of call.ended_at        the row is deleted
    purge after 7 days of pods.Call.ended_at where ref is call_ref
    blank after 7 days of ended_at              (columns) emptied, the row stays
    sealed                                      (columns) unreadable without the key file, for as long as the row stays

A column without a rule is error ``casserole.E010`` of ``manage.py check``; a rule that can't be obeyed is ``E011``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml
from django.apps import apps
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core import checks
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from commons.seal import SealedTextField

# What can't hold anything personal: yes or no, a count, a key of the table's own, a word from a fixed list.
HARMLESS = (models.BooleanField, models.IntegerField, models.AutoField, models.UUIDField)
_DUE = r"after (?P<count>\d+) (?P<unit>hour|day)s? of "
_PURGE = re.compile(rf"purge {_DUE}(?P<path>[a-z_.]+)")
_PURGE_ELSEWHERE = re.compile(
    rf"purge {_DUE}(?P<other>\w+\.\w+)\.(?P<path>[a-z_]+) where (?P<theirs>[a-z_]+) is (?P<ours>[a-z_]+)"
)
_BLANK = re.compile(rf"blank {_DUE}(?P<path>[a-z_.]+)")
_WITH = re.compile(r"with (?P<fk>[a-z_]+)")


class PolicyError(Exception):
    """The policy can't be read."""


@dataclass(frozen=True)
class Rule:
    """One rule: what is done, how long after which moment, and where that moment stands."""

    verb: str
    words: str
    after: timedelta = timedelta()
    path: str = ""
    fk: str = ""
    other: str = ""
    theirs: str = ""
    ours: str = ""


@dataclass(frozen=True)
class Policy:
    """What the file says of one model."""

    label: str
    why: str
    rows: tuple[Rule, ...]
    columns: dict[str, tuple[Rule, ...]] = field(default_factory=dict)


def parse(words: str) -> Rule:
    """Read a rule."""
    if words in ("keep", "until they leave", "sealed"):
        return Rule(words.partition(" ")[0], words)
    for verb, pattern in (("purge", _PURGE_ELSEWHERE), ("purge", _PURGE), ("blank", _BLANK), ("with", _WITH)):
        if found := pattern.fullmatch(words):
            said = found.groupdict()
            after = timedelta(**{f"{said.pop('unit')}s": int(said.pop("count"))}) if "count" in said else timedelta()
            said["path"] = said.get("path", "").replace(".", "__")
            return Rule(verb, words, after, **said)
    raise PolicyError(f"Not a rule: {words!r}.")


def policies(path: Path | None = None) -> dict[str, Policy]:
    """The whole policy by model label, in the order of the file."""
    path = path or Path(getattr(settings, "RETENTION_FILE", settings.BASE_DIR / "config/retention.yaml"))
    try:
        said = yaml.safe_load(path.read_text("utf-8"))
        return {label: _policy(label, entry) for label, entry in said.items()}
    except (OSError, yaml.YAMLError, AttributeError, KeyError, TypeError) as error:
        raise PolicyError(f"The retention policy can't be read: {type(error).__name__}: {error}") from error


def _policy(label: str, entry: dict[str, Any]) -> Policy:
    rows = entry["rows"] if isinstance(entry["rows"], list) else [entry["rows"]]
    columns: dict[str, tuple[Rule, ...]] = {}
    for words, names in entry.get("columns", {}).items():
        for name in names:
            columns[name] = (*columns.get(name, ()), parse(words))
    if unknown := set(entry) - {"why", "rows", "columns"}:
        raise PolicyError(f"{label} says {sorted(unknown)}, which nobody obeys.")
    return Policy(label, entry["why"], tuple(map(parse, rows)), columns)


def may_be_personal(column: models.Field[Any, Any]) -> bool:
    """Whether a column could hold something of a person: whatever isn't known to be harmless could."""
    if column.is_relation:
        return column.related_model is apps.get_model(settings.AUTH_USER_MODEL)
    if isinstance(column, ArrayField):
        return may_be_personal(column.base_field)
    return not (isinstance(column, HARMLESS) or column.choices)


def tables() -> Iterator[type[models.Model]]:
    """Every model that has a table."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy:
            yield model


@checks.register(checks.Tags.models)
def every_column_has_a_rule(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """``casserole.E010`` and ``E011``."""
    try:
        known = policies()
    except PolicyError as error:
        return [checks.Error(str(error), id="casserole.E011")]
    found = [
        checks.Error(f"The retention policy speaks of {label}, which doesn't exist.", id="casserole.E011")
        for label in known.keys() - {model._meta.label for model in tables()}
    ]
    for model in tables():
        policy = known.get(model._meta.label)
        if policy is None:
            found.append(checks.Error("The retention policy has no rule for it.", obj=model, id="casserole.E010"))
            continue
        found += _uncovered(model, policy, known)
        found += [checks.Error(said, obj=model, id="casserole.E011") for said in _impossible(model, policy)]
    return list(found)


def _uncovered(model: type[models.Model], policy: Policy, known: dict[str, Policy]) -> Iterator[checks.Error]:
    if rows_go(model, known):
        return
    for column in model._meta.concrete_fields:
        if may_be_personal(column) and column.name not in policy.columns:
            yield checks.Error(
                "This column may hold something personal and has no rule in the retention policy.",
                hint=f"Its rows stay ({', '.join(rule.words for rule in policy.rows)}): say what becomes of it.",
                obj=column,
                id="casserole.E010",
            )


def rows_go(model: type[models.Model], known: dict[str, Policy], seen: frozenset[str] = frozenset()) -> bool:
    """Whether rows go by themselves, or with the person they belong to: then all their columns do."""
    label = model._meta.label
    if label in seen or label not in known:
        return False
    for rule in known[label].rows:
        if rule.verb in ("purge", "until"):
            return True
        if rule.verb == "with" and rule.fk in _names(model):
            owner = model._meta.get_field(rule.fk).related_model
            if isinstance(owner, type) and rows_go(owner, known, seen | {label}):
                return True
    return False


def _names(model: type[models.Model]) -> set[str]:
    return {column.name for column in model._meta.concrete_fields}


def _impossible(model: type[models.Model], policy: Policy) -> Iterator[str]:
    """What the policy asks of a model that can't be done."""
    for rule in policy.rows:
        if rule.verb in ("blank", "sealed"):
            yield f"{rule.words!r} is for columns, not for rows."
        if rule.verb == "until" and model is not apps.get_model(settings.AUTH_USER_MODEL):
            yield f"{rule.words!r} is for people alone."
        if rule.verb == "with" and not _cascades(model, rule.fk):
            yield f"{rule.words!r}: rows would stay, the key does not cascade."
        if rule.verb == "purge" and not _is_moment(model, rule):
            yield f"{rule.words!r}: there is no such moment."
    for name, rules in policy.columns.items():
        for rule in rules:
            if said := _impossible_column(model, name, rule):
                yield said


def _impossible_column(model: type[models.Model], name: str, rule: Rule) -> str | None:
    if name not in _names(model):
        return f"The retention policy speaks of {name!r}, which doesn't exist."
    column = model._meta.get_field(name)
    assert isinstance(column, models.Field)  # a concrete one, as the names are
    if rule.verb == "sealed" and not isinstance(column, SealedTextField):
        return f"{name!r} is not sealed."
    if rule.verb == "blank" and not (column.null or column.empty_strings_allowed):
        return f"{name!r} can't be blank."
    if rule.verb == "blank" and not _is_moment(model, rule):
        return f"{rule.words!r}: there is no such moment."
    if rule.verb not in ("keep", "sealed", "blank"):
        return f"{rule.words!r} is for rows, not for columns."
    return None


def _cascades(model: type[models.Model], fk: str) -> bool:
    return fk in _names(model) and getattr(model._meta.get_field(fk).remote_field, "on_delete", None) is models.CASCADE


def moment(model: type[models.Model], rule: Rule) -> models.Field[Any, Any]:
    """The column that a rule counts from; raises where there is none."""
    if rule.other:
        model._meta.get_field(rule.ours)
        model = apps.get_model(rule.other)
        model._meta.get_field(rule.theirs)
    *way, last = rule.path.split("__")
    for step in way:
        related = model._meta.get_field(step).related_model
        if not isinstance(related, type):
            raise FieldDoesNotExist(step)
        model = related
    column = model._meta.get_field(last)
    if not isinstance(column, models.DateField):  # a DateTimeField is one, too
        raise FieldDoesNotExist(last)
    return column


def _is_moment(model: type[models.Model], rule: Rule) -> bool:
    try:
        moment(model, rule)
    except (FieldDoesNotExist, LookupError):
        return False
    return True
