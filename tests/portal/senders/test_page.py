"""Pages through Apprise, to a real HTTP server."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import SimpleNamespace
from typing import Any

import pytest

from accounts import contact_addresses
from accounts.models import ContactMethod, Delivery
from portal.engine import deliveries
from portal.senders import PermanentFailure, TemporaryFailure, page
from tests import factories
from tests.portal.conftest import Clock
from tickets.models.ticket import Severity

pytestmark = pytest.mark.django_db


@pytest.fixture
def telephone() -> Iterator[SimpleNamespace]:
    """An HTTP server that keeps what it was told and answers with `status`."""
    heard = SimpleNamespace(messages=[], status=200, port=0)

    class Hearing(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            heard.messages.append(json.loads(self.rfile.read(length)))
            self.send_response(heard.status)
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Hearing)
    heard.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield heard
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def rung(
    cast: SimpleNamespace, telephone: SimpleNamespace, clock: Clock, handle_due: Any
) -> Delivery:
    """The delivery that rings the engineer on duty by an Apprise URL, in Chinese."""
    cast.engineer.language = "zh-hans"
    cast.engineer.save()
    address = f"json://127.0.0.1:{telephone.port}/ring?rto=600"
    ContactMethod.objects.filter(user=cast.engineer).update(kind="push", address=address)
    factories.ticket(cast.developer, subject="<b>Down</b>", severity=Severity.URGENT)
    handle_due()
    return Delivery.objects.get(kind="page")


def test_a_page_says_what_is_wrong_and_where_to_take_it(
    rung: Delivery, telephone: SimpleNamespace, client: Any
) -> None:
    (claimed,) = deliveries.claim(deliveries.OTHER_PAGES, 1)
    deliveries.deliver(deliveries.OTHER_PAGES, claimed)
    (message,) = telephone.messages
    assert message["title"].startswith("STAR-1 · ")
    assert "<b>Down</b>" in message["message"]
    link = re.search(r"http://[^/]+(/page/\S+)", message["message"])
    assert link
    assert client.get(link[1]).status_code == 200
    assert Delivery.objects.get(pk=rung.pk).sent_at is not None


def test_a_telephone_that_refuses_is_rung_again(rung: Delivery, telephone: SimpleNamespace) -> None:
    telephone.status = 503
    with pytest.raises(TemporaryFailure):
        page.send(rung)


def test_an_address_nobody_can_ring_is_given_up(rung: Delivery) -> None:
    rung.address = "carrierpigeon://coop"
    with pytest.raises(PermanentFailure):
        page.send(rung)


def test_the_address_cannot_ask_for_longer_than_the_lease(
    rung: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = {}
    real = contact_addresses.service_at

    def watched(address: str) -> Any:
        service = real(address)
        monkeypatch.setattr(
            type(service), "notify", lambda self, **_: seen.update(t=self.request_timeout) or True
        )
        return service

    monkeypatch.setattr(contact_addresses, "service_at", watched)
    page.send(rung)
    assert sum(seen["t"]) < deliveries.OTHER_PAGES.lease_seconds
