"""`manage.py up`: everything on one machine, from an empty folder to a running Vigil."""

import argparse
import os
import signal
import socket
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import get_commands
from django.core.management.base import BaseCommand

from portal import database, environment, preparing
from portal.catalogues import compile_catalogues
from portal.embedded import EmbeddedServerError
from portal.mail_in import listener
from portal.supervisor import Supervisor

RETRY_SECONDS = 2.0


class Command(BaseCommand):
    help = "Start Vigil: database, migrations, demo data on first start, and all its processes."
    requires_system_checks: list[str] = []  # migrate runs them

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--port", type=int, help="where the portal listens (8000)")
        parser.add_argument("--live-port", type=int, help="where live updates listen (8001)")
        parser.add_argument("--mail-port", type=int, help="where mail is taken in by SMTP (8025)")
        parser.add_argument("--no-demo", action="store_true", help="start without demo data")
        parser.add_argument("--demo", action="store_true", help="demo mode, also on DATABASE_URL")

    def handle(self, *args: Any, **options: Any) -> None:
        signal.signal(signal.SIGTERM, _leave)
        signal.signal(signal.SIGINT, _leave)
        web = options["port"] or environment.number("PORT_WEB", 8000)
        live = options["live_port"] or environment.number("PORT_LIVE", 8001)
        host = environment.optional("HOST_WEB", "127.0.0.1")
        preparing.refuse_taken_port("the portal", host, web, "--port")
        host_live = environment.optional("HOST_LIVE", "127.0.0.1")
        preparing.refuse_taken_port("live updates", host_live, live, "--live-port")
        if (host, web) == (host_live, live):
            environment.refuse(f"--port and --live-port are both {web}: they must differ.")
        mail = self._mail_places(options["mail_port"], {web, live})
        programs = Path(sys.executable).parent  # granian stands beside this Python
        self.environment = {
            "PATH": os.pathsep.join([str(programs), os.environ.get("PATH", os.defpath)]),
            "PORT_WEB": str(web),
            "PORT_LIVE": str(live),
            "VIGIL_MODE": settings.MODE,
            "VIGIL_MAIL_LISTEN": " ".join(mail),
        }
        with ExitStack() as stack:
            urls = self._open_database(stack)
            self._prepare(urls, with_demo=settings.MODE == "demo" and not options["no_demo"])
            tend = self._tend(host, web)
            procfile = preparing.ROOT / "Procfile"
            Supervisor(procfile, os.environ | self.environment, lambda: next(tend)).run()
            self.stdout.write("Ending …")
        self.stdout.write("Vigil has ended; its data is kept.")

    def _mail_places(self, port: int | None, taken: set[int]) -> list[str]:
        """Where mail is taken in, each of it free; the option stands for all of the setting's."""
        if port in taken:
            environment.refuse(f"--mail-port is {port} like another one: they must differ.")
        places = settings.MAIL_LISTEN if port is None else [f"127.0.0.1:{port}"]
        for where in map(listener.place, places):
            if not where.path:
                name = "incoming mail"
                preparing.refuse_taken_port(name, where.host, where.port, "--mail-port")
        return list(places)

    def _open_database(self, stack: ExitStack) -> database.DatabaseUrls:
        if database.is_external():
            return preparing.external_database()
        stack.enter_context(database.EMBEDDED.held())
        return database.provision_embedded(database.EMBEDDED)

    def _prepare(self, urls: database.DatabaseUrls, *, with_demo: bool) -> None:
        compile_catalogues(preparing.ROOT / "locale")
        owner = self.environment | {"VIGIL_AS_OWNER": "1"}
        preparing.manage("migrate", "--no-input", "--verbosity=0", environment=owner)
        if fingerprint := preparing.static_files_changed():
            self.stdout.write("Collecting static files …")
            collect = ("collectstatic", "--no-input", "--clear", "--verbosity=0")
            preparing.manage(*collect, environment=self.environment)
            preparing.note_static_files(fingerprint)
        if with_demo and "demo" in get_commands():
            if not preparing.has_organizations(urls.app):
                self.stdout.write("Making demo data (first start) …")
                preparing.manage("demo", environment=self.environment)  # prints the logins too
            else:
                preparing.manage("demo", "--logins", environment=self.environment)

    def _tend(self, host: str, port: int) -> Any:
        """Yield for ever; keep the embedded database up and say once where Vigil answers."""
        announced = False
        not_before = 0.0
        while True:
            if not announced and _answers(host, port):
                address = settings.PUBLIC_URL if settings.PRODUCTION else f"http://{host}:{port}"
                self.stdout.write(f"\nVigil is at {address}/   (Ctrl-C ends it)\n")
                if mail := self.environment["VIGIL_MAIL_LISTEN"]:
                    self.stdout.write(f"Mail is taken in at {mail}\n")
                self.stdout.write("\n")
                announced = True
            down = not database.is_external() and not database.EMBEDDED.is_running()
            if down and time.monotonic() >= not_before:
                self.stderr.write("The database has ended; starting it again.")
                try:
                    database.EMBEDDED.start()
                except EmbeddedServerError as problem:
                    self.stderr.write(str(problem))
                    not_before = time.monotonic() + RETRY_SECONDS
            yield


def _answers(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=0.2).close()
    except OSError:
        return False
    return True


def _leave(*_: object) -> None:
    raise SystemExit(130)
