"""`python -m config.launcher`: start the house, watch over it, stop it. See `make run`."""

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from typing import NoReturn

from config.embedded import Taken, alone_in
from config.embedded.child import adopt_orphans, die_with_parent
from config.embedded.folders import remove_socket_folder
from config.embedded.postgres import CannotStart
from config.launcher.answer import wait_for
from config.launcher.house import PYTHON, ROOT, House, build
from config.launcher.leave import reap, stop_together, sweep
from config.launcher.prepared import Memory
from config.launcher.say import say
from config.launcher.service import Service

PATIENCE = 60.0


class Leave(Exception):
    """Someone asked us to stop."""


def _leave(number: int, _frame: FrameType | None) -> NoReturn:
    """Turn the first signal into an end in good order; later ones would only disturb it."""
    for other in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(other, signal.SIG_IGN)
    raise Leave(signal.Signals(number).name)


def arguments() -> argparse.Namespace:
    """Read the command line; the port also comes from the environment, as in `make run PORT=8001`."""
    parser = argparse.ArgumentParser(prog="python -m config.launcher", description=__doc__)
    parser.add_argument("--port", type=int, default=os.environ.get("PORT") or 8000)
    parser.add_argument("--folder", type=Path, default=ROOT / "var")
    parser.add_argument("--with-parent", action="store_true", help="leave when the process that started us is gone")
    return parser.parse_args()


def demand_port(port: int) -> None:
    """Stop with a helpful word when someone else listens on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            sys.exit(f"Port {port} is taken. Choose another: make run PORT={port + 1}")


def prepare(house: House) -> str:
    """Migrate, collect, fill the empty demo, unless nothing changed since; return who to sign in as."""
    memory = Memory(house.folder, house.postgres)
    if (remembered := memory.recall()) is not None:
        return remembered
    memory.forget()
    say("database", "preparing: tables, files, the demo neighbourhood …")
    log, us = house.log("prepare"), os.getpid()
    with log.open("wb") as file:
        done = subprocess.run(
            [PYTHON, "-m", "config.launcher.prepare"],
            env=house.env, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=file, check=False,
            preexec_fn=lambda: die_with_parent(us),
        )  # fmt: skip
    if done.returncode != 0:
        tail = log.read_text(encoding="utf-8", errors="replace").splitlines()[-25:]
        raise CannotStart("\n".join(["The database could not be prepared:", *tail]))
    who = done.stdout.decode(errors="replace").rstrip()
    memory.keep(who)
    return who


def open_stores(house: House, running: list[Service]) -> None:
    """Start what the parts work on: the database, Redis, the letter box."""
    mail = house.mail()
    running.extend([*house.stores(), mail])
    mail.start()
    house.postgres.start()
    house.postgres.create_database()
    house.redis.start()
    say("database", f"PostgreSQL and Redis are up in {house.postgres.sockets}")


def open_site(house: House, running: list[Service]) -> None:
    """Start the web and, once it answers, the rest: two cores boot one thing faster than four."""
    web, *others = house.parts()
    web.start()
    running.append(web)
    status = wait_for(house.address, PATIENCE, meanwhile=lambda: tend(running))
    for part in others:
        part.start()
        running.append(part)
    if status == 0:
        raise CannotStart(f"The site does not answer:\n{web.child.last_words()}")
    if status >= 500:
        say("web", f"answers, but is not well yet (/healthz: {status})")


def start(house: House, running: list[Service]) -> None:
    """Start everything in order; whatever was started is in `running`, whatever happens."""
    began = time.monotonic()
    open_stores(house, running)
    who = prepare(house)
    open_site(house, running)
    say("house", f"open after {time.monotonic() - began:.1f} s; logs in {house.folder / 'log'}; Ctrl-C stops it all")
    sys.stdout.write(f"\n  {house.address}\n\n{who}\n\n")
    sys.stdout.flush()


def tend(running: list[Service]) -> None:
    """Look after every part once."""
    for service in running:
        service.tend()
    reap(running)


def watch(running: list[Service]) -> NoReturn:
    """Look after every part until a signal comes."""
    while True:
        tend(running)
        time.sleep(0.25)


def run(house: House) -> int:
    """Start, watch, and stop; return the exit status."""
    running: list[Service] = []
    try:
        start(house, running)
        watch(running)
    except Leave as signal_name:
        sys.stdout.write("\n")
        say("house", f"{signal_name}: stopping …")
        return 0
    except CannotStart as reason:
        sys.stderr.write(f"\n{reason}\n")
        return 1
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        stop_together([service for service in running if service.name not in ("database", "redis")])
        stop_together([service for service in running if service.name in ("database", "redis")])
        sweep()
        remove_socket_folder(house.folder)
        say("house", "stopped; nothing is left running")


def main() -> int:
    """Hold the folder, or say who does; then run the house in it."""
    chosen = arguments()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # `nohup make run` means: stay when the terminal goes.
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _leave)
    if chosen.with_parent:
        die_with_parent(os.getppid(), signal.SIGTERM)
    adopt_orphans()
    os.umask(0o077)
    try:
        with alone_in(chosen.folder, f"process {os.getpid()}, http://localhost:{chosen.port}"):
            demand_port(chosen.port)
            return run(build(chosen.folder, chosen.port))
    except Leave:
        return 0
    except Taken as other:
        sys.exit(f"Casserole is already running here ({other}).")
    except CannotStart as reason:
        sys.exit(str(reason))


if __name__ == "__main__":
    sys.exit(main())
