"""What lies near: everything within reach is in the box that the index is asked for, and is counted once."""

import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sites.rules.nearby import FURTHER, NEAR, Near, boxes, count
from sites.rules.shapes import EARTH

# The machine may be busy: that says nothing about a rule.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
latitudes = st.floats(-89, 89)
longitudes = st.floats(-180, 180)


def away(point, distance, bearing):
    """The point so many metres off, by the sphere's own trigonometry."""
    angle, north = distance / EARTH, math.radians(point[0])
    latitude = math.asin(math.sin(north) * math.cos(angle) + math.cos(north) * math.sin(angle) * math.cos(bearing))
    east = math.atan2(
        math.sin(bearing) * math.sin(angle) * math.cos(north),
        math.cos(angle) - math.sin(north) * math.sin(latitude),
    )
    return math.degrees(latitude), (point[1] + math.degrees(east) + 180) % 360 - 180


@patient
@given(st.tuples(st.floats(-80, 80), longitudes), st.floats(0, FURTHER), st.floats(0, 2 * math.pi))
def test_whatever_is_within_reach_is_in_a_box(point, distance, bearing):
    other = away(point, distance, bearing)
    assert any(box.holds(other) for box in boxes(point, FURTHER))


@patient
@given(st.tuples(st.floats(-80, 80), longitudes), st.floats(0, 2 * FURTHER), st.floats(0, 2 * math.pi))
def test_what_is_counted_is_within_reach(point, distance, bearing):
    if min(abs(distance - NEAR), abs(distance - FURTHER)) > 1:
        found = count(point, [away(point, distance, bearing)])
        assert found == Near(int(distance < NEAR), int(distance < FURTHER))


@patient
@given(st.tuples(latitudes, longitudes), st.sampled_from([NEAR, FURTHER]))
def test_boxes_are_on_earth(point, distance):
    for box in boxes(point, distance):
        assert -90 <= box.south <= box.north <= 90
        assert -180 <= box.west <= box.east <= 180


def test_a_box_is_no_wider_than_it_must_be():
    [box] = boxes((39.3, -76.6), FURTHER)
    assert (box.north - box.south) * 111_195 == pytest.approx(2 * FURTHER, rel=0.001)
    assert (box.east - box.west) * 111_195 * math.cos(math.radians(39.3)) == pytest.approx(2 * FURTHER, rel=0.001)


def test_across_the_date_line_there_are_two_boxes_and_neighbours_all_the_same():
    assert len(boxes((-16.8, 179.999), FURTHER)) == len(boxes((-16.8, -179.999), FURTHER)) == 2
    assert count((-16.8, 179.9995), [(-16.8, -179.9995)]) == Near(1, 1)


@pytest.mark.parametrize("pole", [90.0, -90.0])
def test_at_a_pole_every_meridian_is_near(pole):
    [box] = boxes((pole, 12.0), FURTHER)
    assert (box.west, box.east) == (-180, 180)


def test_nothing_is_near_nothing():
    assert count((0, 0), []) == Near(0, 0)
