"""The letter box: what it keeps, what it notes, what it refuses."""

import contextlib
import smtplib
import subprocess
import sys
import time
from email.message import EmailMessage
from pathlib import Path

import pytest

from config.launcher.house import ROOT, free_port
from config.mailsink import KEEP, LARGEST, Letterbox, message_id


@contextlib.contextmanager
def sink(*arguments: str):
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "config.mailsink", "--port", str(port), *arguments], cwd=ROOT)
    try:
        for _ in range(200):
            with contextlib.suppress(OSError):
                yield smtplib.SMTP("127.0.0.1", port, timeout=10)
                break
            time.sleep(0.05)
    finally:
        process.terminate()
        assert process.wait(5) == 0


def mail(number: int = 1) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = "casserole@localhost", "rosa@example.org"
    message["Subject"], message["Message-ID"] = "Hola, ¿vienes?", f"<{number}@casserole>"
    message.set_content("Una olla en la ventana.")
    return message


@pytest.mark.slow
def test_mails_are_kept_whole_and_noted_once(tmp_path):
    with sink("--maildir", str(tmp_path / "mail"), "--log", str(tmp_path / "log")) as client, client:
        client.send_message(mail(1))
        client.send_message(mail(2), to_addrs=["rosa@example.org", "ana@example.org"])
        with pytest.raises(smtplib.SMTPResponseException) as refused:
            client.sendmail("a@localhost", "b@localhost", b"x" * (LARGEST + 1))
        assert refused.value.smtp_code == 552
    notes = [line.split("\t") for line in (tmp_path / "log").read_text().splitlines()]
    assert [note[:2] for note in notes] == [
        ["<1@casserole>", "rosa@example.org"],
        ["<2@casserole>", "rosa@example.org"],
        ["<2@casserole>", "ana@example.org"],
    ]
    assert all(abs(float(note[2]) - time.time()) < 60 for note in notes)
    kept = sorted((tmp_path / "mail").glob("*.eml"))
    assert len(kept) == 3
    assert kept[2].read_bytes().startswith(b"Delivered-To: ana@example.org\r\n")
    assert kept[0].stat().st_mode & 0o777 == 0o600


@pytest.mark.slow
def test_a_slow_server_notes_first_and_answers_later(tmp_path):
    with sink("--log", str(tmp_path / "log"), "--delay", "0.5") as client, client:
        began = time.monotonic()
        client.send_message(mail())
        assert time.monotonic() - began >= 0.5
    noted = float((tmp_path / "log").read_text().split("\t")[2])
    assert time.time() - noted >= 0.5
    assert [path.name for path in tmp_path.iterdir()] == ["log"]


def test_only_the_newest_are_kept(tmp_path):
    for number in range(KEEP):
        (tmp_path / f"{number:020d}-000000.eml").touch()
    letterbox = Letterbox(tmp_path)
    letterbox.keep(b"new", "rosa@example.org")
    names = sorted(path.name for path in Path(tmp_path).glob("*.eml"))
    assert len(names) == KEEP
    assert names[0] == f"{1:020d}-000000.eml"
    assert (tmp_path / names[-1]).read_bytes().endswith(b"new")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"Message-ID: <a@b>\r\n\r\nMessage-ID: <c@d>", "<a@b>"),
        (b"Subject: x\r\nMESSAGE-ID:\r\n <a@b>\r\n\r\n", "<a@b>"),
        (b"Subject: x\r\n\r\nMessage-ID: <c@d>", "-"),
        (b"", "-"),
    ],
)
def test_the_message_id_is_looked_for_in_the_head(content, expected):
    assert message_id(content) == expected
