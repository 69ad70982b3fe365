"""The neighbourhood's name and blocks: organizers only, positions on the grid."""

from decimal import Decimal

import pytest

from commons.web.refusal import Refused
from sites.actions import neighbourhood as actions
from sites.models import Block, Neighbourhood
from sites.rules.grid import position, snap
from tests.factories import BlockFactory, PodFactory

NAMED = {"name": " Mill  Row ", "time_zone": "America/New_York", "emergency_number": "911"}


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("39.2904, -76.6122", ("39.290", "-76.610")),
        ("39.2904,-76.6122", ("39.290", "-76.610")),
        ("39,2904; -76,6122", ("39.290", "-76.610")),
        ("  0 0 ", ("0.000", "0.000")),
        ("39.2926, 179.9999", ("39.295", "180.000")),
        ("91, 0", None),
        ("0, 181", None),
        ("Franklin & 4th", None),
        ("", None),
        ("39.2904", None),
        ("1e5, 3", None),
        ("39.2904, -76.6122, 3", None),
    ],
)
def test_positions(text, place):
    assert position(text) == (place and (Decimal(place[0]), Decimal(place[1])))


def test_no_position_is_finer_than_the_grid():
    for number in range(-4000, 4000, 7):
        degrees = Decimal(number) / 997
        assert snap(degrees) % Decimal("0.005") == 0
        assert abs(snap(degrees) - degrees) <= Decimal("0.0025")


def test_an_organizer_names_it(as_olga):
    assert as_olga.post("/neighbourhood/", NAMED).status_code == 302
    named = Neighbourhood.objects.get()
    assert (named.name, named.time_zone, named.emergency_number) == ("Mill Row", "America/New_York", "911")
    as_olga.post("/neighbourhood/", {**NAMED, "name": "Mill Row East", "open_signup": "on"})
    named = Neighbourhood.objects.get()
    assert (named.name, named.open_signup) == ("Mill Row East", True)
    assert "Mill Row East" in as_olga.get("/neighbourhood/").content.decode()


@pytest.mark.parametrize(
    "change", [{"name": ""}, {"time_zone": "Nowhere"}, {"emergency_number": "call us"}, {"emergency_number": ""}]
)
def test_what_is_refused(as_olga, change):
    assert as_olga.post("/neighbourhood/", {**NAMED, **change}).status_code == 200
    assert not Neighbourhood.objects.exists()


def test_blocks_are_added_changed_and_removed(as_olga):
    as_olga.post("/neighbourhood/block/", {"name": "Upper/Lower Mill", "place": "39.29041, -76.61219"})
    block = Block.objects.get()
    assert (block.latitude, block.longitude, block.sort_key) == (
        Decimal("39.290"),
        Decimal("-76.610"),
        "upper/lower mill",
    )
    page = as_olga.get("/neighbourhood/block/Upper/Lower%20Mill/").content.decode()
    assert "<h1>Upper/Lower Mill</h1>" in page
    assert 'action="/neighbourhood/block/Upper/Lower%20Mill/remove/"' in page
    assert "Remove" not in as_olga.get("/neighbourhood/block/").content.decode()
    assert "/neighbourhood/block/Upper/Lower%20Mill/" in as_olga.get("/neighbourhood/").content.decode()
    as_olga.post("/neighbourhood/block/Upper/Lower%20Mill/", {"name": "Mill", "place": "39.3, -76.6"})
    block.refresh_from_db()
    assert (block.name, block.latitude) == ("Mill", Decimal("39.300"))
    as_olga.post("/neighbourhood/block/Mill/remove/")
    assert not Block.objects.exists()


def test_no_two_blocks_of_one_name(as_olga):
    actions.write_block(block=None, name="Cañada", latitude=Decimal(1), longitude=Decimal(1))
    answer = as_olga.post("/neighbourhood/block/", {"name": "canada", "place": "1, 1"})
    assert answer.status_code == 409
    assert "a block of this name already" in answer.content.decode()


def test_a_block_that_a_pod_stands_on_stays(as_olga):
    block = PodFactory(block=BlockFactory(name="Mill Row")).block
    with pytest.raises(Refused):
        actions.remove_block(block=block)
    as_olga.post("/neighbourhood/block/Mill%20Row/remove/")
    assert Block.objects.get() == block


@pytest.mark.parametrize("method", ["get", "post"])
def test_organizers_only(as_mina, client, method):
    BlockFactory(name="Mill Row")
    for page in ("/neighbourhood/", "/neighbourhood/block/", "/neighbourhood/block/Mill%20Row/"):
        assert getattr(as_mina, method)(page).status_code == 403
        assert getattr(client, method)(page).status_code == 302
    assert as_mina.post("/neighbourhood/block/Mill%20Row/remove/").status_code == 403
    assert Block.objects.count() == 1
