"""The key file, wrapped keys, and moving everything to a new key."""

import os
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from commons import seal
from commons.people.actions.rotation import rotate
from commons.people.models import Invitation
from commons.seal import SealBroken, SealError, SealKeysMissing
from commons.seal.check import the_key_file_is_there
from pods.models import CallKey
from tests.commons.conftest import NOW

CANARY = "Zimtstern 4711"


# --- the key file ----------------------------------------------------------------------------


def test_command_prints_a_key_line_without_settings():
    env = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
    made = subprocess.run(
        [sys.executable, "-m", "commons.seal", "new-key"], capture_output=True, text=True, check=True, env=env
    )
    key_id, _, encoded = made.stdout.strip().partition(":")
    assert (len(key_id), len(encoded)) == (9, 44)


def test_command_refuses_anything_else():
    refused = subprocess.run([sys.executable, "-m", "commons.seal"], capture_output=True, text=True, check=False)
    assert (refused.returncode, "Usage" in refused.stderr) == (1, True)


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o660, 0o644])
def test_key_file_open_to_others_is_refused(key_file, mode):
    key_file.chmod(mode)
    with pytest.raises(SealKeysMissing):
        seal.derive("links")


@pytest.mark.parametrize(
    "content",
    [
        "",
        "# only a remark\n",
        "k1\n",
        "k1:\n",
        "k1:AAAA\n",
        "k 1:" + "A" * 43 + "=\n",
        "k1:not base64!\n",
        "schlüssel",
    ],
)
def test_malformed_key_file_is_refused_without_quoting_it(key_file, content):
    key_file.write_text(content)
    with pytest.raises(SealKeysMissing) as refused:
        seal.wrap(b"x" * 32, "here")
    assert "AAAA" not in str(refused.value)


def test_repeated_key_is_refused(key_file):
    key_file.write_text(key_file.read_text() * 2)
    with pytest.raises(SealKeysMissing):
        seal.derive("links")


def test_missing_key_file_stops_everything_at_once(key_file):
    wrapped = seal.wrap(b"x" * 32, "here")
    key_file.unlink()
    with pytest.raises(SealKeysMissing):
        seal.unwrap(wrapped, "here")


def test_folder_is_no_key_file(settings, tmp_path):
    settings.SEAL_KEYS_FILE = str(tmp_path)
    with pytest.raises(SealKeysMissing):
        seal.derive("links")


def test_unset_key_file_is_refused(settings):
    settings.SEAL_KEYS_FILE = ""
    with pytest.raises(SealKeysMissing):
        seal.derive("links")


def test_the_deployment_check_says_what_is_wrong_with_it(key_file):
    assert the_key_file_is_there(None) == []
    key_file.chmod(0o644)
    assert [(error.id, "0600" in error.msg) for error in the_key_file_is_there(None)] == [("casserole.E020", True)]


def test_derived_keys_differ_by_purpose_and_survive_as_older_ones(put_on_top):
    links, rate = seal.derive("links"), seal.derive("rate")
    put_on_top(seal.new_key_line())
    assert (len(links), links == rate, seal.derive("links") == links) == (32, False, False)
    assert seal.derive_all("links") == [seal.derive("links"), links]


# --- wrapped keys ----------------------------------------------------------------------------


def test_wrapped_key_opens_in_its_own_context_only(key_file):
    wrapped = seal.wrap(b"k" * 32, "call:a")
    assert seal.unwrap(wrapped, "call:a") == b"k" * 32
    with pytest.raises(SealBroken):
        seal.unwrap(wrapped, "call:b")


def test_every_changed_byte_and_every_cut_breaks_the_seal(key_file):
    wrapped = seal.wrap(b"k" * 32, "call:a")
    for place in range(len(wrapped)):
        changed = wrapped[:place] + bytes([wrapped[place] ^ 1]) + wrapped[place + 1 :]
        for blob in (changed, wrapped[:place]):
            with pytest.raises(SealBroken):
                seal.unwrap(blob, "call:a")


def test_key_of_another_length_is_not_wrapped(key_file):
    with pytest.raises(SealError):
        seal.wrap(b"short", "call:a")


# --- rotation --------------------------------------------------------------------------------


@pytest.mark.django_db
def test_rotation_moves_everything_so_that_the_old_key_can_go(key_file, capsys, invitation, put_on_top):
    rows = [invitation(staged=f"{CANARY} {n}", address="a@example.org") for n in range(5)]
    CallKey.objects.create(call_ref="abcdefghij", wrapped=seal.wrap(b"k" * 32, "call:abcdefghij"), made_at=NOW)
    new = seal.new_key_line()
    put_on_top(new)
    call_command("rotate_seal")
    assert "5  people.Invitation.staged" in capsys.readouterr().out
    key_file.write_text(new + "\n")
    assert [Invitation.objects.get(pk=row.pk).staged for row in rows] == [f"{CANARY} {n}" for n in range(5)]
    assert CallKey.objects.get().open() == b"k" * 32


@pytest.mark.django_db
def test_rotation_works_in_batches_and_twice(invitation, put_on_top):
    for n in range(7):
        invitation(staged=f"{n}")
    put_on_top(seal.new_key_line())
    assert [dict(rotate(batch=3).moved), dict(rotate(batch=3).moved)] == [{"people.Invitation.staged": 7}, {}]


@pytest.mark.django_db
def test_rotation_says_what_does_not_open_and_leaves_it(key_file, invitation):
    invitation(staged=CANARY)
    key_file.write_text(seal.new_key_line() + "\n")
    invitation(staged="readable")
    with pytest.raises(CommandError, match=r"people.Invitation.staged \(1\)"):
        call_command("rotate_seal")
