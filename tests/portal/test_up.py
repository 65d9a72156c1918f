"""`manage.py up` starts everything with one command and leaves nothing behind."""

import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import psutil

from portal.database import DatabaseUrls
from tests.database import TestServer, environment
from tests.ports import free_ports
from tests.processes import wait_until

ROOT = Path(__file__).resolve().parent.parent.parent
LISTENERS = 3
TOO_LONG_SECONDS = 60


def up(urls: DatabaseUrls, web: int, live: int, mail: int) -> subprocess.Popen[str]:
    command = ["up", "--demo", "--no-demo", "--port", str(web), "--live-port", str(live)]
    command += ["--mail-port", str(mail)]
    return subprocess.Popen(  # noqa: S603  our own command line
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=environment(urls, PYTHONUNBUFFERED="1"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def is_mail_server(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
            return client.recv(100).startswith(b"220")
    except OSError:
        return False


def test_it_says_where_vigil_is_and_ends_cleanly(fresh_database: DatabaseUrls) -> None:
    web, live, mail = free_ports(LISTENERS)
    started = up(fresh_database, web, live, mail)
    assert started.stdout is not None
    too_long = threading.Timer(TOO_LONG_SECONDS, started.terminate)
    too_long.start()
    assert any(f"Vigil is at http://127.0.0.1:{web}/" in line for line in started.stdout)
    too_long.cancel()
    wait_until(lambda: is_mail_server(mail), "mail is taken in", 30)
    children = psutil.Process(started.pid).children(recursive=True)
    assert children
    started.send_signal(signal.SIGINT)
    rest, _ = started.communicate(timeout=60)
    assert started.returncode == 0
    assert "its data is kept" in rest
    assert not [child for child in children if child.is_running()]


def test_a_taken_port_is_named_with_the_option(fresh_database: DatabaseUrls) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        _, problem = up(fresh_database, port, *free_ports(2)).communicate(timeout=60)
    assert problem.startswith(f"Port {port} for the portal cannot be used")
    assert "--port" in problem
    assert problem.count("\n") == 1


def test_a_taken_port_for_mail_is_named_with_its_option(fresh_database: DatabaseUrls) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = up(fresh_database, *free_ports(2), port)
        _, problem = ended.communicate(timeout=60)
    assert ended.returncode == 2
    assert problem.startswith(f"Port {port} for incoming mail cannot be used")
    assert "--mail-port" in problem
    assert problem.count("\n") == 1


def test_mail_needs_a_port_of_its_own(fresh_database: DatabaseUrls) -> None:
    web, live = free_ports(2)
    _, problem = up(fresh_database, web, live, live).communicate(timeout=60)
    assert "--mail-port" in problem
    assert "differ" in problem
    assert problem.count("\n") == 1


def test_a_login_with_power_is_refused(
    fresh_database: DatabaseUrls, database_server: TestServer
) -> None:
    powerful = DatabaseUrls(app=database_server.superuser_url, owner=fresh_database.owner)
    ended = up(powerful, *free_ports(LISTENERS))
    _, problem = ended.communicate(timeout=60)
    assert ended.returncode == 2
    assert "is a superuser" in problem
