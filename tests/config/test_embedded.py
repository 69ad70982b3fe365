"""The servers inside: they come up anywhere, keep their data, and are gone when we are."""

import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from pathlib import Path

import psycopg
import pytest
import redis

from config.embedded import Postgres, Redis, Taken, alone_in, socket_folder
from config.embedded.folders import LONGEST_SOCKET, SOCKET, remove_socket_folder
from config.embedded.postgres import FORGETFUL, steps_down
from tests.config.processes import at_work_in


@pytest.fixture
def place():
    """A folder short enough for sockets; pytest's own are long."""
    with tempfile.TemporaryDirectory(prefix="casserole-") as folder:
        yield Path(folder)


def test_the_session_has_a_postgres_18_and_a_redis():
    address = os.environ["DATABASE_URL"].split("host=")[1]
    with psycopg.connect(host=address, user="casserole", dbname="postgres") as connection:
        assert connection.info.server_version // 10000 == 18
    socket = os.environ["REDIS_URL"].removeprefix("redis+socket://")
    with redis.Redis(unix_socket_path=socket) as client:
        assert client.ping()


@pytest.mark.slow
def test_data_survives_a_stop_and_a_kill(place):
    server = Postgres(place, settings=FORGETFUL)
    server.start()
    server.create_database()
    server.create_database()
    with server.connect("casserole") as connection:
        connection.execute("CREATE TABLE pot (lid text)")
        connection.execute("INSERT INTO pot VALUES ('on')")
    server.stop()
    assert not server.child.running
    server.start()
    server.child.kill()
    server.start()
    with server.connect("casserole") as connection:
        assert connection.execute("SELECT lid FROM pot").fetchall() == [("on",)]
    server.stop()


@pytest.mark.slow
def test_a_strangers_pid_in_the_pidfile_holds_nobody_up(place):
    server = Postgres(place, settings=FORGETFUL)
    server.start()
    server.stop()
    (server.data / "postmaster.pid").write_text(f"{os.getpid()}\n{server.data}\n0\n5432\n{server.sockets}\n\n0\n")
    server.start()
    with server.connect() as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    server.stop()


@pytest.mark.slow
def test_a_path_too_long_for_a_socket(place):
    deep = place / ("deep" * 15) / ("er" * 20) / "with a space"
    server, doorbell = Postgres(deep, settings=FORGETFUL), Redis(deep)
    assert len(str(server.sockets / SOCKET)) <= LONGEST_SOCKET
    assert server.sockets == doorbell.socket.parent == socket_folder(deep)
    assert server.sockets.stat().st_mode & 0o777 == 0o700
    server.start()
    doorbell.start()
    with psycopg.connect(server.url("postgres")) as connection:
        assert connection.execute("SHOW server_encoding").fetchone() == ("UTF8",)
    assert doorbell.answers()
    doorbell.stop()
    server.stop()
    remove_socket_folder(deep)
    assert not server.sockets.exists()


def test_a_short_path_needs_no_other_place(place):
    assert socket_folder(place) == place / "run"


def test_a_link_laid_in_the_temp_folder_is_not_followed(place, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(place))
    deep = place / ("x" * 120)
    ours = socket_folder(deep)
    assert ours.parent == place
    ours.rmdir()
    (place / "elsewhere").mkdir(mode=0o700)
    ours.symlink_to(place / "elsewhere")
    other = socket_folder(deep)
    assert other == socket_folder(deep)
    assert other != ours
    assert not other.is_symlink()
    other.rmdir()


def test_one_at_a_time(place):
    with alone_in(place, "the first"), pytest.raises(Taken, match="the first"), alone_in(place, "the second"):
        pass
    with alone_in(place, "the third"):
        pass


def test_what_people_wrote_stays_out_of_the_servers_log(place):
    server = Postgres(place, settings=FORGETFUL)
    server.start()
    with server.connect() as connection:
        connection.execute("CREATE TABLE letter (email text UNIQUE)")
        connection.execute("INSERT INTO letter VALUES ('rosa@example.org')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO letter VALUES ('rosa@example.org')")
    server.stop()
    log = server.child.log.read_text()
    assert "duplicate key" in log
    assert "rosa" not in log


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_nothing_is_left_when_we_are_killed(place, number):
    script = textwrap.dedent(
        """
        import sys, time
        from pathlib import Path
        from config.embedded import Postgres, Redis
        postgres, redis = Postgres(Path(sys.argv[1])), Redis(Path(sys.argv[1]))
        postgres.start(), redis.start()
        print("up", flush=True)
        time.sleep(60)
        """
    )
    with subprocess.Popen([sys.executable, "-c", script, str(place)], stdout=subprocess.PIPE) as keeper:
        assert keeper.stdout is not None
        assert keeper.stdout.readline() == b"up\n"
        assert len(at_work_in(place)) > 3
        keeper.send_signal(number)
        keeper.wait()
    time.sleep(2)
    assert at_work_in(place) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can step down to another user")
@pytest.mark.slow
def test_root_steps_down_to_nobody_where_namespaces_are_forbidden(place, monkeypatch):
    server = Postgres(place, settings=FORGETFUL)
    server.start()
    server.stop()
    real = subprocess.run

    def without_namespaces(command, *more, **options):
        if command[0] == "unshare":
            raise OSError
        return real(command, *more, **options)

    steps_down.cache_clear()
    try:
        with monkeypatch.context() as patched:
            patched.setattr(subprocess, "run", without_namespaces)
            assert steps_down()[0] == "setpriv"
        other = Postgres(place, settings=FORGETFUL)
        other.start()
        with other.connect() as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert other.data.stat().st_uid == 65534
        other.stop()
        fresh = Postgres(place / "fresh", settings=FORGETFUL)
        with monkeypatch.context() as patched:
            patched.setattr(subprocess, "run", without_namespaces)
            fresh.start()
        assert fresh.data.stat().st_uid == 65534
        fresh.child.kill()
        fresh.start()
        fresh.stop()
    finally:
        steps_down.cache_clear()
    again = Postgres(place, settings=FORGETFUL)
    again.start()
    again.stop()
