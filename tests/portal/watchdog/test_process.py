"""The real processes: a watchdog that alarms, a worker whose beat goes the whole way."""

from __future__ import annotations

import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import psutil
import psycopg
import pytest

from portal.database import DatabaseUrls
from tests.database import TestServer
from tests.processes import processes, wait_until


@contextmanager
def pinged() -> Iterator[tuple[str, list[str]]]:
    """An address, and what was asked of it: pings and alarms."""
    asked: list[str] = []

    class Asked(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # noqa: N802  named by the base class
            asked.append("ping")
            self._answer()

        def do_POST(self) -> None:  # noqa: N802  named by the base class
            asked.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self._answer()

        def _answer(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *arguments: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Asked) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"127.0.0.1:{server.server_address[1]}", asked
        finally:
            server.shutdown()


def beats(urls: DatabaseUrls) -> set[str]:
    with psycopg.connect(urls.app) as connection:
        rows = connection.execute("select process from portal_process_beat").fetchall()
        return {name for (name,) in rows}


def test_a_dead_engine_is_alarmed_once_and_its_return_is_told(fresh_database: DatabaseUrls) -> None:
    with pinged() as (host, asked), processes(
        fresh_database, VIGIL_ALARM_URLS=f"json://{host}/", VIGIL_DISK_FREE_MIB="0",
        VIGIL_DEADMAN_URL=f"http://{host}/",
    ) as run:  # fmt: skip
        run.start("engine", "watchdog")
        wait_until(lambda: "ping" in asked, "the outer switch is told that all is well", 30)
        run.kill("engine")
        wait_until(lambda: any("Trouble (engine)" in one for one in asked), "the alarm", 40)
        run.start("engine")
        wait_until(lambda: any("Recovered (engine)" in one for one in asked), "its end", 60)
        alarms = [one for one in asked if "(engine)" in one]
        assert len(alarms) == 2
        assert "No engine is at work" in alarms[0]
        assert "ALARM" in run.log("watchdog")
        assert run.end("watchdog") < 5


def test_without_a_database_it_starts_alarms_and_ends(fresh_database: DatabaseUrls) -> None:
    nowhere = DatabaseUrls(app="postgresql://127.0.0.1:1/vigil", owner=fresh_database.owner)
    with pinged() as (host, asked), processes(
        nowhere, VIGIL_ALARM_URLS=f"json://{host}/", VIGIL_DEADMAN_URL=f"http://{host}/"
    ) as run:  # fmt: skip
        run._await_ready = lambda name: None  # type: ignore[method-assign]  it never connects
        run.start("watchdog")
        wait_until(lambda: any("Trouble (database)" in one for one in asked), "the alarm", 60)
        assert "ping" not in asked
        assert run.end("watchdog") < 5


def test_a_wrong_alarm_address_is_refused_in_one_line(fresh_database: DatabaseUrls) -> None:
    with (
        processes(fresh_database, VIGIL_ALARM_URLS="nonsense") as run,
        pytest.raises(RuntimeError, match="VIGIL_ALARM_URLS: address 1 is none"),
    ):
        run.start("watchdog")


def test_the_workers_beat_comes_from_its_saved_result(
    fresh_database: DatabaseUrls, database_server: TestServer
) -> None:
    with processes(fresh_database) as run:
        run.start("worker")
        wait_until(lambda: "worker" in beats(fresh_database), "a beat", 60)
        name = psycopg.conninfo.conninfo_to_dict(fresh_database.app)["dbname"]
        with psycopg.connect(database_server.superuser_url, dbname=name) as connection:
            saved = connection.execute(
                'select "group", success from django_q_task where "group" like %s', ["heartbeat%"]
            ).fetchall()
        assert saved
        assert all(success for _group, success in saved)
        children = psutil.Process(run.pid("worker")).children(recursive=True)
        assert len(children) >= 4, "sentinel, pusher, worker, monitor"
        assert run.end("worker") < 12
        assert not [child for child in children if child.is_running()]


def test_a_worker_without_its_sentinel_ends_with_all_it_started(
    fresh_database: DatabaseUrls,
) -> None:
    with processes(fresh_database) as run:
        run.start("worker")
        keeper = psutil.Process(run.pid("worker"))
        wait_until(lambda: len(keeper.children(recursive=True)) >= 4, "the cluster stands", 30)
        children = keeper.children(recursive=True)
        (sentinel,) = (one for one in keeper.children() if one.children())
        sentinel.kill()
        wait_until(lambda: not run.is_running("worker"), "the keeper ends", 30)
        wait_until(lambda: not any(map(_lives, children)), "all it started ends too", 10)


def test_healthz_is_well_only_when_all_processes_are(fresh_database: DatabaseUrls) -> None:
    def status() -> int:
        try:
            with urllib.request.urlopen(f"{run.url}/healthz", timeout=5) as answer:  # noqa: S310
                return int(answer.status)
        except urllib.error.HTTPError as refused:
            refused.close()
            return refused.code

    with processes(fresh_database, VIGIL_DISK_FREE_MIB="0") as run:
        run.start("web", "engine", "worker", "mail", "watchdog")
        wait_until(lambda: status() == 200, "all is well", 90)
        run.kill("watchdog")
        wait_until(lambda: status() == 503, "the silent watchdog is noticed", 60)


def _lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
