"""Fixtures for all tests: here, the databases they run on, and the browser they may need."""

from collections.abc import Iterator
from contextlib import contextmanager

import hypothesis
import pytest
from django.conf import settings
from django.db import connections
from pytest_django import DjangoDbBlocker

from portal.catalogues import compile_catalogues
from portal.database import DatabaseUrls, from_url
from tests import browser, dovecot
from tests.database import TestServer, test_server

# The same examples each time, so that a change is judged by itself; search further with
# `--hypothesis-profile=search`.
hypothesis.settings.register_profile("same", derandomize=True)
hypothesis.settings.register_profile("search", derandomize=False)
hypothesis.settings.load_profile("same")

pytest_plugins = ["tests.cast", "tests.live_cast", "tests.access_scene"]


def pytest_configure(config: pytest.Config) -> None:
    """Compile the catalogues before any worker reads them."""
    if not hasattr(config, "workerinput"):
        compile_catalogues(settings.BASE_DIR / "locale")


@pytest.fixture(scope="session")
def database_server() -> Iterator[TestServer]:
    """The PostgreSQL server of this run; started when the first test needs it."""
    with test_server() as server:
        yield server


@pytest.fixture(scope="session")
def django_db_setup(
    database_server: TestServer, django_db_blocker: DjangoDbBlocker, worker_id: str
) -> Iterator[None]:
    """Point Django at a copy of the template, as `vigil_app`; replaces pytest-django's own."""
    with database_server.fresh(worker_id) as urls, _django_on(urls, django_db_blocker):
        yield


@pytest.fixture
def fresh_database(database_server: TestServer, worker_id: str) -> Iterator[DatabaseUrls]:
    """A database of one test's own, for tests that start real processes on it.

    `tests.database.environment(fresh_database)` is the environment for such a process.
    """
    with database_server.fresh(f"fresh_{worker_id}") as urls:
        yield urls


@pytest.fixture
def committed_database(
    fresh_database: DatabaseUrls, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[DatabaseUrls]:
    """The same with Django on it, and real commits, for tests with threads or processes.

    Use it instead of `django_db(transaction=True)`: `vigil_app` may not truncate tables.
    """
    with django_db_blocker.unblock(), _django_on(fresh_database, django_db_blocker):
        yield fresh_database


@pytest.fixture(autouse=True)
def calm_alarm_system(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages find nothing wrong, without asking: tests run without an engine and a watchdog."""
    monkeypatch.setattr("portal.alarm_state.current", lambda: None)


@contextmanager
def _django_on(urls: DatabaseUrls, blocker: DjangoDbBlocker) -> Iterator[None]:
    settings = connections["default"].settings_dict
    before = dict(settings)
    with blocker.unblock():
        connections.close_all()
    settings.update(from_url(urls.app))
    try:
        yield
    finally:
        with blocker.unblock():
            connections.close_all()
        settings.update(before)


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("browser") and browser.chromium() is None:
        if browser.required():
            pytest.fail(f"No Chromium: {browser.HOW_TO_GET_IT}", pytrace=False)
        pytest.skip("no Chromium")
    if item.get_closest_marker("dovecot") and not dovecot.is_possible():
        pytest.skip("no Dovecot")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = [  # a whole module skipped at collection has no keywords
        report
        for report in terminalreporter.stats.get("skipped", [])
        if "browser" in getattr(report, "keywords", ()) and "no Chromium" in str(report.longrepr)
    ]
    if skipped:
        terminalreporter.write_line(
            f"{len(skipped)} browser tests were skipped, for want of a Chromium. "
            f"To run them too: {browser.HOW_TO_GET_IT}",
            yellow=True,
        )
