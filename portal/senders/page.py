"""Ring a person: by e-mail, or by whatever an Apprise URL reaches.

What its payload holds, and where its link leads, says `portal.senders.call`.
"""

from __future__ import annotations

import uuid

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import contact_addresses
from accounts.models import Delivery
from portal import page_links
from portal.senders import call, mail, mail_servers, service


def send(delivery: Delivery) -> None:
    """Send title, text and the link to acknowledge; a canary has no page, and so no link.

    One that stands for the pages by mail comes from where the mail server lets us in: that it
    would take one more mail each minute is no proof worth a mailbox full of them.
    """
    payload = delivery.payload
    if delivery.kind == Delivery.Kind.CANARY:
        if delivery.channel == "email":
            mail_servers.let_in(seconds=mail_servers.URGENT_SECONDS)
        service.send(delivery.address, payload["title"], payload["text"], is_our_own=True)
        return
    with translation.override(payload["language"]):
        link = call.link_of(payload)
        if delivery.channel == "email":
            _send_by_mail(delivery, payload["title"], payload["text"], link)
        else:
            words = _("%(action)s: %(link)s") % {"action": link.action, "link": link.address}
            service.send(delivery.address, payload["title"], f"{payload['text']}\n\n{words}")


def warm_up() -> None:
    """Load what the first page needs, so that it leaves as quickly as the others."""
    page_links.address(uuid.UUID(int=0))
    contact_addresses.service_at("json://127.0.0.1")


def _send_by_mail(delivery: Delivery, title: str, text: str, link: call.Link) -> None:
    context = {"title": title, "text": text, "link": link.address, "action": link.action}
    payload = {
        "subject": title,
        "text": render_to_string(f"{link.template}.txt", context),
        "html": render_to_string(f"{link.template}.html", context),
        "thread": delivery.payload.get("thread", ""),
    }
    message = mail.compose(delivery_id=delivery.pk, address=delivery.address, payload=payload)
    message.extra_headers |= {"X-Priority": "1", "Importance": "high"}
    mail_servers.hand_over(message, seconds=mail_servers.URGENT_SECONDS)
