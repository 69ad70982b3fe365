"""The house as files: what the tests of its shape look through."""

import ast
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("config", "commons", "sites", "pods")


@cache
def modules() -> dict[str, str]:
    """Every module of the house by its path, without migrations: those are written by a machine."""
    found = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py") if "migrations" not in path.parts)
    return {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in found}


@cache
def trees() -> dict[str, ast.Module]:
    """The same, parsed."""
    return {path: ast.parse(text) for path, text in modules().items()}


@cache
def nodes() -> list[tuple[str, ast.AST]]:
    """Everything that stands in the modules, each with its module's path."""
    return [(path, node) for path, tree in trees().items() for node in ast.walk(tree)]


@cache
def templates() -> dict[str, str]:
    """Every template by its path, without what it says to its writers."""
    said = re.compile(r"{%\s*comment.*?{%\s*endcomment\s*%}|{#.*?#}", re.DOTALL)
    found = sorted((ROOT / "templates").rglob("*.html"))
    return {str(path.relative_to(ROOT)): said.sub("", path.read_text(encoding="utf-8")) for path in found}
