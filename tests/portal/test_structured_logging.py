"""Abuse case 57: logs neither forge lines nor hold secrets."""

from portal.structured_logging import HIDDEN, escape, hide_secrets


def test_line_breaks_and_terminal_commands_are_shown_as_text() -> None:
    event = escape(None, "info", {"event": "login\r\n2026 admin ok \x1b[2J\u202e"})
    assert event["event"] == "login\\r\\n2026 admin ok \\x1b[2J\\u202e"


def test_chinese_stays_readable() -> None:
    assert escape(None, "info", {"event": "工单 7"})["event"] == "工单 7"


def test_fields_that_hold_secrets_are_blanked() -> None:
    event = hide_secrets(
        None, "info", {"event": "x", "api_token": "t", "mail_body": "b", "user": 7}
    )
    assert event == {"event": "x", "api_token": HIDDEN, "mail_body": HIDDEN, "user": 7}
