"""Typing a stack of cards in the browser: kept while it is typed, entered, nobody else's business."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from commons.people.models import Person
from sites.actions import stacks as actions
from sites.models import Asset
from sites.queries import stacks as queries
from tests.factories import PersonFactory, organizer
from tests.sites.conftest import signed_in
from tests.sites.test_stacks import posted, row, typed


def test_typing_keeping_and_entering(as_olga, olga, mina):
    address = as_olga.post("/assets/stacks/new/").headers["Location"]
    assert as_olga.post("/assets/stacks/new/").headers["Location"] == address, "an empty stack is used again"
    rows = (row(), row(who="Nobody", what="Tent"))
    assert as_olga.post(address, posted(*rows), headers={"HX-Request": "true"}).status_code == 204
    page = as_olga.get(address).content.decode()
    for words in ("goes on the list of Mina", "Nobody here goes by that", "Enter 1 card", 'value="Tent"'):
        assert words in page
    left = as_olga.post(address, posted(*rows, do=["enter"])).headers["Location"]
    assert left not in (address, "/assets/evening/")
    assert Asset.objects.get().person == mina
    assert as_olga.get(address).status_code == 404
    assert as_olga.post(f"{left}forget/").status_code == 302
    assert not queries.stacks_of(olga).exists()


def test_stacks_are_their_typists_alone_and_organizers_business(as_mina, mina, olga, now):
    stack = typed(olga, now, row(what="behind the laundry"))
    other = signed_in(organizer(PersonFactory()))
    for address in (f"/assets/stacks/{stack.ref}/", f"/assets/stacks/{stack.ref}/forget/"):
        assert other.post(address, posted(row())).status_code == 404
        assert as_mina.post(address, posted(row())).status_code == 404
    assert as_mina.post("/assets/stacks/new/").status_code == as_mina.get("/assets/evening/").status_code == 403
    assert stack.ref not in other.get("/assets/evening/").content.decode()


def test_as_many_statements_for_thirty_cards_as_for_one(as_olga, olga, now):
    def count(stack) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert as_olga.get(f"/assets/stacks/{stack.ref}/").status_code == 200
        return len(seen)

    people = [PersonFactory() for _ in range(30)]
    stack = typed(olga, now, row(who=people[0].handle), row(who="x", email="x@example.net"))
    one = count(stack)
    rows = [row(who=person.handle) for person in people] + [row(email=f"x{n}@example.net") for n in range(30)]
    actions.keep(stack=stack, rows=rows, now=now)
    assert count(stack) == one


def test_cards_are_printed_in_each_language(as_mina):
    page = as_mina.get("/assets/cards/?language=es&sheets=3").content.decode()
    assert page.count('class="cut-cards" lang="es"') == 3
    assert "Puedo compartir" in page
    assert as_mina.get("/assets/cards/?language=xx&sheets=9999999").content.decode().count('"cut-cards"') == 1


def test_people_are_not_listed_to_whoever_types(as_olga, olga, mina, now):
    """A name that nobody goes by and one that several go by are told apart; more is not."""
    stack = typed(olga, now, row(who="M"), row(who="Min"))
    page = as_olga.get(f"/assets/stacks/{stack.ref}/").content.decode()
    assert mina.email not in page
    assert Person.objects.filter(handle="Mina").exists()
    assert page.count("Nobody here goes by that") == 2
