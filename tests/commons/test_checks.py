"""The house passes its own checks: a gate before every view, a rule for every column."""

from commons import gate
from commons.gate.check import every_view_has_a_gate
from commons.retention import every_column_has_a_rule


def test_every_view_of_the_house_has_a_gate():
    assert every_view_has_a_gate(None) == []
    assert len(list(gate.every_door())) > 20


def test_every_column_of_the_house_has_a_rule():
    assert every_column_has_a_rule(None) == []


def test_the_checks_are_registered():
    from django.core.checks.registry import registry

    known = {check.__name__ for check in registry.get_checks(include_deployment_checks=True)}
    assert {"every_view_has_a_gate", "every_column_has_a_rule", "the_key_file_is_there"} <= known


def test_the_table_of_who_may_names_everybody_in_a_sentence():
    permissions = [permission for table in gate.tables() for permission in table]
    assert permissions
    assert [permission.name for permission in permissions if not (str(permission.who) and str(permission.what))] == []
    assert len({permission.name for permission in permissions}) == len(permissions)
