"""Ring a person: by e-mail, or by whatever an Apprise URL reaches.

Its payload: `title` and `text` in the person's `language`, and the `page`'s id.
"""

from __future__ import annotations

import uuid
from typing import Any, Final

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Delivery
from portal import page_links
from portal.senders import PermanentFailure, TemporaryFailure, mail

CONNECT_SECONDS: Final = 4.0
READ_SECONDS: Final = 8.0


def send(delivery: Delivery) -> None:
    """Send title, text and the link to acknowledge; a canary has no page, and so no link."""
    payload = delivery.payload
    if delivery.kind == Delivery.Kind.CANARY:
        _send_by_apprise(delivery.address, payload["title"], payload["text"])
        return
    link = page_links.address(uuid.UUID(payload["page"]))
    with translation.override(payload["language"]):
        if delivery.channel == "email":
            _send_by_mail(delivery, payload["title"], payload["text"], link)
        else:
            words = _("Take it or look at it: %(link)s") % {"link": link}
            _send_by_apprise(delivery.address, payload["title"], f"{payload['text']}\n\n{words}")


def warm_up() -> None:
    """Load what the first page needs, so that it leaves as quickly as the others."""
    page_links.address(uuid.UUID(int=0))
    _service("json://127.0.0.1")


def _send_by_mail(delivery: Delivery, title: str, text: str, link: str) -> None:
    context = {"title": title, "text": text, "link": link}
    message = mail.compose(
        key=delivery.key,
        address=delivery.address,
        subject=title,
        text=render_to_string("emails/page.txt", context),
        html=render_to_string("emails/page.html", context),
        thread=delivery.subject,
    )
    message.extra_headers |= {"X-Priority": "1", "Importance": "high"}
    mail.hand_over(message)


def _send_by_apprise(address: str, title: str, body: str) -> None:
    from apprise import NotifyFormat, NotifyType

    service = _service(address)
    if service is None:
        raise PermanentFailure("This is not an address Apprise can ring.")
    # The address may ask for other timeouts; ours must stay below the lease.
    service.socket_connect_timeout = CONNECT_SECONDS
    service.socket_read_timeout = READ_SECONDS
    sent = service.notify(
        title=title, body=body, notify_type=NotifyType.FAILURE, body_format=NotifyFormat.TEXT
    )
    if not sent:
        raise TemporaryFailure(f"{service.service_name} did not take the message.")


def _service(address: str) -> Any:
    from apprise import Apprise  # here, because its import takes a third of a second

    return Apprise.instantiate(address)
