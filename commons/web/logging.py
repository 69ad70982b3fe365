"""What the log may say: what happened, where and when; never to whom, from where, or with which link.

One formatter writes every line, our own and the libraries'. Keys that could hold something personal are dropped, and in
all text that remains are struck out: tokens, queries, addresses of the net and of mail, rows that the database quotes.
"""

import logging.config
import re
from collections.abc import MutableMapping
from typing import Any

import structlog

Event = MutableMapping[str, Any]

PERSONAL = frozenset(
    {
        *("address", "ip", "remote_addr", "client", "endpoint", "user_agent", "headers", "cookies", "query", "url"),
        *("person", "user", "handle", "name", "email", "phone", "recipient", "to", "from", "host", "request"),
        *("body", "details", "line", "note", "password", "place", "subject", "text", "token"),
    }
)
_GROUPS = r"[0-9a-fA-F]{1,4}(?::[0-9a-fA-F]{1,4})*"
# Longest first: what a pattern strikes out is no longer seen by those below it.
STRUCK = (
    # PostgreSQL quotes whole rows in these lines of its errors.
    (re.compile(r"(DETAIL|CONTEXT|HINT|STATEMENT|QUERY):.*"), r"\1: …"),
    (re.compile(r"(invalid (?:input|value)[^:\n]*: ).*"), r"\1…"),
    # The part of an address behind the question mark.
    (re.compile(r"(/[^\s\"'?]*)\?[^\s\"']*"), r"\1"),
    # One-tap links, invitations, feeds: whatever stands where a token stands, or is as long as one.
    (re.compile(r"(/a/)[^/\s\"']+"), r"\1…"),
    (re.compile(r"(?<=/)[A-Za-z0-9_~-]{20,}(?=[/\s\"'.,:)]|$)"), "…"),
    (re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)*"), "…@…"),
    (re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.]*\d)"), "…"),
    # Addresses of IPv6, whole and shortened; a time of day has too few colons to be one.
    (re.compile(r"(?<![\w:])(?:[0-9a-fA-F]{0,4}:){3,7}[0-9a-fA-F]{0,4}(?![\w:])"), "…"),
    (re.compile(rf"(?<![\w:])(?:{_GROUPS})?::(?:{_GROUPS})?(?![\w:])"), "…"),
)


def strike_out(text: str) -> str:
    """The text without what could name a person, her whereabouts, or a link that opens something."""
    for pattern, replacement in STRUCK:
        text = pattern.sub(replacement, text)
    return text


def nothing_personal(_logger: Any, _method: str, event: Event) -> Event:
    """The last processor before a line is written."""
    for key in PERSONAL.intersection(event):
        del event[key]
    for key, value in event.items():
        if key.startswith("_"):  # structlog's own, removed before writing
            continue
        if key == "timestamp" or value is None or isinstance(value, (bool, int, float)):
            continue
        event[key] = strike_out(value if isinstance(value, str) else repr(value))
    return event


def logging_config(*, debug: bool) -> dict[str, Any]:
    """Set up structlog and the standard library's logging alike, and return what was set (for ``settings.LOGGING``)."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    config = {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": _formatter(shared, debug)},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": "INFO"},
        "loggers": {
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            "django.server": {"handlers": [], "level": "INFO", "propagate": True},
            # A stranger's 404 and a refused 403 are everyday life, and their lines would be a diary of addresses.
            "django.request": {"level": "ERROR"},
            "fontTools": {"level": "WARNING"},
            # Beat rings every two seconds: four lines a ring would be all there is to read, and fill a small disk.
            "celery.beat": {"level": "WARNING"},
            "celery.app.trace": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
        },
    }
    logging.config.dictConfig(config)
    return config


def _formatter(shared: list[Any], debug: bool) -> dict[str, Any]:
    renderer: Any = structlog.dev.ConsoleRenderer() if debug else structlog.processors.JSONRenderer(ensure_ascii=False)
    return {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": shared,
        "processors": [
            structlog.processors.format_exc_info,  # before striking out: a traceback ends with the error's own words
            nothing_personal,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            renderer,
        ],
    }
