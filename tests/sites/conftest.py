"""What the tests of the neighbourhood share: an organizer, a member, and a list with every oddity that lists have."""

from datetime import datetime

import pytest
from django.test import Client

from commons import clock
from commons.people.models import Person
from sites.actions.map_import import import_file
from sites.models import Popup, Shift
from tests.factories import PersonFactory, organizer
from tests.sites import maps, stations

# As people really keep them: a byte order mark, semicolons, two languages, doubles in capitals, a formula, markup.
ROWS = [
    "Name / nombre;E-mail;Phone;Skills & things to share;Limits;Language;Block",
    "Ofelia;ofelia1@example.com;410-555-0199;;weekends only;ES ;Mill Row",
    "Bartolomé C.;bart2@example.net;;;max 2 hrs;español;Mill Row",
    'Judith;judith3@example.com;555-0107;"Spanish interpreter; bike repair";max 2 hrs;;Fourth & Vine',
    "Prosper T.;prosper4@example.com;+1 410 555 0171;legal observer;has hay fever - no dust;ES ;Upper/Lower Mill",
    "Derek T.;derek5@example.org;555-0107;phone tree;max 2 hrs;español;mill row",
    "Sultana;not-an-address;+1 410 555 0131;bike repair;;ES ;mill row",
    'Zoë;zoe7@example.com;;"carpentry; translation: Vietnamese";no stairs;;',
    'Bo R.;;;"first aid; van (9 seats)";max 2 hrs;English;Upper/Lower Mill',
    "Prosper T.;prosper4@example.com;+1 410 555 0171;legal observer;has hay fever - no dust;ES ;Upper/Lower Mill",
    "DEREK T.;DEREK5@EXAMPLE.ORG;555-0107;phone tree;max 2 hrs;español;mill row",
    'Dario;dario11@example.net;;"=HYPERLINK(""http://example.org"",""click"")";not nights;en;Fourth & Vine',
    ";nobody12@example.com;555-0167;legal observer;not nights;es;mill row",
    '  Nadine   ;nadine13@example.net;;"driving; cooking for 50";;;',
    'Imre;imre14@example.com;4105550131;"<script>alert(1)</script>; driving";max 2 hrs;;Mill Row',
    'Hyo;hyo15@example.com;;"kitchen, church basement; ASL";Call only after 18h… “urgent” only;español;',
    "Wen;wen16@example.org;;nurse;after 6pm;Klingon;",
    "",
    ";;;;;;",
]
ODD = "\ufeff" + "\r\n".join(ROWS) + "\r\n"


@pytest.fixture
def odd_list() -> bytes:
    return ODD.encode()


@pytest.fixture
def now(db) -> datetime:
    return clock.now()


@pytest.fixture
def popup(db) -> Popup:
    """A station that runs, at the time of `stations.NOW`."""
    return stations.running(stations.NOW)


@pytest.fixture
def shift(popup) -> Shift:
    """Its next week."""
    return stations.next_shift(popup, stations.NOW)


@pytest.fixture
def street_map(tmp_path, now) -> None:
    """All that the small map of `maps` holds."""
    import_file(path=maps.write(tmp_path / "map.osm.pbf", maps.EVERYTHING), area=None, now=now)


@pytest.fixture
def olga(now) -> Person:
    """Olga organizes."""
    return organizer(PersonFactory(handle="Olga", email="olga@example.org"), now=now)


@pytest.fixture
def mina(db) -> Person:
    """Mina is a member."""
    return PersonFactory(handle="Mina", email="mina@example.org")


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def as_olga(olga) -> Client:
    return signed_in(olga)


@pytest.fixture
def as_mina(mina) -> Client:
    return signed_in(mina)
