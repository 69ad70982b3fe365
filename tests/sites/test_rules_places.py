"""The rules of places: the table of tags, areas, packed shapes, names alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sites.rules import doubles, osm, shapes

TABLE = osm.table()
TAGS = [
    ({"amenity": "laundry"}, "laundry"),
    ({"shop": "dry_cleaning"}, "laundry"),
    ({"highway": "bus_stop"}, "bus_stop"),
    ({"railway": "halt"}, "station"),
    ({"amenity": "doctors"}, "clinic"),
    ({"amenity": "hospital", "healthcare": "clinic"}, "hospital"),
    ({"shop": "convenience"}, "corner_store"),
    ({"amenity": "kindergarten"}, "school"),
    ({"office": "government", "government": "housing"}, "office"),
    ({"office": "government", "government": "tax"}, None),
    ({"amenity": "community_centre"}, "social"),
    ({"disused:amenity": "library"}, None),
    ({}, None),
]


@pytest.mark.parametrize(("tags", "kind"), TAGS)
def test_tags_mean_a_kind(tags, kind):
    assert TABLE.places.first_of(tags) == kind


def test_shops_are_workplaces_unless_they_stand_empty():
    assert list(TABLE.evidence.all_of({"shop": "shoes", "office": "yes"})) == ["workplace"]
    assert list(TABLE.evidence.all_of({"shop": "vacant"})) == []
    assert list(TABLE.evidence.all_of({"man_made": "surveillance"})) == ["camera"]


@pytest.mark.parametrize(
    "text", ["", "[]", "places: {}", "a: [", "{places: {moon: [a=b]}, evidence: {}, backdrop: {}}"]
)
def test_a_broken_table_says_so(text):
    with pytest.raises(osm.TableError):
        osm.table(text)


def test_an_area_has_corners_and_holes():
    ring = [(0.0, 0.0), (0.0, 4.0), (4.0, 4.0), (4.0, 0.0)]
    hole = [(1.0, 1.0), (1.0, 2.0), (2.0, 2.0), (2.0, 1.0)]
    area = shapes.polygon([ring, hole])
    assert (area.holds((3, 3)), area.holds((1.5, 1.5)), area.holds((5, 1))) == (True, False, False)
    assert shapes.from_json(area.as_json()) == area


@pytest.mark.parametrize("text", ["", "1,2,3", "a,b,c,d", "1,2,0,3", "1,2,3,2", "nan,1,2,3", "-91,0,1,1", "0,0,inf,1"])
def test_what_is_no_box_is_refused(text):
    with pytest.raises(shapes.NoArea):
        shapes.parse_box(text)


POINTS = st.tuples(st.integers(-90_000_000, 90_000_000), st.integers(-180_000_000, 180_000_000))


@given(st.lists(st.lists(POINTS.map(lambda point: (point[0] / 1e6, point[1] / 1e6)), max_size=9), max_size=4))
def test_packed_shapes_come_out_as_they_went_in(rings):
    found = shapes.unpack(shapes.pack(rings))
    assert [[(round(a, 6), round(b, 6)) for a, b in ring] for ring in found] == rings


def test_the_middle_lies_within_and_metres_are_metres():
    assert shapes.middle([(0, 0), (0, 2), (2, 2), (2, 0), (0, 0)]) == pytest.approx((1, 1))
    assert shapes.middle([(0, 0), (2, 4)]) == (1, 2)
    assert shapes.middle([(1, 1), (1, 1), (1, 1), (1, 1)]) == (1, 1)
    assert shapes.metres((39.3, -76.6), (39.301, -76.6)) == pytest.approx(111.2, abs=0.1)
    assert shapes.metres((39.3, -76.6), (39.3, -76.601)) == pytest.approx(86.05, abs=0.1)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Suds", "SÚDS", True),
        ("St. Mark's Church", "St Marks Church", True),
        ("Enoch Pratt Free Library", "Enoch Pratt", True),
        ("Suds", "Sunshine Laundry", False),
        ("", "", False),
        ("7-Eleven", "", False),
    ],
)
def test_names_alike(one, other, same):
    assert doubles.alike(one, other) is same


def test_a_pile_of_places_upon_one_point_is_looked_through_quickly():
    pile = [doubles.Named(pk, "library", f"{pk:040}", (39.3, -76.6)) for pk in range(300)]
    assert len(list(doubles.likely(pile, 50))) == 50


def test_stops_across_the_street_are_two():
    here = doubles.Named(1, "bus_stop", "Oak & 3rd", (39.3, -76.6))
    across = doubles.Named(2, "bus_stop", "Oak & 3rd", (39.3002, -76.6))
    shelf = doubles.Named(3, "library", "Oak & 3rd", (39.3, -76.6))
    assert list(doubles.likely([here, across, shelf], 9)) == []
