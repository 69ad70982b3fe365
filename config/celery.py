"""The Celery app: it wakes and carries; what must happen stands in PostgreSQL."""

import contextlib
import os

from celery import Celery
from celery.signals import setup_logging

from commons import wake
from config.listener import Listener

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("casserole")


@setup_logging.connect
def _logging(**_: object) -> None:
    """Keep Celery from installing handlers of its own: ours leave out what is personal."""
    import logging.config

    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)


def configure() -> None:
    """Read the broker from Django's settings; timeouts keep a dead Redis from holding a request."""
    from django.conf import settings

    app.conf.update(
        broker_url=settings.REDIS_URL,
        task_ignore_result=True,
        task_serializer="json",
        accept_content=["json"],
        timezone="UTC",
        enable_utc=True,
        broker_connection_retry_on_startup=True,
        worker_hijack_root_logger=False,
        worker_prefetch_multiplier=1,
        task_default_queue="celery",
        # Proposals take seconds to compute, which no call should wait for.
        task_routes={
            "pods.propose": {"queue": "celery"},
            "pods.*": {"queue": "calls"},
            "notices.*": {"queue": "calls"},
        },
        # A wake-up that waited this long is stale: the sweep has done its work already.
        task_soft_time_limit=None,
        beat_schedule=SCHEDULE,
    )
    app.autodiscover_tasks(["commons.people", "commons.notices", "commons.gatherings", "sites", "pods"])


# Beat only rings; a lost ring is made good by the next one, and two beats do no harm.
app.steps["worker"].add(Listener)
SCHEDULE: dict[str, dict[str, object]] = {
    "sweep": {"task": "pods.sweep", "schedule": 2.0, "options": {"expires": 10}},
    "carry": {"task": "notices.carry", "schedule": 2.0, "options": {"expires": 10}},
    "audit": {"task": "pods.audit", "schedule": 60.0, "options": {"expires": 120}},
    "joinings": {"task": "pods.settle_joinings", "schedule": 300.0, "options": {"expires": 600}},
    "places": {"task": "sites.import_places", "schedule": 30.0, "options": {"expires": 60}},
    "assets": {"task": "sites.look_after_assets", "schedule": 1800.0, "options": {"expires": 3600}},
    "scores": {"task": "sites.reckon_scores", "schedule": 3600.0, "options": {"expires": 7200}},
    "remind": {"task": "gatherings.remind", "schedule": 300.0, "options": {"expires": 600}},
    # Due each night, and when somebody asked: this only looks whether it is.
    "clusters": {"task": "pods.propose", "schedule": 60.0, "options": {"expires": 120}},
    "shifts": {"task": "sites.turn_shifts", "schedule": 30.0, "options": {"expires": 60}},
    "purge": {"task": "people.purge", "schedule": 3600.0, "options": {"expires": 7200}},
}
configure()


def warm() -> None:
    """Ring once, at boot, so that no request pays for what the first wake-up loads."""
    with contextlib.suppress(Exception):
        _ring("notices.carry")


def _ring(task: str) -> None:
    """Send a task by name, quickly or not at all: a slow or absent Redis must not hold a request."""
    _bell().send_task(task, retry=True, retry_policy={"max_retries": 0}, expires=30)


def _bell() -> Celery:
    """Return the app that rings, made at its first use."""
    global _ringing
    if _ringing is None:
        # A connection of its own: workers, which wait for their broker, keep their timeouts.
        _ringing = Celery("bell", set_as_current=False)
        _ringing.conf.update(
            broker_url=app.conf.broker_url,
            broker_transport_options={"socket_timeout": 0.2, "socket_connect_timeout": 0.2},
            broker_pool_limit=2,
            task_ignore_result=True,
            task_routes=app.conf.task_routes,
            task_default_queue=app.conf.task_default_queue,
        )
    return _ringing


_ringing: Celery | None = None
wake.bell = _ring
