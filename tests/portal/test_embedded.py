"""The embedded server: made once, private, and back after whatever was done to it."""

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from portal import unprivileged
from portal.embedded import EmbeddedServerError, Server

START = """
import sys
import tempfile
from pathlib import Path
from portal import unprivileged
from portal.embedded import Server
Server(Path(sys.argv[1]), durable=False).start()
"""


@pytest.fixture
def server() -> Iterator[Server]:
    """A server of the test's own, where the server's account can reach it."""
    with tempfile.TemporaryDirectory(prefix="vigil-") as folder:
        Path(folder).chmod(0o711)
        made = Server(Path(folder) / "postgres", durable=False)
        yield made
        made.stop()


def ask(server: Server, query: str) -> object:
    with psycopg.connect(server.superuser_url()) as connection:
        row = connection.execute(query.encode()).fetchone()
        return row[0] if row else None


def process_id(server: Server) -> int:
    return int((server.data / "postmaster.pid").read_text().split()[0])


def test_a_second_start_keeps_data_and_port(server: Server) -> None:
    server.start()
    with psycopg.connect(server.superuser_url()) as connection:
        connection.execute("create table kept as select 7 as seven")
    port = server.port()
    server.stop()
    assert not server.is_running()
    server.start()
    assert server.port() == port
    assert ask(server, "select seven from kept") == 7


def test_two_processes_starting_at_once_share_one_server(server: Server) -> None:
    starts = [
        subprocess.Popen([sys.executable, "-c", START, str(server.directory)])  # noqa: S603
        for _ in range(2)
    ]
    assert [start.wait(60) for start in starts] == [0, 0]
    assert server.is_running()
    assert ask(server, "select 1") == 1


def test_a_killed_server_starts_again_on_its_port(server: Server) -> None:
    server.start()
    port = server.port()
    killed = psutil.Process(process_id(server))
    killed.kill()
    psutil.wait_procs([killed], timeout=10)
    assert not server.is_running()
    server.start()
    assert server.port() == port
    assert ask(server, "select 1") == 1


def test_a_process_file_naming_a_stranger_does_not_stop_it(server: Server) -> None:
    server.start()
    server.stop()
    lines = [str(os.getpid()), str(server.data), "0", "5432", "", "127.0.0.1", "0", "ready"]
    (server.data / "postmaster.pid").write_text("\n".join(lines))
    assert not server.is_running()
    server.start()
    assert process_id(server) != os.getpid()


def test_a_folder_of_another_version_is_refused_in_one_line(server: Server) -> None:
    server.start()
    server.stop()
    (server.data / "PG_VERSION").write_text("12\n")
    with pytest.raises(EmbeddedServerError, match=r"made by PostgreSQL 12, this is PostgreSQL 1\d"):
        server.start()


def test_a_login_without_its_password_is_refused(server: Server) -> None:
    server.start()
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(server.url("postgres", "wrong", "postgres"))


def test_it_listens_on_the_loopback_address_alone(server: Server) -> None:
    server.start()
    assert ask(server, "show listen_addresses") == "127.0.0.1"
    assert ask(server, "show unix_socket_directories") == ""


def test_secrets_and_data_are_private(server: Server) -> None:
    server.start()
    assert stat.S_IMODE(server.password_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(server.data.stat().st_mode) == 0o700


def test_the_last_holder_stops_it(server: Server) -> None:
    other = Server(server.directory, durable=False)
    with server.held():
        with other.held():
            pass
        assert server.is_running()
    assert not server.is_running()


def test_text_is_utf8_and_chinese_words_are_found_by_trigrams(server: Server) -> None:
    server.start()
    assert ask(server, "show server_encoding") == "UTF8"
    with psycopg.connect(server.superuser_url()) as connection:
        connection.execute("create extension pg_trgm")
        row = connection.execute("select cardinality(show_trgm('消息乱序'))").fetchone()
    assert row is not None
    assert row[0] > 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root must give its rights away")
def test_started_by_root_it_runs_as_nobody(server: Server) -> None:
    server.start()
    assert psutil.Process(process_id(server)).username() == "nobody"


def test_before_the_first_start_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(EmbeddedServerError, match="make run"):
        Server(tmp_path).superuser_url()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has an account to stay reachable for")
def test_where_nobody_cannot_reach_the_data_stand_outside_and_no_folder_is_opened() -> None:
    with tempfile.TemporaryDirectory(prefix="vigil-") as folder:  # 0700
        server = Server(Path(folder) / "postgres", durable=False)
        try:
            server.start()
            assert ask(server, "select 1") == 1
            assert server.data.resolve().is_relative_to("/var/lib")
            assert stat.S_IMODE(Path(folder).stat().st_mode) == 0o700
        finally:
            server.stop()
            shutil.rmtree(unprivileged.outside_home(server.directory))
