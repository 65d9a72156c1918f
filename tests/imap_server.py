"""An IMAP server for tests, on a real socket: as much of RFC 3501 as fetching mail needs.

It also does what servers do on a bad day, when told to.
"""

from __future__ import annotations

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

PASSWORD = "secret"


@dataclass
class Box:
    """One mailbox, by UID from 1. `refused` are mails the server cannot read itself, `gone` those
    that somebody removes between the search and the fetch.
    """

    mails: dict[int, bytes] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)
    refused: set[int] = field(default_factory=set)
    gone: set[int] = field(default_factory=set)

    def put(self, raw: bytes) -> None:
        self.mails[len(self.mails) + 1] = raw

    def unseen(self) -> int:
        return len(self.mails.keys() - self.seen)


class ImapServer(socketserver.ThreadingTCPServer):
    """`boxes` by user. `dies_within` is how many mails are sent whole before the connection
    breaks off, once, in the middle of one; `names_at_once` how many mails a line of a search
    names (0: all); `commands` are all that were given, without tags.
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.boxes: dict[str, Box] = {}
        self.dies_within: int | None = None
        self.names_at_once = 0
        self.commands: list[str] = []

    def url(self, user: str, password: str = PASSWORD) -> str:
        return f"imap://{user}:{password}@127.0.0.1:{self.server_address[1]}"


class _Session(socketserver.StreamRequestHandler):
    server: ImapServer
    box: Box

    def handle(self) -> None:
        self._say(b"* OK ready")
        for line in self.rfile:
            tag, _space, said = line.decode().strip().partition(" ")
            self.server.commands.append(said)
            words = said.split(" ")
            name = " ".join(words[:2]) if words[0] == "UID" else words[0]
            answer = self._answer(name.upper(), said)
            if answer is None:
                return
            self._say(f"{tag} {answer}".encode())

    def _answer(self, name: str, said: str) -> str | None:
        """The tagged line; None when the connection ends without one."""
        if name == "CAPABILITY":
            self._say(b"* CAPABILITY IMAP4REV1")
        elif name == "LOGIN":
            user, password = re.findall(r'"([^"]*)"', said)
            if password != PASSWORD or user not in self.server.boxes:
                return f"NO [AUTHENTICATIONFAILED] {password} is wrong"
            self.box = self.server.boxes[user]
        elif name == "SELECT":
            self._say(f"* {len(self.box.mails)} EXISTS".encode())
        elif name == "UID SEARCH":
            uids = [uid for uid in self._numbered(said) if uid not in self.box.seen]
            step = self.server.names_at_once or max(len(uids), 1)
            for start in range(0, len(uids), step):
                self._say(b"* SEARCH " + b" ".join(b"%d" % uid for uid in uids[start:][:step]))
        elif name == "UID FETCH":
            return self._fetch(said)
        elif name == "UID STORE":
            self.box.seen.add(int(said.split(" ")[2]))
        return f"OK {name} done"

    def _numbered(self, said: str) -> list[int]:
        """The UIDs of the sequence numbers a search names, from 1; of all if it names none."""
        uids = sorted(self.box.mails)
        named = re.search(r" (\d+):(\d+)", said)
        return uids[int(named[1]) - 1 : int(named[2])] if named else uids

    def _fetch(self, said: str) -> str | None:
        uid = int(said.split(" ")[2])
        raw = self.box.mails.get(uid)
        if uid in self.box.refused:
            return "NO it cannot be read"
        if raw is None or uid in self.box.gone:
            return "OK done"
        if "RFC822.SIZE" in said:
            self._say(b"* %d FETCH (UID %d RFC822.SIZE %d)" % (uid, uid, len(raw)))
            return "OK done"
        what = b"BODY[]"
        if "HEADER" in said:
            what, raw = b"BODY[HEADER]", raw.partition(b"\n\n")[0] + b"\n\n"
        if not raw:
            self._say(b'* %d FETCH (UID %d %s "")' % (uid, uid, what))  # as some servers say it
            return "OK done"
        self.wfile.write(b"* %d FETCH (UID %d %s {%d}\r\n" % (uid, uid, what, len(raw)))
        if self.server.dies_within == 0:
            self.server.dies_within = None
            self.wfile.write(raw[: len(raw) // 2])
            return None
        if self.server.dies_within is not None:
            self.server.dies_within -= 1
        self.wfile.write(raw)
        self._say(b")")
        return "OK done"

    def _say(self, line: bytes) -> None:
        self.wfile.write(line + b"\r\n")


@contextmanager
def imap_server(*users: str) -> Iterator[ImapServer]:
    """A running server with an empty mailbox for each user; it ends with the block."""
    with ImapServer() as server:
        server.boxes = {user: Box() for user in users}
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
