"""Faults planted in the call engine one at a time, by which the tests of the engine are measured.

Each is a slip that somebody could make: a check left out, a comparison turned round, a message too many. They are
planted where modules meet, in every module that imported the name, so that rewriting the inside of an action leaves
them in place; a name that is gone fails loudly.
"""

from tests.pods.faults import counting, doors, peace, telling, widening
from tests.pods.faults.planting import FAULTS

__all__ = ["FAULTS", "counting", "doors", "peace", "telling", "widening"]
