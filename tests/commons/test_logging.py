"""The log: says what happened, and nothing that could name a person or open a link."""

import io
import json
import logging

import pytest
import structlog

from commons.web.logging import logging_config, strike_out

TOKEN = "jvC3dzKXJqTf0Wm5oS8p2A_1r-QeYuIhLgBn4xVsMkE"


@pytest.fixture
def written():
    """Read what the configured handler writes, as parsed lines."""
    config = logging_config(debug=False)
    formatter = dict(config["formatters"]["line"])
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter.pop("()")(**formatter))
    root = logging.getLogger()
    root.addHandler(handler)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.removeHandler(handler)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"Internal Server Error: /a/{TOKEN}/", "Internal Server Error: /a/…/"),
        ("GET /a/short/ 404", "GET /a/…/ 404"),
        (f"GET /join/{TOKEN}/ 200", "GET /join/…/ 200"),
        (f"GET /feeds/{TOKEN}", "GET /feeds/…"),
        ("GET /pods/abcdefghij/calls/?next=/me/&q=rosa 200", "GET /pods/abcdefghij/calls/ 200"),
        ("refused for 203.0.113.9:443", "refused for …:443"),
        ("from 2001:db8::ff00:42 and ::1", "from … and …"),
        ("mail to rosa.luz+pod@example.org failed", "mail to …@… failed"),
        ("duplicate key\nDETAIL:  Key (email)=(rosa) already exists.\nend", "duplicate key\nDETAIL: …\nend"),
        ('invalid input syntax for type integer: "rosa"', "invalid input syntax for type integer: …"),
        ("took 0.3 s at 12:30:05, 3 of 4", "took 0.3 s at 12:30:05, 3 of 4"),
        ("commons.web.outage: database_away::retry", "commons.web.outage: database_away::retry"),
    ],
)
def test_what_is_personal_is_struck_out_and_the_rest_is_kept(text, kept):
    assert strike_out(text) == kept


def test_our_own_lines_keep_their_facts_and_lose_persons(written):
    structlog.get_logger("pods.engine").warning(
        "call_overdue", call="abcdefghij", late_s=3, email="rosa@example.org", ip="203.0.113.9", why="mail to a@b.org"
    )
    line = written()[-1]
    assert (line.pop("timestamp")[-1], line) == (
        "Z",
        {
            "event": "call_overdue",
            "call": "abcdefghij",
            "late_s": 3,
            "why": "mail to …@…",
            "level": "warning",
            "logger": "pods.engine",
        },
    )


def test_libraries_are_struck_out_too(written):
    logging.getLogger("some.library").info(
        "sent %s from %s", "rosa@example.org", "203.0.113.9", extra={"request": "GET"}
    )
    line = written()[-1]
    assert (line["event"], "request" in line) == ("sent …@… from …", False)


def test_errors_are_written_without_the_rows_they_quote(written):
    try:
        raise ValueError("row rosa@example.org\nDETAIL:  Failing row contains (7, Rosa).")
    except ValueError:
        logging.getLogger("django.request").exception("Internal Server Error: %s", f"/a/{TOKEN}/")
    said = json.dumps(written()[-1], ensure_ascii=False)
    assert ("ValueError" in said, "Rosa" in said, "rosa" in said, TOKEN in said) == (True, False, False, False)


def test_a_strangers_wandering_is_not_recorded(written):
    logging.getLogger("django.request").warning("Not Found: /wp-admin/")
    assert written() == []
