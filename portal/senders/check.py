"""Send the message that shows whether a contact method's address works.

Its payload: the `check`'s id, the `name` of whoever is to be rung, and their `language`. Link and
code exist only in the message.
"""

from __future__ import annotations

import uuid

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import contact_checks
from accounts.models import Delivery
from portal.senders import mail, mail_servers, service


def send(delivery: Delivery) -> None:
    payload = delivery.payload
    check = uuid.UUID(payload["check"])
    with translation.override(payload["language"]):
        title = _("Vigil: does this reach you?")
        context = {
            "name": payload["name"],
            "link": contact_checks.address_of_link(check),
            "code": contact_checks.code(check),
            "title": title,
        }
        text = render_to_string("emails/contact_check.txt", context)
        if delivery.channel != "email":
            service.send(delivery.address, title, text)
            return
        html = render_to_string("emails/contact_check.html", context)
        message = mail.compose(
            delivery_id=delivery.pk,
            address=delivery.address,
            payload={"subject": title, "text": text, "html": html},
        )
        mail_servers.hand_over(message, seconds=mail_servers.URGENT_SECONDS)
