"""Mails for the demo: what waits in quarantine, two enquiries, and what may be the same problem."""

from __future__ import annotations

from email.message import EmailMessage

from django.conf import settings

from portal.mail_in import understanding
from tickets.intake import message_ids
from tickets.intake.store import store
from tickets.models import Ticket

QUOTE = (
    "\n\nOn Monday, Zhao Min wrote:\n> Which version of the SDK do you use?\n> Please send a log."
)


def make_mails(ticket: Ticket | None) -> None:
    """Take them in, each as if it had just come; `ticket` is what some of them are about."""
    reference = message_ids.of_ticket(ticket.pk) if ticket else ""
    for number, (sender, subject, body, is_about) in enumerate(
        (
            (
                "Chris Contractor <chris@contractor.example>",
                "Re: messages",
                "I work for them and see the same on two more phones." + QUOTE,
                True,
            ),
            (
                "Pia Prospect <pia@fjord.example>",
                "What does 24×7 cost for 200 developers?",
                "We compare three vendors. Who answers at night, and how soon?",
                False,
            ),
            (
                "周宁 <zhou.ning@kuayue.example>",
                "想了解企业版的服务承诺",
                "我们下个月上线直播，想知道紧急问题多久有工程师响应。",
                False,
            ),
            (
                "Bob Lin <developer@starcast.example>",
                "Messages still never arrive in large rooms",
                "I wrote in the portal already. Our show begins in an hour: is somebody on it?",
                False,
            ),
        )
    ):
        mail = EmailMessage()
        mail["From"], mail["To"] = sender, f"support@{settings.MAIL_DOMAIN}"
        mail["Subject"] = subject
        mail["Message-ID"] = f"<demo-{number}@demo.example>"
        if is_about and reference:
            mail["In-Reply-To"] = reference
        mail.set_content(body)
        kept = store(mail.as_bytes(), recipients=[str(mail["To"])], source="smtp")
        understanding.handle(understanding.claim_one(kept.pk))
