"""What a caller hears and is asked next, in plain data; the portal words and renders it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Because(StrEnum):
    """Why the caller comes to the voicemail."""

    NOBODY = "nobody"
    NOT_KNOWN = "not-known"
    NO_HOTLINE = "no-hotline"
    TROUBLE = "trouble"


@dataclass(frozen=True, slots=True)
class AskLanguage:
    """Press 1 or 2."""


@dataclass(frozen=True, slots=True)
class AskPin:
    """Type the PIN, for the `number`th time from 1; `pause_seconds` of silence come first."""

    number: int
    pause_seconds: int = 0


@dataclass(frozen=True, slots=True)
class Connect:
    """Ring one engineer's `number`. `opens` names a ticket the caller has not heard of yet."""

    leg: str
    number: str
    opens: str = ""


@dataclass(frozen=True, slots=True)
class Voicemail:
    """Leave a message; `ticket` is named where the caller is known."""

    because: Because
    ticket: str = ""


@dataclass(frozen=True, slots=True)
class Goodbye:
    """The call ends; `ticket` is where it goes on. `heard`: a message was left; `told`: and
    somebody is told of it, which a caller we do not know hears only as a wrong PIN would.
    """

    ticket: str = ""
    heard: bool = False
    told: bool = False


@dataclass(frozen=True, slots=True)
class Whisper:
    """What the engineer hears before they press the key."""

    leg: str
    organization: str
    ticket: str


@dataclass(frozen=True, slots=True)
class Through:
    """The engineer pressed the key: both hear each other."""


@dataclass(frozen=True, slots=True)
class HangUp:
    """This line is not needed (any more)."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """The provider told us something and wants nothing to do."""


Answer = AskLanguage | AskPin | Connect | Voicemail | Goodbye | Whisper | Through | HangUp | Nothing


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, and the language (a code of settings.LANGUAGES) it is said in."""

    answer: Answer
    language: str = "en"
