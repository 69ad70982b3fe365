"""Tiles and cells: what lies where, what a zoom shows, and that nothing grows without bound."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sites.rules import cells, tiles
from sites.rules.grid import coarse
from sites.rules.shapes import Box
from sites.rules.tiles import AROUND, LAST, STEPS, Frame, Shape, Tile

POINTS = st.tuples(st.floats(-84, 84), st.floats(-179, 179))
SPOTS = st.lists(st.tuples(st.integers(-3000, 3000), st.integers(-3000, 3000)), min_size=1, max_size=40)


@given(POINTS, st.integers(9, LAST))
def test_a_point_lies_in_the_tile_that_holds_it(point, zoom):
    across = 2**zoom
    x = min(int((point[1] + 180) / 360 * across), across - 1)
    y = int((1 - math.asinh(math.tan(math.radians(point[0]))) / math.pi) / 2 * across)
    tile = Tile(zoom, x, y)
    spot = Frame.of(tile).spot(point)
    assert all(0 <= part <= STEPS for part in spot)
    corner = Frame.of(tile).spot((tile.box.north, tile.box.west))
    assert max(map(abs, corner)) <= 1


@pytest.mark.parametrize("wrong", [(8, 0, 0), (18, 0, 0), (10, 1024, 0), (10, 0, 1024)])
def test_there_is_no_tile_beyond(wrong):
    with pytest.raises(ValueError, match="no such tile"):
        Tile(*wrong)


@given(SPOTS)
def test_simplified_lines_keep_their_ends_and_stay_near(spots):
    kept = tiles.simplified(spots)
    assert kept[0] == spots[0]
    assert kept[-1] == spots[-1]
    assert len(kept) <= len(spots)
    if len(kept) > 1:
        for spot in spots:
            assert min(tiles._away(spot, start, end) for start, end in pairwise(kept)) <= 1


@given(SPOTS)
def test_packed_steps_lead_along_the_line(spots):
    row = tiles.packed(spots)
    walked = [(row[0], row[1])]
    for x, y in zip(row[2::2], row[3::2], strict=True):
        walked.append((walked[-1][0] + x, walked[-1][1] + y))
    assert walked == spots


@given(st.lists(st.tuples(st.floats(39.28, 39.32), st.floats(-76.66, -76.60)), min_size=3, max_size=30))
def test_a_surface_stays_within_its_tile(ring):
    tile = Tile(15, 9412, 12480)
    kept = tiles.surface(ring, Frame.of(tile))
    assert all(-AROUND <= part <= STEPS + AROUND for spot in kept for part in spot)


def test_a_surface_around_a_tile_fills_it():
    tile = Tile(12, 1176, 1559)
    box = tile.box
    around = Box(box.south - 1, box.west - 1, box.north + 1, box.east + 1).corners()
    kept = tiles.surface([*around, around[0]], Frame.of(tile))
    low, high = -AROUND, STEPS + AROUND
    assert set(kept) == {(low, low), (low, high), (high, low), (high, high)}


def test_a_line_that_passes_elsewhere_is_left_out():
    tile = Tile(14, 4705, 6239)
    box = tile.box
    inside = [(box.south, box.west), (box.north, box.east)]
    outside = [(box.north + 1, box.west), (box.north + 1, box.east)]
    drawn = tiles.drawing([Shape("main", "Oak", [inside]), Shape("main", "", [outside])], Frame.of(tile))
    assert drawn.ways == {"main": [[(0, STEPS), (STEPS, 0)]]}
    assert drawn.names == [("Oak", (0, STEPS), (STEPS, 0))]


def test_further_away_less_is_shown():
    assert [len(tiles.shown(zoom)) for zoom in (9, 11, 12, 14, 17)] == [2, 3, 4, 6, 6]
    assert tiles.smallest(10) > tiles.smallest(16) > 0
    far = tiles.drawing([Shape("main", "Oak", [[(39.3, -76.6), (39.31, -76.6)]])], Frame.of(Tile(12, 1176, 1559)))
    assert far.names == []


def test_a_tile_has_room_for_so_many_points_and_no_more():
    tile = Tile(12, 1176, 1559)
    box = tile.box
    high, wide = box.north - box.south, box.east - box.west
    zigzag = [(box.south + high * (n % 2), box.west + wide * (n % 90) / 90) for n in range(1000)]
    drawn = tiles.drawing([Shape("street", "", [zigzag]) for _ in range(100)], Frame.of(tile))
    assert 0 < sum(len(way) for way in drawn.ways["street"]) <= tiles.POINTS_MOST


@given(POINTS, st.floats(0.001, 3), st.floats(0.001, 3))
def test_a_picture_holds_its_box(corner, high, wide):
    box = Box(corner[0] - high / 2, corner[1] - wide / 2, corner[0] + high / 2, min(180, corner[1] + wide / 2))
    frame = tiles.fitting(box, 1440, 1080)
    around = tiles.frame_box(frame, 1440, 1080)
    slack = 1e-6
    assert around.south <= box.south + slack
    assert around.north >= box.north - slack
    assert around.west <= box.west + slack
    assert around.east >= box.east - slack


def test_a_path_is_written_for_an_svg():
    assert tiles.path("main", [[(1, 2), (3, 1)]]) == "M1 2l2-1"
    assert tiles.path("park", [[(0, 0), (5, 0), (5, 5)]]) == "M0 0l5 0 0 5z"


@given(st.floats(-90, 90), st.integers(0, cells.LEVELS - 1))
def test_a_cell_is_centred_on_a_multiple_of_its_width(degrees, level):
    number, width = cells.cell(degrees, level), cells.width(level)
    middle = number * width + (width / 2 if level == 0 else 0)
    assert abs(degrees - middle) <= width / 2 + 1e-9


@given(POINTS, st.floats(1e-5, 5), st.floats(1e-5, 5))
def test_a_view_has_few_cells_and_all_of_the_box(corner, high, wide):
    box = cells.snapped(Box(corner[0], corner[1], min(90, corner[0] + high), min(180, corner[1] + wide)))
    assert box.holds(corner)
    seen = cells.view(box)
    for low, high_ in ((seen.south, seen.north), (seen.west, seen.east)):
        assert (high_ >> seen.merge) - (low >> seen.merge) <= cells.ACROSS + 1
        assert high_ - low <= 2 * cells.ACROSS + 2 or seen.level == cells.LEVELS - 1


def test_small_moves_ask_for_the_same_box():
    one = cells.snapped(Box(39.2901, -76.6401, 39.3049, -76.6201))
    other = cells.snapped(Box(39.2902, -76.6402, 39.3048, -76.6202))
    assert one == other


@pytest.mark.parametrize(("count", "said"), [(1, 0), (9, 0), (10, 10), (12, 10), (13, 15), (14, 15), (1003, 1005)])
def test_strangers_know_small_numbers_not_at_all_and_others_roughly(count, said):
    assert coarse(count) == said
