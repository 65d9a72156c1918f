"""`manage.py worker`: what may be late."""

import signal
from typing import Any

from django.core.management.base import BaseCommand
from django.db import OperationalError, connections

from portal.startup_checks import refuse_powerful_connections, refuse_powerful_login
from portal.worker.keeper import Keeper, leave

ROLE = "vigil_worker"
KEEP_CONNECTED_SECONDS = 600


class Command(BaseCommand):
    help = "Do what may be late: retention. One is enough, a second does no harm."
    requires_system_checks: list[str] = []  # some of them ask the database, which may be away

    def handle(self, *args: Any, **options: Any) -> None:
        keeper = Keeper()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: keeper.stop.set())
        settings = connections["default"].settings_dict
        settings["OPTIONS"].pop("pool", None)  # the cluster forks, which a pool does not survive
        settings["CONN_MAX_AGE"] = KEEP_CONNECTED_SECONDS
        try:
            refuse_powerful_login()
        except OperationalError:
            refuse_powerful_connections()
        settings["OPTIONS"]["assume_role"] = ROLE  # the only one that may touch django-q's tables
        leave(keeper.run())
