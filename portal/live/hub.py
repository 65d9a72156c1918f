"""All open streams of this process: who is let in, and what reaches whom."""

from __future__ import annotations

from collections import Counter

from portal.live.listener import Listener
from portal.live.messages import Event, Hint
from portal.live.stream import Stream

MOST_PER_PERSON = 20


class Refused(Exception):
    """No further stream is opened; `status` is the HTTP status that says so."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Hub:
    """`listening` is whether the database's notifications arrive at this moment."""

    def __init__(self, *, most_streams: int) -> None:
        self.most_streams = most_streams
        self.listening = False
        self.stopping = False
        self.streams: set[Stream] = set()
        self._of_person: Counter[int] = Counter()

    def open(self, session_key: str, listener: Listener) -> Stream:
        """Let somebody listen from this moment on; raises Refused when there are too many."""
        if self.stopping or len(self.streams) >= self.most_streams:
            raise Refused(503)
        if self._of_person[listener.user_id] >= MOST_PER_PERSON:
            raise Refused(429)
        stream = Stream(session_key, listener)
        self.streams.add(stream)
        self._of_person[listener.user_id] += 1
        return stream

    def forget(self, stream: Stream) -> None:
        """The connection of this stream is gone."""
        self.streams.discard(stream)
        self._of_person[stream.listener.user_id] -= 1
        self._of_person += Counter()  # drops who is down to none

    def publish(self, event: Event) -> None:
        """Tell everybody who may hear of it."""
        for stream in self.streams:
            if stream.listener.may_hear(event):
                stream.tell(event.ticket, event.id)

    def pass_on(self, hint: Hint) -> None:
        """Tell everybody who may read that ticket, but not whoever types of themselves."""
        for stream in self.streams:
            listener = stream.listener
            if not listener.may_read(hint.organization):
                continue
            if hint.staff_only and not listener.is_staff:
                continue
            if hint.person is None:
                stream.tell(hint.ticket, None)
            elif hint.person != listener.user_id:
                stream.tell_typing(hint.ticket, hint.person, staff_only=hint.staff_only)

    def something_was_missed(self) -> None:
        """Nobody knows what happened meanwhile: every page fetches everything again."""
        for stream in self.streams:
            stream.tell(None, None)

    def keep_alive(self) -> None:
        for stream in self.streams:
            stream.keep_alive()

    def end_all(self) -> None:
        """Close every stream without a farewell: the browsers come back, to whoever serves."""
        for stream in self.streams:
            stream.end()

    def stop(self) -> None:
        """End all, and let nobody in any more."""
        self.stopping = True
        self.end_all()
