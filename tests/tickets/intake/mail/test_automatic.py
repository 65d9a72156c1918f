"""Bounces, automatic replies and reports are told from what people write."""

from __future__ import annotations

import pytest

from tests.tickets.intake.mail import automatic_mails
from tests.tickets.intake.mail.automatic_mails import Case
from tickets.intake.mail import bounces
from tickets.intake.mail.automatic import Automatic, kind_of
from tickets.intake.mail.parsing import parse


def name_of(case: Case) -> str:
    return case[0]


def report(kind: str, part: str, content: str, text: str = "See below.") -> bytes:
    return (
        "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.net\nTo: support@vendor.example\n"
        f"Subject: Report\nContent-Type: multipart/report; report-type={kind}; boundary=R\n\n"
        f"--R\nContent-Type: text/plain\n\n{text}\n\n--R\nContent-Type: {part}\n\n{content}\n\n"
        "--R\nContent-Type: message/rfc822\n\nMessage-ID: <o@vendor.example>\nSubject: x\n\nHi\n--R--\n"
    ).encode()


DSN = (
    "Reporting-MTA: dns; mx.example.net\n\nFinal-Recipient: rfc822; lin@customer.example\n"
    "Action: {action}\nStatus: {status}\nDiagnostic-Code: smtp; 550 5.1.1 no\n such user\n"
)


@pytest.mark.parametrize("case", automatic_mails.BOUNCES, ids=name_of)
def test_bounces_of_many_programs_are_recognised(case: Case) -> None:
    mail = parse(automatic_mails.raw(case))
    assert kind_of(mail) is Automatic.BOUNCE
    found = bounces.read(mail)
    assert found is not None
    assert found.addresses == ("lin@customer.example",)
    assert found.is_permanent is (case[0] != "exim_delay")


@pytest.mark.parametrize("case", automatic_mails.PEOPLE, ids=name_of)
def test_people_are_never_taken_for_programs(case: Case) -> None:
    mail = parse(automatic_mails.raw(case))
    assert bounces.read(mail) is None
    assert kind_of(mail) is None


@pytest.mark.parametrize("case", automatic_mails.AWAY, ids=name_of)
def test_automatic_replies_are_recognised_with_and_without_fields(case: Case) -> None:
    assert kind_of(parse(automatic_mails.raw(case))) is Automatic.AUTO_REPLY


@pytest.mark.parametrize(
    "text",
    [
        "This is an automated message.\n\nRTC join failures: 100% since 03:12.",
        "This message was generated automatically by monitor-3.\nJoin failures: 100%",
        "【系统自动发送】RTC 入会失败率 100%，所有区域，03:12 起。",
        "本邮件由系统自动发送，请勿回复。\n\n应用 8812 入会失败率 42%，请立即处理。",
        "此为系统自动生成的邮件\n应用 8812 入会失败率 42%",
    ],
)
def test_what_says_that_a_program_wrote_it_is_generated_and_no_reply(text: str) -> None:
    raw = f"From: lin@customer.example\nSubject: 线上故障\n\n{text}".encode()
    assert kind_of(parse(raw)) is Automatic.GENERATED


def test_a_status_part_says_who_and_why() -> None:
    mail = parse(
        report(
            "delivery-status",
            "message/delivery-status",
            DSN.format(action="failed", status="5.1.1"),
        )
    )
    assert bounces.read(mail) == bounces.Bounce(
        addresses=("lin@customer.example",),
        status="5.1.1",
        is_permanent=True,
        original_message_id="<o@vendor.example>",
        reason="550 5.1.1 no such user",
    )


def test_a_delay_is_not_permanent() -> None:
    mail = parse(
        report(
            "delivery-status",
            "message/delivery-status",
            DSN.format(action="delayed", status="4.4.1"),
        )
    )
    found = bounces.read(mail)
    assert found is not None
    assert not found.is_permanent


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
def test_good_news_is_no_bounce(action: str) -> None:
    mail = parse(
        report(
            "delivery-status", "message/delivery-status", DSN.format(action=action, status="2.0.0")
        )
    )
    assert bounces.read(mail) is None
    assert kind_of(mail) is Automatic.GENERATED


def test_a_read_receipt_is_generated() -> None:
    raw = report(
        "disposition-notification",
        "message/disposition-notification",
        "Disposition: manual-action/MDN-sent-manually; displayed",
        "Your message was displayed.",
    )
    assert kind_of(parse(raw)) is Automatic.GENERATED


def test_a_complaint_is_a_report() -> None:
    raw = report("feedback-report", "message/feedback-report", "Feedback-Type: abuse\nVersion: 1")
    mail = parse(raw)
    assert kind_of(mail) is Automatic.REPORT
    assert [part.type for part in mail.kept] == ["message/feedback-report", "message/rfc822"]


def test_a_complaint_told_by_sns_is_a_report() -> None:
    raw = (
        b"From: no-reply@sns.amazonaws.com\nSubject: AWS Notification Message\n\n"
        b'{"notificationType":"Complaint","complaint":{"complainedRecipients":[]}}'
    )
    assert kind_of(parse(raw)) is Automatic.REPORT


def test_a_notice_pasted_by_a_customer_is_theirs() -> None:
    raw = b'From: lin@customer.example\nSubject: what is this?\n\n{"bounce":{"bounceType":"Permanent"}}'
    assert kind_of(parse(raw)) is None


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ("Auto-Submitted: auto-generated", Automatic.GENERATED),
        ("Auto-Submitted: auto-notified; owner=x", Automatic.GENERATED),
        ("Auto-Submitted: no", None),
        ("Precedence: bulk", Automatic.LIST),
        ("List-Id: <users.customer.example>", Automatic.LIST),
        ("Received: by x\n" * 60 + "X-A: b", Automatic.LOOP),
    ],
)
def test_fields_that_tell(fields: str, kind: Automatic | None) -> None:
    raw = f"From: lin@customer.example\nSubject: black screen\n{fields}\n\nSince today.\n"
    assert kind_of(parse(raw.encode())) is kind


def test_an_empty_mail_is_no_program() -> None:
    assert kind_of(parse(b"")) is None
    assert bounces.read(parse(b"")) is None


@pytest.mark.parametrize(
    "text", ["自动回复" * 500_000, "我正在休假，" * 50, "could not deliver " * 20_000]
)
def test_hostile_texts_are_read_in_bounds(text: str) -> None:
    raw = f"From: MAILER-DAEMON@x.example\nSubject: bounce\n\n{text}".encode()
    kind_of(parse(raw))
