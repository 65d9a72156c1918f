"""Hand a message over to the service an Apprise URL names."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Final

from accounts import contact_addresses
from portal.senders import PermanentFailure, TemporaryFailure
from portal.senders.outward_only import Guard, outward_only

CONNECT_SECONDS: Final = 4.0
READ_SECONDS: Final = 8.0


def send(address: str, title: str, body: str, *, is_our_own: bool = False) -> None:
    """Raises `PermanentFailure` for an address nobody may or can be rung at.

    `is_our_own` says that the operator chose the address, who may well mean a machine inside.
    """
    from apprise import NotifyFormat, NotifyType

    service = contact_addresses.service_at(address)
    if service is None:
        raise PermanentFailure("This is not an address Apprise can ring.")
    # The address may ask for other timeouts, or for no look at certificates. Ours must stay
    # below the lease.
    service.socket_connect_timeout = CONNECT_SECONDS
    service.socket_read_timeout = READ_SECONDS
    service.verify_certificate = True
    with nullcontext(Guard()) if is_our_own else outward_only() as guard:
        sent = service.notify(
            title=title, body=body, notify_type=NotifyType.FAILURE, body_format=NotifyFormat.TEXT
        )
    if guard.refused:
        raise PermanentFailure("This address leads into our own network.")
    if not sent:
        raise TemporaryFailure(f"{service.service_name} did not take the message.")
