"""`manage.py engine`: deadlines, pages and outgoing mail."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand
from django.db import OperationalError

from portal.engine.process import Engine
from portal.startup_checks import refuse_powerful_connections, refuse_powerful_login


class Command(BaseCommand):
    help = "Do what must happen in time: deadlines, pages, outgoing mail. Run as many as you like."
    requires_system_checks: list[str] = []  # some of them ask the database, which may be away

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        try:
            refuse_powerful_login()
        except OperationalError:
            refuse_powerful_connections()
        Engine(stop).run()
