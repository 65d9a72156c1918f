"""Recordings are fetched from the provider, with our account, and from nowhere else."""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.storage import default_storage

from accounts.models import Delivery
from portal.engine import chores, deliveries
from portal.engine.deliveries import RECORDINGS
from portal.senders import recording as sender
from tests import telephone
from tests.portal.conftest import Clock
from tests.telephone import ACCOUNT, TOKEN, Telephone
from tickets.models import Attachment, CallRecording, Enquiry

pytestmark = pytest.mark.django_db
SOUND = b"ID3 some sound"


@dataclass
class Provider:
    """What it answers next, and whom it was asked by."""

    status: int = 200
    content: bytes = SOUND
    location: str = ""
    asked: list[tuple[str, str]] = field(default_factory=list)


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    made = Provider()

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # noqa: N802  named by the base class
            made.asked.append((self.path, self.headers.get("Authorization", "")))
            self.send_response(made.status)
            if made.location:
                self.send_header("Location", made.location)
            self.send_header("Content-Length", str(len(made.content)))
            self.end_headers()
            try:
                self.wfile.write(made.content)
            except OSError:
                pass  # the fetcher had enough

        def log_message(self, format: str, *arguments: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        settings.TWILIO_API = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield made
        server.shutdown()
        thread.join()


@pytest.fixture
def message(call: Telephone, pin: str, cast: SimpleNamespace) -> str:
    """A voice message on a ticket; its number."""
    for person in (cast.engineer, cast.second, cast.lead):
        person.contact_methods.filter(kind="phone").delete()
    heard = call.pin(pin)
    sid = telephone.sid("RE")
    url = "http://169.254.169.254/latest/meta-data"  # what the webhook says is not looked at
    call.say(heard.action("Record"), RecordingSid=sid, RecordingDuration="42", RecordingUrl=url)
    return sid


def fetch() -> Delivery:
    for delivery in deliveries.claim(RECORDINGS, 10):
        deliveries.deliver(RECORDINGS, delivery)
    return Delivery.objects.get(kind=Delivery.Kind.RECORDING)


def test_the_recording_is_attached_to_the_message(provider: Provider, message: str) -> None:
    assert fetch().sent_at is not None
    file = Attachment.objects.get()
    assert (file.size, file.internal, file.entry.channel) == (len(SOUND), False, "phone")
    assert file.name.startswith("Voice message 2026-11-23")
    with default_storage.open(file.storage_key) as sound:
        assert sound.read() == SOUND
    path, login = provider.asked[0]
    assert path == f"/2010-04-01/Accounts/{ACCOUNT}/Recordings/{message}.mp3"
    assert login == "Basic " + base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()


def test_fetched_twice_it_is_attached_once(provider: Provider, message: str) -> None:
    """A sender died between storing it and settling the delivery."""
    delivery = Delivery.objects.get(kind=Delivery.Kind.RECORDING)
    sender.fetch(delivery)
    sender.fetch(delivery)
    assert Attachment.objects.count() == 1


@pytest.mark.parametrize("status", [401, 404, 429, 500, 503])
def test_what_is_not_there_yet_is_asked_for_again(
    provider: Provider, message: str, clock: Clock, status: int
) -> None:
    provider.status = status
    delivery = fetch()
    assert (delivery.sent_at, delivery.failed_at) == (None, None)
    provider.status = 200
    clock.forward(seconds=60)
    assert fetch().sent_at is not None
    assert Attachment.objects.count() == 1


@pytest.mark.parametrize(
    "elsewhere",
    ["http://169.254.169.254/", "https://evil.example/x", "file:///etc/passwd", "//10.0.0.1/"],
)
def test_a_redirection_to_another_machine_is_not_followed(
    provider: Provider, message: str, elsewhere: str
) -> None:
    provider.status, provider.location = 302, elsewhere
    delivery = fetch()
    assert delivery.failed_at is not None
    assert "somebody else" in delivery.last_error
    assert len(provider.asked) == 1


def test_endless_redirections_end(provider: Provider, message: str) -> None:
    provider.status, provider.location = 302, "/again"
    assert fetch().failed_at is None
    assert len(provider.asked) == sender.MOST_HOPS


def test_one_that_is_too_large_is_refused(
    provider: Provider, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "MAX_BYTES", 10)
    delivery = fetch()
    assert delivery.failed_at is not None
    assert not Attachment.objects.exists()


def test_a_provider_inside_our_network_is_refused(
    provider: Provider, message: str, settings: Any
) -> None:
    settings.PAGES_INSIDE = ()
    assert fetch().failed_at is not None
    assert provider.asked == []


def test_hosts_below_the_providers_domain_are_its_own(settings: Any) -> None:
    settings.TWILIO_API = "https://api.twilio.com"
    assert sender._is_the_providers("https://media.twilio.com/x")
    for other in (
        "https://twilio.com.evil.example",
        "http://media.twilio.com",
        "https://eviltwilio.com",
    ):
        assert not sender._is_the_providers(other)


def test_a_message_of_somebody_unknown_is_kept_for_us_to_listen_to(
    provider: Provider,
    call: Telephone,
    pin: str,
    cast: SimpleNamespace,
    browser_of: Any,
    handle_due: Callable[[], None],
) -> None:
    heard = call.pin("00000000", 3)
    call.say(heard.action("Record"), RecordingSid=telephone.sid("RE"), RecordingDuration="5")
    fetch()
    row = CallRecording.objects.get()
    assert row.storage_key
    assert not Attachment.objects.exists()
    assert Enquiry.objects.count() == 1
    engineer = browser_of(cast.engineer)
    page = engineer.get("/admin/calls/").content.decode()
    assert f"/admin/calls/recordings/{row.pk}/" in page
    answer = engineer.get(f"/admin/calls/recordings/{row.pk}/")
    assert b"".join(answer.streaming_content) == SOUND
    assert answer["Content-Disposition"].startswith("attachment")


def test_the_nightly_sweep_leaves_recordings_alone(
    provider: Provider, call: Telephone, pin: str, clock: Clock
) -> None:
    heard = call.pin("00000000", 3)
    call.say(heard.action("Record"), RecordingSid=telephone.sid("RE"), RecordingDuration="5")
    fetch()
    key = CallRecording.objects.get().storage_key
    folder = key.partition("/")[0]
    assert key not in chores._orphans(folder, before=clock.forward(days=9999))
    CallRecording.objects.update(storage_key="")
    assert key in chores._orphans(folder, before=clock.now)
