"""Case 52: an address somebody is rung at never leads us into our own network."""

from __future__ import annotations

import ipaddress
import logging
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from accounts import contact_addresses, outward
from portal.senders import PermanentFailure, service
from portal.senders.outward_only import LeadsInside, outward_only


@pytest.fixture
def nothing_inside(settings: Any) -> None:
    settings.PAGES_INSIDE = ()


@pytest.fixture
def inside() -> Iterator[SimpleNamespace]:
    """A machine of ours; `redirect` is where it sends whoever asks."""
    seen = SimpleNamespace(requests=0, connections=0, redirect="", port=0)

    class Ours(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            seen.requests += 1
            self.rfile.read(int(self.headers.get("Content-Length", "0")))
            self.send_response(307 if seen.redirect else 200)
            if seen.redirect:
                self.send_header("Location", seen.redirect)
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            pass

    class Counting(ThreadingHTTPServer):
        def get_request(self) -> Any:
            seen.connections += 1
            return super().get_request()

    with Counting(("127.0.0.1", 0), Ours) as server:
        seen.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield seen
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1"),
        *("0.0.0.0", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1"),  # noqa: S104
        *("::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001::1", "::7f00:1"),
        *("64:ff9b:1::1", "ff02::1", "198.18.0.1", "192.0.2.1"),
    ],
)
def test_case_52_these_lie_inside(address: str) -> None:
    assert not outward.is_outside(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["1.1.1.1", "203.208.40.1", "2606:4700::1111"])
def test_case_52_these_lie_outside(address: str) -> None:
    assert outward.is_outside(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        "json://127.0.0.1/x",
        "json://user:secret@10.0.0.1:8080/x",
        "jsons://[::1]/",
        "xml://[::ffff:169.254.169.254]/",
        "form://localhost:9200/",
        "ntfy://metadata.google.internal/topic",
        "gotify://printer.local/abcdefghijklmno",
    ],
)
@pytest.mark.usefixtures("nothing_inside")
def test_case_52_refused_at_the_form(address: str) -> None:
    with pytest.raises(ValidationError, match="our own network"):
        contact_addresses.clean(address, kind="push")


@pytest.mark.parametrize(
    "address",
    [
        *("syslog://", "dbus://", "macosx://", "windows://", "file:///etc/passwd"),
        *("mailto://user:pass@example.com", "rsyslog://1.1.1.1/", "mqtt://1.1.1.1/topic"),
        "fcm://project@apikey/target?keyfile=/etc/passwd",
        "vapid://person@example.com/target?keyfile=/etc/passwd",
    ],
)
def test_case_52_nothing_but_services_on_the_web(address: str) -> None:
    with pytest.raises(ValidationError, match="Apprise"):
        contact_addresses.clean(address, kind="push")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f000001", "127.1"])
@pytest.mark.usefixtures("nothing_inside")
def test_case_52_refused_before_the_connection(inside: SimpleNamespace, host: str) -> None:
    """However the host is written: what counts is the address that would be connected to."""
    with pytest.raises(PermanentFailure):
        service.send(f"json://{host}:{inside.port}/", "title", "text")
    assert (inside.connections, inside.requests) == (0, 0)


@pytest.mark.usefixtures("nothing_inside")
def test_case_52_a_name_that_leads_inside_when_it_is_asked(
    inside: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name server may answer with another address each time: the last answer is checked."""
    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda _host, port, *rest: real("127.0.0.1", port, *rest)
    )
    address = f"json://hook.example.com:{inside.port}/"
    assert contact_addresses.clean(address, kind="push") == address
    with pytest.raises(PermanentFailure, match="our own network"):
        service.send(address, "title", "text")
    assert inside.connections == 0


def test_case_52_a_redirection_inside(inside: SimpleNamespace, settings: Any) -> None:
    settings.PAGES_INSIDE = (ipaddress.ip_network("127.0.0.1/32"),)
    inside.redirect = f"http://127.0.0.2:{inside.port}/"
    with pytest.raises(PermanentFailure, match="our own network"):
        service.send(f"json://127.0.0.1:{inside.port}/?redirect=yes", "title", "text")
    assert inside.requests == 1


@pytest.mark.usefixtures("nothing_inside")
def test_case_52_no_way_around_by_another_kind_of_socket() -> None:
    with outward_only():
        with socket.socket(socket.AF_UNIX) as local, pytest.raises(LeadsInside):
            local.connect("/run/some.sock")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wire, pytest.raises(LeadsInside):
            wire.sendto(b"x", ("127.0.0.1", 9))


def test_case_52_what_the_operator_allows_is_rung(inside: SimpleNamespace) -> None:
    service.send(f"json://127.0.0.1:{inside.port}/", "title", "text")
    assert inside.requests == 1


def test_case_52_outside_the_block_nothing_is_guarded(inside: SimpleNamespace) -> None:
    with socket.create_connection(("127.0.0.1", inside.port)):
        pass


def test_case_57_addresses_and_their_keys_are_not_logged(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    from portal import structured_logging

    structured_logging.configure(as_json=True, level="DEBUG")
    with pytest.raises(ValidationError):
        contact_addresses.clean("slack://not-a-token/secret-word", kind="chat")
    logging.getLogger("django.request").warning("Too Many Requests: %s", "/calendar/abc-D_f.ics")
    logging.getLogger("django.request").warning("Gone: %s", "/contact/0a1b~Sig/confirm/")
    structured_logging.configure(as_json=False, level="INFO")
    written = capsys.readouterr().err
    assert "/calendar/[hidden].ics" in written
    for secret in ("secret-word", "not-a-token", "abc-D_f", "0a1b"):
        assert secret not in written
