"""The engine under everything at once (R-18): never silent, never alerted after the end, never over-called.

The suite walks a short way; `CASSEROLE_LONG=1` walks 500 × 50 steps, and has the walk find each planted fault.
"""

import os

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.factories import NOW
from tests.pods.faults import FAULTS
from tests.pods.seen import build
from tests.pods.walk import Engine

LONG = bool(os.environ.get("CASSEROLE_LONG"))
SHORT_WALK = {"max_examples": 25, "stateful_step_count": 30}
LONG_WALK = {"max_examples": 500, "stateful_step_count": 50}


def walk(**said):
    Engine.world = build(NOW)
    usual = {"deadline": None, "suppress_health_check": list(HealthCheck), "database": None}
    run_state_machine_as_test(Engine, settings=settings(**{**usual, **said}))


@pytest.mark.django_db
def test_the_engine_holds_whatever_happens():
    walk(**(LONG_WALK if LONG else SHORT_WALK))


@pytest.mark.skipif(not LONG, reason="CASSEROLE_LONG=1 plants each fault and has the walk find it")
@pytest.mark.django_db
@pytest.mark.parametrize("fault", FAULTS)
def test_the_walk_finds_what_is_wrong(fault, monkeypatch):
    FAULTS[fault](monkeypatch)
    # Whatever a faulty engine makes of it: the oracle's word, or an error of its own.
    with pytest.raises(Exception):  # noqa: B017, PT011
        walk(max_examples=300, stateful_step_count=50, phases=[Phase.generate], report_multiple_bugs=False)
