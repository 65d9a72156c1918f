"""`manage.py mail`: mail that comes in."""

import logging
import signal
import socket
import threading
from typing import Any

import structlog
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import OperationalError

from portal.engine.outage import Outage
from portal.environment import refuse
from portal.mail_in import imap, listener
from portal.mail_in.door import Door
from portal.mail_in.process import MailProcess
from portal.startup_checks import refuse_powerful_connections, refuse_powerful_login

log = structlog.get_logger(__name__)


class Command(BaseCommand):
    help = "Take mail in (SMTP, LMTP, IMAP) and understand it. Run as many as you like."
    requires_system_checks: list[str] = []  # some of them ask the database, which may be away

    def handle(self, *args: Any, **options: Any) -> None:
        logging.getLogger("mail.log").setLevel(logging.ERROR)  # aiosmtpd's: every command
        # Before anything is connected: what is wrong in the settings is said at once.
        mailboxes = [imap.mailbox(url, n) for n, url in enumerate(settings.IMAP_URLS, start=1)]
        tls = listener.certificate(settings.MAIL_CERTIFICATE, settings.MAIL_CERTIFICATE_KEY)
        sockets = _bound([listener.place(text) for text in settings.MAIL_LISTEN])
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        try:
            refuse_powerful_login()
        except OperationalError:
            refuse_powerful_connections()
        outage, limit = Outage(), settings.MAIL_LIMIT
        door = Door(limit=limit, outage=outage, per_address=settings.MAIL_PER_ADDRESS)
        MailProcess(
            stop,
            outage,
            listener=listener.Listener(door, sockets, stop=stop, tls=tls) if sockets else None,
            pollers=[
                imap.Poller(box, every=settings.IMAP_EVERY, limit=limit, stop=stop)
                for box in mailboxes
            ],
        ).run()


def _bound(places: list[listener.Place]) -> list[tuple[listener.Place, socket.socket]]:
    """Outside production a taken port costs only the listener: the rest is of use without."""
    bound = []
    for place in places:
        try:
            bound.append((place, place.bind()))
        except OSError as problem:
            why = problem.strerror or type(problem).__name__
            if settings.PRODUCTION:
                refuse(f"VIGIL_MAIL_LISTEN: {place.text} cannot be used ({why}).")
            log.error("no mail is taken in there", at=place.text, why=why)
    return bound
