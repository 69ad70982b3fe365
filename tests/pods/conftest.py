"""What the tests of pods share: a pod that can call, and its first member's browser."""

import pytest

from tests.pods.scenes import asked, scene, sign_in


@pytest.fixture
def at():
    return scene()


@pytest.fixture
def as_nuria(at):
    return sign_in(at["Nuria"])


@pytest.fixture
def out():
    """A call that asked some of its pod, and the first of them."""
    at = scene()
    call = at.raise_call()
    return at, call, asked(call)[0]
