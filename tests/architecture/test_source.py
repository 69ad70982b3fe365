"""What the house forbids itself, module by module; import-linter sees to who may import whom."""

import ast
import configparser

import pytest

from tests.architecture.house import ROOMS, ROOT, modules, nodes, trees

LONGEST = 300
LONGEST_FUNCTION = 60
# Folders that are no rooms of the program.
BESIDE = {"docs", "locale", "requirements", "static", "templates", "tests", "var"}
# Celery and gunicorn are told of their own life by their own signals; they carry nothing of ours.
OWN_LIFE = {"config/celery.py", "config/gunicorn.conf.py"}


def of(kind):
    return [(path, node) for path, node in nodes() if isinstance(node, kind)]


def test_every_folder_is_held_to_the_contracts():
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter")
    folders = {
        folder.name for folder in ROOT.iterdir() if folder.is_dir() and not folder.name.startswith((".", "_"))
    } - BESIDE
    assert folders == set(contracts["importlinter"]["root_packages"].split()) == set(ROOMS)


def test_every_module_begins_by_saying_what_it_is():
    assert [path for path, tree in trees().items() if not ast.get_docstring(tree)] == []


def test_no_module_is_too_long_to_be_read_at_once():
    tests = {str(path.relative_to(ROOT)): path.read_text() for path in (ROOT / "tests" / "security").rglob("*.py")}
    long = {path: text.count("\n") for path, text in {**modules(), **tests}.items() if text.count("\n") > LONGEST}
    assert long == {}


def test_no_function_is_too_long_to_be_held_in_mind():
    long = [
        f"{path}:{node.lineno} {node.name}"
        for path, node in of((ast.FunctionDef, ast.AsyncFunctionDef))
        if (node.end_lineno or 0) - node.body[0].lineno > LONGEST_FUNCTION
    ]
    assert long == []


def test_nothing_happens_behind_ones_back():
    """No signal receivers: what must flow upward is pulled by the upper app."""
    found = [
        f"{path}:{node.lineno}"
        for path, node in of(ast.ImportFrom)
        for name in (*(alias.name for alias in node.names), node.module or "")
        if "signals" in name or name == "receiver"
    ]
    assert [place for place in found if place.partition(":")[0] not in OWN_LIFE] == []


def test_saving_does_nothing_but_save():
    """Models hold columns and vocabulary; what else is to happen is an action."""
    found = [
        f"{path}:{node.lineno} {node.name}"
        for path, node in of(ast.FunctionDef)
        if "/models" in path and node.name in {"save", "delete", "full_clean"}
    ]
    assert found == []


def test_imports_can_be_seen():
    """What is imported by a name in a string, no contract sees; config stands on top and may import all."""
    called = [
        (path, node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", ""))
        for path, node in of(ast.Call)
        if not path.startswith("config/")
    ]
    assert [one for one in called if one[1] in {"import_module", "__import__", "import_string", "exec", "eval"}] == []


def test_nothing_waits_in_the_queue():
    """Due times are columns: no message to a worker has a time or carries more than which row."""
    words = {"countdown", "eta"}
    found = [f"{path}:{node.value.lineno}" for path, node in of(ast.keyword) if node.arg in words]
    assert found == []


@pytest.mark.parametrize("name", ["utils.py", "helpers.py", "misc.py", "signals.py", "admin.py"])
def test_no_room_has_a_cupboard_for_everything(name):
    assert [path for path in modules() if path.endswith(f"/{name}")] == []


def test_the_clock_is_looked_at_at_the_edge_alone():
    """Rules, and whoever decides, are told the time."""
    inside = ("/rules", "/states", "/models", "/access")
    found = [
        f"{path}:{node.lineno}"
        for path, node in of(ast.Attribute)
        if node.attr in {"now", "today", "utcnow"}
        and isinstance(node.value, ast.Name)
        and node.value.id in {"datetime", "date", "timezone", "clock"}
        and any(place in path for place in inside)
    ]
    assert found == []


def test_every_kind_of_message_that_is_queued_can_be_worded():
    """A kind without words would be tried again until it expires, and reach nobody."""
    from commons.notices import kinds

    letters = {"sites.invitation", "people.already_member", kinds.LETTER}
    said = {kind for kind in _kinds_in_code() if kind not in letters}
    assert said
    assert said - kinds.registered() == set()


def _kinds_in_code() -> set[str]:
    """The values given as `kind` to the outbox, constants followed within their module."""
    found = set()
    for tree in trees().values():
        constants = {}
        for node in tree.body:
            if isinstance(node, ast.Assign):
                targets, values = node.targets[0], node.value
                pairs = (
                    zip(targets.elts, values.elts, strict=False)
                    if (isinstance(targets, ast.Tuple) and isinstance(values, ast.Tuple))
                    else [(targets, values)]
                )
                constants |= {
                    name.id: value.value
                    for name, value in pairs
                    if isinstance(name, ast.Name) and isinstance(value, ast.Constant)
                }
        for node in ast.walk(tree):
            name = getattr(node.func, "attr", getattr(node.func, "id", "")) if isinstance(node, ast.Call) else ""
            if name in {"enqueue", "_tell"}:
                for value in [keyword.value for keyword in node.keywords if keyword.arg == "kind"] + node.args[1:2]:
                    if isinstance(value, ast.Constant):
                        found.add(value.value)
                    elif isinstance(value, ast.Name) and value.id in constants:
                        found.add(constants[value.id])
                    elif isinstance(value, ast.Attribute):
                        found |= _named(value.attr)
    return {kind for kind in found if isinstance(kind, str) and "." in kind}


def _named(attribute: str) -> set[str]:
    from pods.actions import asking, turn

    return {getattr(module, attribute) for module in (asking, turn) if isinstance(getattr(module, attribute, 0), str)}
