"""The audit fails closed: weak, unknown, or silent."""

import json

import pytest

from config.audit import verdict

FINE = json.dumps({"dependencies": [{"name": "pot", "version": "1", "vulns": []}], "fixes": []})
WEAK = json.dumps({"dependencies": [{"name": "lid", "version": "1", "vulns": [{"id": "PYSEC-1"}]}]})
SKIPPED = json.dumps({"dependencies": [{"name": "pot", "version": "1", "skip_reason": "not found"}]})


@pytest.mark.parametrize(
    ("status", "report", "allowed", "expected"),
    [
        (0, FINE, False, 0),
        (1, WEAK, False, 1),
        (1, WEAK, True, 1),
        (1, SKIPPED, False, 1),
        (1, SKIPPED, True, 0),
        (1, "", False, 1),
        (0, "", False, 1),
        (1, "", True, 0),
        (1, FINE, False, 1),
    ],
)
def test_verdict(status, report, allowed, expected):
    assert verdict(status, report, offline_allowed=allowed)[0] == expected
