"""Receives the callbacks of cloud recording. Python 3.9 or newer, nothing else to install.

VIGIL_CERTIFICATES='k4=BASE64' python recording_callback.py
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
import os
import queue
import threading
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOLERANCE = 300  # seconds between our clock and yours
LARGEST = 64 * 1024  # bytes of a callback
DIFFERENCE = 2_000  # ms a complete file may be shorter than the room was open

log = logging.getLogger("recordings")


def genuine(
    headers: Mapping[str, str], body: bytes, certificates: Mapping[str, bytes], now: float
) -> bool:
    """True if one of your active certificates signed exactly these bytes. `now`: Unix seconds."""
    stamp = headers.get("webhook-timestamp", "")
    if not stamp.isdigit() or abs(now - int(stamp)) > TOLERANCE:
        return False
    text = f"{headers.get('webhook-id', '')}.{stamp}.".encode() + body
    for entry in headers.get("webhook-signature", "").split():
        kid, _, given = entry.partition("=")
        if kid not in certificates:
            continue
        digest = hmac.new(certificates[kid], text, hashlib.sha256).digest()
        if hmac.compare_digest(base64.b64encode(digest), given.encode()):
            return True
    return False


def is_complete(recording: Mapping[str, Any]) -> bool:
    """True if nothing is missing from the file, by the two durations of recording.ready."""
    return bool(recording["room_duration_ms"] - recording["duration_ms"] <= DIFFERENCE)


class Inbox:
    """Each event once, worked on outside the request. A real one keeps the ids in a database."""

    def __init__(self) -> None:
        self.events: queue.Queue[dict[str, Any]] = queue.Queue()
        self._seen: set[str] = set()
        self._lock = threading.Lock()

    def put(self, event_id: str, event: dict[str, Any]) -> bool:
        """False if this event came before: callbacks are repeated until we answer 2xx."""
        with self._lock:
            if event_id in self._seen:
                return False
            self._seen.add(event_id)
        self.events.put(event)
        return True


def work(inbox: Inbox) -> None:
    """Runs in a thread of its own, so that the callback is answered within 5 seconds."""
    while True:
        event = inbox.events.get()
        recording = event["recording"]
        if event["type"] == "recording.ready":
            word = "complete" if is_complete(recording) else "HAS GAPS, keep the segments"
            log.info("%s %s: %s", recording["id"], word, recording["url"])
        elif event["type"] == "recording.failed":
            log.warning("%s failed with %s", recording["id"], recording["code"])


class Receiver(BaseHTTPRequestHandler):
    inbox: Inbox
    certificates: Mapping[str, bytes]

    def do_POST(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        if length > LARGEST:
            self.send_error(413)
            return
        body = self.rfile.read(length)
        headers = {name.lower(): value for name, value in self.headers.items()}
        if not genuine(headers, body, self.certificates, time.time()):
            self.send_error(401)
            return
        self.inbox.put(headers["webhook-id"], json.loads(body))
        self.send_response(204)
        self.end_headers()


def read_certificates(text: str) -> dict[str, bytes]:
    """`k3=BASE64 k4=BASE64`: two while you rotate."""
    pairs = (entry.partition("=") for entry in text.split())
    return {kid: base64.b64decode(secret) for kid, _, secret in pairs}


def main() -> None:
    logging.basicConfig(level=logging.INFO)
    Receiver.inbox = Inbox()
    Receiver.certificates = read_certificates(os.environ["VIGIL_CERTIFICATES"])
    threading.Thread(target=work, args=(Receiver.inbox,), daemon=True).start()
    ThreadingHTTPServer(("127.0.0.1", 8085), Receiver).serve_forever()


if __name__ == "__main__":
    main()
