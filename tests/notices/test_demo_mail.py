"""The demo's letter box: really sent mails, shown as text, in the demo alone."""

import importlib
from pathlib import Path

import pytest
from django.test import Client
from django.urls import clear_url_caches

from config.mailsink import Letterbox
from tests.factories import PersonFactory

PLAIN = (
    "Subject: =?utf-8?q?Ma=C3=B1ana?=\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=x\r\n\r\n"
    "--x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nNeighbours need you.\r\nhttp://localhost:8000/a/tok_en-1/\r\n"
    "<script>alert(1)</script>\r\n"
    "--x\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>HTML PART</p><script>alert(2)</script>\r\n--x--\r\n"
)
HTML_ONLY = (
    "Subject: Hm\r\nContent-Type: text/html\r\n\r\n<img src=x onerror=alert(3)><a href='javascript:alert(4)'>x</a>"
)


@pytest.fixture
def box(settings, tmp_path) -> Letterbox:
    settings.DEMO_MAIL_DIR = str(tmp_path / "mail")
    return Letterbox(Path(settings.DEMO_MAIL_DIR))


@pytest.fixture
def demo(settings, db):
    """The addresses of a demo: settings are read when they are first looked at."""
    settings.DEMO = True
    reload_addresses()
    yield Client()
    settings.DEMO = False
    reload_addresses()


def reload_addresses() -> None:
    importlib.reload(importlib.import_module("config.urls"))
    clear_url_caches()


def names(box: Letterbox) -> list[str]:
    return sorted((path.stem for path in box.folder.glob("*.eml")), reverse=True)


def test_the_newest_first_and_one_persons_own(demo, box):
    box.keep(PLAIN.encode(), "ana@example.org")
    box.keep(HTML_ONLY.encode(), "bo@example.org")
    page = demo.get("/demo/mail/").content.decode()
    assert page.index("bo@example.org") < page.index("ana@example.org")
    assert "Mañana" in page
    only = demo.get("/demo/mail/?to=ANA@example.org").content.decode()
    assert "bo@example.org" not in only


def test_one_mail_as_text_with_working_links(demo, box):
    box.keep(PLAIN.encode(), "ana@example.org")
    page = demo.get(f"/demo/mail/{names(box)[0]}/").content.decode()
    assert '<a href="http://localhost:8000/a/tok_en-1/"' in page
    assert "<script>alert" not in page
    assert "HTML PART" not in page


@pytest.mark.parametrize(
    "raw",
    [
        HTML_ONLY.encode(),
        b"",
        b"\x00\xff\xfe",
        b"Subject: =?x-unknown?q?=ff?=\r\n\r\nhello",
        b"Content-Type: text/plain; charset=nonsense\r\n\r\nhello \xff",
        b"Content-Type: multipart/mixed\r\n\r\nno boundary",
        b"Content-Transfer-Encoding: base64\r\n\r\n!!!!",
        b"Subject: a\r\n b\r\n" + b"X: y\r\n" * 5000 + b"\r\n",
    ],
)
def test_a_mail_can_be_as_broken_as_it_likes(demo, box, raw):
    box.keep(raw, "ana@example.org")
    assert demo.get("/demo/mail/").status_code == 200
    answer = demo.get(f"/demo/mail/{names(box)[0]}/")
    assert answer.status_code == 200
    assert b"<img" not in answer.content
    assert b'href="javascript' not in answer.content.replace(b"'", b'"')


@pytest.mark.parametrize("name", ["x", "..%2f..%2fetc%2fpasswd", "00000000000000000001-000001", "%00", "."])
def test_no_other_file_is_read(demo, box, name):
    assert demo.get(f"/demo/mail/{name}/").status_code == 404


def test_an_empty_box_and_none_at_all(demo, box, settings):
    assert "No mail yet" in demo.get("/demo/mail/").content.decode()
    settings.DEMO_MAIL_DIR = settings.DEMO_MAIL_DIR + "/nowhere"
    assert demo.get("/demo/mail/").status_code == 200


def test_as_many_statements_for_sixty_mails_as_for_none(demo, box, django_assert_num_queries):
    with django_assert_num_queries(1):  # the neighbourhood's name on top
        demo.get("/demo/mail/")
    for number in range(60):
        box.keep(PLAIN.encode(), f"n{number}@example.org")
    with django_assert_num_queries(1):
        demo.get("/demo/mail/")


def test_outside_of_the_demo_there_is_no_such_address(client, db):
    member = Client()
    member.force_login(PersonFactory())
    for who in (client, member):
        assert who.get("/demo/mail/").status_code == 404
        assert who.get("/demo/mail/00000000000000000001-000001/").status_code == 404
