"""`manage.py changepassword`, which leaves an entry."""

from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from scheduler.actors import name_of_system_user
from scheduler.models import AuditEntry

PASSWORD = "Correct horse 7"


def changepassword(monkeypatch: pytest.MonkeyPatch, *typed: str) -> str:
    """Run the command with these passwords typed."""
    answers = iter(typed)
    monkeypatch.setattr("getpass.getpass", lambda **_prompt: next(answers))
    output = StringIO()
    call_command("changepassword", "admin", stdout=output, stderr=output)
    return output.getvalue()


def test_new_password_is_written_down_but_not_which(administrator: User, monkeypatch: pytest.MonkeyPatch) -> None:
    printed = changepassword(monkeypatch, PASSWORD, PASSWORD)

    administrator.refresh_from_db()
    assert "Password changed successfully" in printed
    assert administrator.check_password(PASSWORD)
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.source) == (name_of_system_user(), "command")
    assert (entry.action, entry.kind, entry.name) == ("changed", "user", "admin")
    assert entry.details == {"password": "another one"}


def test_command_that_is_given_up_leaves_no_entry(administrator: User, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError):
        changepassword(monkeypatch, *["one", "another"] * 3)

    assert not AuditEntry.objects.exists()
