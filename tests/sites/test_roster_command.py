"""A list of people on the command line: shown first, imported only when told."""

import pytest
from django.core.management import CommandError, call_command

from commons.people.models import Invitation


def test_the_command_shows_first_and_writes_only_when_told(olga, odd_list, tmp_path, capsys):
    file = tmp_path / "list.csv"
    file.write_bytes(odd_list)
    call_command("import_people", str(file))
    shown = capsys.readouterr()
    assert "invited=11 duplicate=2 problem=3" in shown.out
    assert "Row 7, column “E-mail”" in shown.err
    assert Invitation.objects.count() == 0
    call_command("import_people", str(file), "--commit", "--inviter", "Olga@example.org")
    assert Invitation.objects.filter(inviter=olga).count() == 11
    call_command("import_people", str(file), "--commit")
    assert Invitation.objects.count() == 11


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\x00" * 100])
def test_the_command_refuses_in_a_sentence(db, tmp_path, content):
    file = tmp_path / "list.csv"
    file.write_bytes(content)
    with pytest.raises(CommandError):
        call_command("import_people", str(file))


def test_the_command_refuses_strangers_and_missing_files(db, tmp_path, odd_list):
    with pytest.raises(CommandError):
        call_command("import_people", str(tmp_path / "nowhere.csv"))
    file = tmp_path / "list.csv"
    file.write_bytes(odd_list)
    with pytest.raises(CommandError):
        call_command("import_people", str(file), "--inviter", "stranger@example.org")
