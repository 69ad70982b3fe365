"""A process at the bench's side: it boots once, then does a piece of work each time a line asks for it.

carry          carries all that is due by the engine's own carrier
bare N         hands N ready-made mails over with nothing but smtplib, on as many kept connections
raise AT KEY POD:MEMBER …   raises these calls, ten at a time, beginning at the moment AT
"""

import json
import os
import smtplib
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import django


def carry() -> dict[str, float]:
    """Carry all that is due in this process."""
    from commons.notices.actions.carry import carry_due

    began, used = time.monotonic(), time.process_time()
    sent = carry_due()
    return {"sent": sent, "seconds": time.monotonic() - began, "cpu": time.process_time() - used}


_lines: list[smtplib.SMTP] = []
# They keep their connections to the database, as those of gunicorn do.
_hands = ThreadPoolExecutor(10)


def bare(number: str) -> dict[str, float]:
    """Hand mails over as a plain loop would: smtplib, threads, connections kept between runs."""
    from django.conf import settings

    mails = iter(_ready_made(int(number)))
    lock = threading.Lock()
    failed: list[BaseException] = []
    while len(_lines) < settings.MAIL_CONNECTIONS:
        _lines.append(smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=10))

    def work(line: smtplib.SMTP) -> None:
        try:
            while True:
                with lock:
                    to, mail = next(mails, (None, b""))
                if to is None:
                    return
                line.sendmail("casserole@localhost", [to], mail)
        except Exception as error:  # noqa: BLE001 - told by who waits for the threads
            failed.append(error)

    threads = [threading.Thread(target=work, args=(line,)) for line in _lines]
    began, used = time.monotonic(), time.process_time()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    return {"sent": int(number), "seconds": time.monotonic() - began, "cpu": time.process_time() - used}


def _ready_made(number: int) -> list[tuple[str, bytes]]:
    """Return alerts as the engine would write them, so that both sides send as many bytes."""
    from commons.notices.channels.base import Parcel
    from commons.notices.channels.email import render
    from commons.notices.kinds import Words

    words = Words(
        title="Can you help?",
        body="A neighbour asks for help. Please answer, also if you can't.",
        language="en",
        link="http://localhost:8000/a/" + "x" * 43 + "/",
        link_label="Read and answer",
    )
    addresses = [f"neighbour{n}@example.org" for n in range(number)]
    return [(to, render(Parcel(f"{n:020d}", to, words))) for n, to in enumerate(addresses)]


def raise_calls(at: str, key: str, *whose: str) -> list[list[float]]:
    """Raise calls with as many threads as the web has; return each call's id, when it began and how long it took."""
    from pods.models import Pod
    from tests.drills.people import raise_now, ready

    pods = {pod.ref: pod for pod in Pod.objects.select_related("block")}
    prepared = [ready(pods[ref], member) for ref, member in map(_whose, whose)]

    def work(n: int) -> list[float]:
        time.sleep(max(0.0, float(at) - time.time()))
        began = time.time()
        call = raise_now(prepared[n], f"{key}-{n}")
        return [call.pk, began, time.time() - began]

    return list(_hands.map(work, range(len(prepared))))


def _whose(one: str) -> tuple[str, int]:
    ref, _colon, member = one.partition(":")
    return ref, int(member)


WORK: dict[str, Callable[..., Any]] = {"carry": carry, "bare": bare, "raise": raise_calls}


def main() -> None:
    """Boot, say so, and work line by line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    # Rings for workers as the web does.
    import config.celery  # noqa: F401

    print("ready", flush=True)
    for line in sys.stdin:
        name, *arguments = line.split()
        print(json.dumps(WORK[name](*arguments)), flush=True)


if __name__ == "__main__":
    main()
