"""Everything a person reads can be read in Spanish: the catalogue is whole, and says what the house says.

Told without gettext's programs: from the catalogue, the modules and the templates themselves.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

from tests.architecture.house import ROOT, nodes, templates

SPANISH = ROOT / "locale" / "es" / "LC_MESSAGES" / "django.po"
TEMPLATES = ROOT / "templates"
# What xgettext looks for, and how many of its arguments are texts: (context, texts).
CALLS = {
    "_": (0, 1),
    "gettext": (0, 1),
    "gettext_lazy": (0, 1),
    "gettext_noop": (0, 1),
    "ngettext": (0, 2),
    "ngettext_lazy": (0, 2),
    "pgettext": (1, 1),
    "pgettext_lazy": (1, 1),
    "npgettext": (1, 2),
    "npgettext_lazy": (1, 2),
}
IN_TEMPLATES = re.compile(
    r"\b(gettext|ngettext|pgettext|npgettext|_)\(((?:\s*u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"),?)+)"
)
HOLES = re.compile(r"%\(\w+\)[sd]|(?<!%)%[sd]|{\w*}|<[^>]+>")
MEND = "run `make messages` and translate what is new"

Key = tuple[str, str]


@cache
def catalog() -> Catalog:
    with SPANISH.open("rb") as file:
        return read_po(file, locale="es", abort_invalid=True)


def messages() -> list[Message]:
    return [message for message in catalog() if message.id]


def forms(said: object) -> list[str]:
    """The texts of a message or of its translation: one, or one for each number."""
    return [str(form) for form in said] if isinstance(said, tuple | list) else [str(said)]


def key(message: Message) -> Key:
    return (message.context or "", forms(message.id)[0])


def holes(text: str) -> list[str]:
    return sorted(HOLES.findall(text))


def said_in_modules() -> Iterator[Key]:
    for _path, node in nodes():
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id not in CALLS:
            continue
        context, texts = CALLS[node.func.id]
        words = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
        if len(words) >= context + texts:
            yield (words[0] if context else "", words[context])


def said_in_templates() -> Iterator[Key]:
    for path in templates():
        source = templatize((ROOT / path).read_text(encoding="utf-8"), origin=path)
        for call, arguments in IN_TEMPLATES.findall(source):
            words = ast.literal_eval(f"[{arguments}]")
            context, _texts = CALLS[call]
            yield (words[0] if context else "", words[context])


def test_the_header_names_the_language_and_its_plurals():
    assert str(catalog().locale) == "es"
    assert catalog().header_comment.startswith("# Spanish")
    assert catalog().plural_forms == "nplurals=2; plural=(n != 1);"
    assert not catalog().fuzzy


def test_nothing_is_left_in_english_or_half_done():
    bare = [
        key(one) for one in messages() if len(forms(one.string)) != len(forms(one.id)) or not all(forms(one.string))
    ]
    assert bare == []
    assert [key(one) for one in messages() if one.fuzzy] == []


def test_what_is_filled_in_stands_in_both_languages():
    wrong = [
        key(one)
        for one in messages()
        for english, spanish in zip(forms(one.id), forms(one.string), strict=True)
        if holes(english) != holes(spanish)
    ]
    assert wrong == []


def test_texts_begin_and_end_alike():
    """Spaces and line breaks at either end are part of the layout."""
    edges = re.compile(r"^\s*|\s*$")
    wrong = [
        key(one)
        for one in messages()
        for english, spanish in zip(forms(one.id), forms(one.string), strict=True)
        if edges.findall(english) != edges.findall(spanish)
    ]
    assert wrong == []


def test_everything_the_house_says_is_in_the_catalogue_and_nothing_else():
    known = {key(one) for one in messages()}
    said = {*said_in_modules(), *said_in_templates()}
    assert said - known == set(), MEND
    assert known - said == set(), MEND


def test_texts_are_marked_by_names_that_are_looked_for():
    """`gettext as _now` translates, and is never found by those who collect the texts."""
    renamed = [
        f"{path}:{node.lineno} {alias.name} as {alias.asname}"
        for path, node in nodes()
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.asname and (alias.asname not in CALLS or CALLS[alias.asname] != CALLS.get(alias.name))
    ]
    assert renamed == []


@pytest.mark.parametrize("word", ["usuario", "usuaria", "cliente", "beneficiari"])
def test_people_are_neighbours_in_spanish_too(word):
    assert [key(one) for one in messages() if word in " ".join(forms(one.string)).lower()] == []
