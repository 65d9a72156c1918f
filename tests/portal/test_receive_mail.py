"""`manage.py receive_mail`: mails from files, and one line of JSON about each."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from portal.management.commands import receive_mail
from tests.mails import OURS, SUPPORT, URGENT, mail
from tickets.models import Inbound, Ticket

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(autouse=True)
def our_server_checks(settings: Any) -> None:
    settings.MAIL_PROOF, settings.MAIL_AUTHSERV_IDS = "authserv", frozenset({OURS})


def ran(*arguments: str) -> tuple[list[dict[str, Any]], CommandError | None]:
    """What it printed about each mail, and how it failed, if it did."""
    out, problem = io.StringIO(), None
    try:
        call_command("receive_mail", *arguments, stdout=out)
    except CommandError as error:
        problem = error
    return [json.loads(line) for line in out.getvalue().splitlines()], problem


def said(*arguments: str) -> list[dict[str, Any]]:
    lines, problem = ran(*arguments)
    assert problem is None
    return lines


@pytest.fixture
def file(tmp_path: Path) -> Any:
    def written(raw: bytes, name: str = "one.eml") -> str:
        (tmp_path / name).write_bytes(raw)
        return str(tmp_path / name)

    return written


def from_stdin(monkeypatch: pytest.MonkeyPatch, raw: bytes) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw)))


def test_each_file_is_taken_in_and_told_about(cast: SimpleNamespace, file: Any) -> None:
    first, second = file(mail()), file(mail("pia@new.example", subject="Prices?"), "two.eml")
    opened, asked = said(first, second)
    ticket = Ticket.objects.get()
    assert (opened["file"], opened["outcome"]) == (first, "opened")
    assert (opened["ticket"], opened["is_new"]) == (ticket.reference, True)
    assert (asked["outcome"], asked["ticket"]) == ("enquiry", None)
    assert asked["enquiry"]
    assert Inbound.objects.get(pk=opened["mail"]).source == "receive_mail"


def test_standard_input_is_a_mail_too(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = mail()
    from_stdin(monkeypatch, raw)
    (told,) = said("-")
    assert (told["file"], told["outcome"]) == ("-", "opened")
    assert bytes(Inbound.objects.get().raw) == raw


def test_the_same_again_is_the_same_mail(cast: SimpleNamespace, file: Any) -> None:
    one = file(mail())
    first, again = said(one, one)
    assert (first["is_new"], again["is_new"]) == (True, False)
    assert (again["mail"], again["ticket"]) == (first["mail"], first["ticket"])
    assert Ticket.objects.count() == 1


def test_recipients_are_what_is_given_else_what_the_head_says(
    cast: SimpleNamespace, file: Any
) -> None:
    one = file(mail())
    assert said("--dry-run", one)[0]["recipients"] == [SUPPORT]
    said("--to", URGENT, one)
    assert Inbound.objects.get().envelope["recipients"] == [URGENT]
    assert Ticket.objects.get().severity == "urgent"


def test_an_unproven_mail_says_why_it_waits(cast: SimpleNamespace, file: Any) -> None:
    (told,) = said(file(mail(proven=False)))
    assert (told["outcome"], told["reason"], told["ticket"]) == ("quarantined", "unproven", None)


def test_an_empty_file_is_kept_and_waits_in_quarantine(cast: SimpleNamespace, file: Any) -> None:
    (told,) = said(file(b""))
    assert (told["outcome"], told["reason"]) == ("quarantined", "empty")
    assert bytes(Inbound.objects.get().raw) == b""


def test_a_file_that_cannot_be_read_stops_no_other_and_ends_with_one(
    cast: SimpleNamespace, file: Any, tmp_path: Path
) -> None:
    lines, problem = ran(str(tmp_path / "absent.eml"), str(tmp_path), file(mail()))
    assert problem is not None
    assert (problem.returncode, str(problem)) == (1, "2 of 3 could not be read.")
    absent, folder, kept = lines
    assert absent["error"] == "No such file or directory"
    assert folder["error"] == "Is a directory"
    assert kept["outcome"] == "opened"


def test_a_file_too_large_is_not_taken_in(
    cast: SimpleNamespace, file: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MAIL_LIMIT = 1000
    from_stdin(monkeypatch, b"x" * 1001)
    for name in (file(b"x" * 1001), "-"):
        lines, problem = ran(name)
        assert problem is not None
        assert "larger than 1000 bytes" in lines[0]["error"]
    assert said("--dry-run", file(b"x" * 1000))
    assert not Inbound.objects.exists()


def test_a_database_that_is_away_means_try_again(
    cast: SimpleNamespace, file: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*args: Any, **more: Any) -> None:
        raise OperationalError("the database is away")

    monkeypatch.setattr(receive_mail, "store", away)
    lines, problem = ran(file(mail()))
    assert problem is not None
    assert (problem.returncode, lines) == (75, [])
    assert "is to be sent again" in str(problem)


def test_a_dry_run_reads_only_and_needs_no_database(file: Any) -> None:
    """Without a fixture for the database any query fails."""
    raw = mail(
        "=?utf-8?b?5p2O6Zu3?= <lei@starcast.example>",
        subject="消息收不到",
        body="昨晚开始。\n\n> Quoted before.\n",
        files=(("trace.log", b"x"),),
        Message_ID="<one@starcast.example>",
    )
    (told,) = said("--dry-run", file(raw))
    assert told["subject"] == "消息收不到"
    assert (told["from"], told["message_id"]) == ("lei@starcast.example", "<one@starcast.example>")
    assert told["new"] == "昨晚开始。"
    assert told["folded"] > 0
    assert told["attachments"] == ["trace.log"]
    assert "mail" not in told


@pytest.mark.parametrize(
    "raw", [b"", b"\x00" * 100, b"\xff\xfe" * 100, b"From: \xed\xa0\x80@x\n\n"]
)
def test_a_dry_run_reads_whatever_it_is_given(file: Any, raw: bytes) -> None:
    (told,) = said("--dry-run", file(raw))
    assert "problems" in told


def test_the_process_itself_ends_with_these_codes_and_prints_json_alone(tmp_path: Path) -> None:
    def process(*arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(  # noqa: S603  our own command line
            [sys.executable, "manage.py", "receive_mail", "--dry-run", *arguments],
            cwd=ROOT,
            env={**os.environ, "VIGIL_MODE": "test"},
            input=given,
            capture_output=True,
            timeout=60,
            check=False,
        )

    read = process("-", given=mail())
    assert read.returncode == 0
    assert json.loads(read.stdout)["file"] == "-"
    strange = os.fsdecode(b"caf\xe9.eml")
    failed = process(str(tmp_path / strange))
    assert failed.returncode == 1
    assert "error" in json.loads(failed.stdout)
    assert b"1 of 1 could not be read" in failed.stderr
    assert process().returncode == 2
