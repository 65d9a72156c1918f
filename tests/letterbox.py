"""Read the mail that verbs and pages put down, as its reader would."""

from __future__ import annotations

import re

from accounts.models import Delivery


def letters_to(address: str) -> list[Delivery]:
    return list(Delivery.objects.filter(kind="email", address=address).order_by("due_at"))


def link_in(letter: Delivery) -> str:
    """The first link, without the site's address; it must lead to the configured one."""
    found = re.search(r"http://127\.0\.0\.1:8000(/\S+)", letter.payload["text"])
    assert found, letter.payload["text"]
    return found[1]
