"""`manage.py watchdog`: see that everything works, and tell a person when it does not."""

import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import OperationalError, connections

from portal.engine.listener import KEEPALIVE
from portal.startup_checks import refuse_powerful_connections, refuse_powerful_login
from portal.watchdog.calling import callers, switch
from portal.watchdog.canary import Receiver
from portal.watchdog.process import Watchdog

CONNECT_SECONDS = 3
UNHEARD_MILLISECONDS = 8000  # data nobody acknowledged for that long ends a connection


class Command(BaseCommand):
    help = "Watch engine, pages, worker, database and disk; raise the alarm when one fails."
    requires_system_checks: list[str] = []  # some of them ask the database, which may be away

    def handle(self, *args: Any, **options: Any) -> None:
        # Before anything is connected: what is wrong in the settings is said at once.
        calls = callers(settings.ALARM_URLS, settings.PUBLIC_URL)
        outside = switch(settings.DEADMAN_URL)
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        database = connections["default"].settings_dict
        database["OPTIONS"].pop("pool", None)
        database["OPTIONS"] |= KEEPALIVE | {
            "connect_timeout": CONNECT_SECONDS,
            "tcp_user_timeout": UNHEARD_MILLISECONDS,
        }
        database["CONN_MAX_AGE"] = None  # one connection, as long as it is of use
        try:
            refuse_powerful_login()
        except OperationalError:
            refuse_powerful_connections()
        Watchdog(
            stop,
            receiver=Receiver(settings.WATCHDOG_HOST, settings.WATCHDOG_PORT),
            callers=calls,
            switch=outside,
            folder=settings.MEDIA_ROOT,
            disk_wanted=settings.DISK_FREE_MIB * 2**20,
        ).run()
