"""What a caller hears, in their language, as the provider wants it written."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from twilio.twiml.voice_response import VoiceResponse

from accounts import hotline_pins
from tickets.hotline import voicemail
from tickets.hotline.answers import (
    AskLanguage,
    AskPin,
    Because,
    Connect,
    Goodbye,
    HangUp,
    Nothing,
    Reply,
    Through,
    Voicemail,
    Whisper,
)

SPOKEN_AS: Final = {"zh-hans": "zh-CN", "en": "en-US"}
# Each in its own language, whatever the site's is; the keys are those of `incoming.BY_KEY`.
CHOICES: Final = {"zh-hans": "中文服务请按一。", "en": "For English, press 2."}
RING_SECONDS: Final = 25
PIN_SECONDS: Final = 10  # of silence between two keys
KEY_SECONDS: Final = 10
EVENTS: Final = "initiated ringing answered completed"


def written(reply: Reply, *, called: str = "") -> str:
    """The answer as XML; `called` is our own number, which the engineer sees as the caller's."""
    said = Said(reply.language, called)
    with translation.override(reply.language):
        _WRITERS[type(reply.answer)](said, reply.answer)
    return str(said.response)


class Said:
    """A response under way, in one language."""

    def __init__(self, language: str, called: str) -> None:
        self.response, self.language, self.called = VoiceResponse(), language, called

    def say(self, *sentences: str, to: Any = None) -> None:
        spoken = SPOKEN_AS.get(self.language, SPOKEN_AS["en"])
        target = self.response if to is None else to
        target.say(" ".join(str(sentence) for sentence in sentences), language=spoken)


def _ask_language(said: Said, answer: AskLanguage) -> None:
    gather = said.response.gather(
        input="dtmf",
        num_digits=1,
        timeout=5,
        action=address("language"),
        method="POST",
        action_on_empty_result=True,
    )
    for language, sentence in CHOICES.items():
        gather.say(sentence, language=SPOKEN_AS[language])


def _ask_pin(said: Said, answer: AskPin) -> None:
    if answer.pause_seconds:
        said.response.pause(length=answer.pause_seconds)
    gather = said.response.gather(
        input="dtmf",
        num_digits=hotline_pins.DIGITS,
        finish_on_key="#",
        timeout=PIN_SECONDS,
        action=address("pin", answer.number),
        method="POST",
        action_on_empty_result=True,
    )
    if answer.number == 1:
        said.say(
            _("This is the emergency hotline."),
            _("Calls may be recorded.") if settings.HOTLINE_RECORDS else "",
            _("Please type the eight digits of your organization's PIN."),
            to=gather,
        )
    else:
        said.say(_("This PIN is not known. Please type it again."), to=gather)


def _connect(said: Said, answer: Connect) -> None:
    if answer.opens:
        said.say(
            _("Your urgent ticket %(ticket)s is open.") % {"ticket": answer.opens},
            _("We connect you to the engineer on duty. Please hold."),
        )
    else:
        said.say(_("One moment please, we ring the next engineer."))
    leg = uuid.UUID(answer.leg)
    records: dict[str, Any] = {}
    if settings.HOTLINE_RECORDS:
        records = {
            "record": "record-from-answer-dual",
            "recording_status_callback": address("talk_recorded", leg),
            "recording_status_callback_method": "POST",
        }
    dial = said.response.dial(
        action=address("dialled", leg),
        method="POST",
        timeout=RING_SECONDS,
        answer_on_bridge=True,
        **({"caller_id": said.called} if said.called else {}),
        **records,
    )
    dial.number(
        answer.number,
        url=address("whisper", leg),
        method="POST",
        status_callback=address("leg_told", leg),
        status_callback_event=EVENTS,
        status_callback_method="POST",
    )


def _voicemail(said: Said, answer: Voicemail) -> None:
    said.say(_why(answer), _("Please speak after the tone, and hang up when you are done."))
    said.response.record(
        action=address("message"),
        method="POST",
        max_length=voicemail.LONGEST_SECONDS,
        timeout=6,
        play_beep=True,
        recording_status_callback=address("message_recorded"),
        recording_status_callback_method="POST",
    )


def _why(answer: Voicemail) -> str:
    named = {"ticket": answer.ticket}
    return {
        Because.NOBODY: _(
            "Nobody could be reached by telephone this very minute. We go on ringing until "
            "somebody takes your ticket %(ticket)s. You may leave a message."
        ),
        Because.NOT_KNOWN: _(
            "This PIN is not known. Leave a message with your name, your company and your number."
        ),
        Because.NO_HOTLINE: _(
            "Your support plan has no hotline. Leave a message, or open a ticket in the portal."
        ),
        Because.TROUBLE: _(
            "Something went wrong on our side. Leave a message with your name, your company "
            "and your number."
        ),
    }[answer.because] % named


def _goodbye(said: Said, answer: Goodbye) -> None:
    if answer.heard and answer.told:
        said.say(_("Thank you. The engineer on duty is told."))
    elif answer.heard:
        said.say(
            _(
                "Thank you. Your message is kept for the support team. If it is urgent, please "
                "open an urgent ticket in the portal."
            )
        )
    if answer.ticket:
        said.say(_("It goes on in your ticket %(ticket)s.") % {"ticket": answer.ticket})
    said.say(_("Goodbye."))
    said.response.hangup()


def _whisper(said: Said, answer: Whisper) -> None:
    words = {"organization": answer.organization, "ticket": answer.ticket}
    gather = said.response.gather(
        input="dtmf",
        num_digits=1,
        timeout=KEY_SECONDS,
        action=address("take", uuid.UUID(answer.leg)),
        method="POST",
    )
    for _time in range(2):
        said.say(
            _("Emergency call from %(organization)s, ticket %(ticket)s.") % words,
            _("Press 1 to take it."),
            to=gather,
        )
    said.response.hangup()


def _through(said: Said, answer: Through) -> None:
    said.say(_("You are connected."))


def _hang_up(said: Said, answer: HangUp) -> None:
    said.response.hangup()


def _nothing(said: Said, answer: Nothing) -> None:
    """An empty response."""


_WRITERS: Final[dict[type, Callable[[Said, Any], None]]] = {
    AskLanguage: _ask_language,
    AskPin: _ask_pin,
    Connect: _connect,
    Voicemail: _voicemail,
    Goodbye: _goodbye,
    Whisper: _whisper,
    Through: _through,
    HangUp: _hang_up,
    Nothing: _nothing,
}


def address(name: str, *arguments: Any) -> str:
    """The whole address, on the configured origin: what the provider calls is what it signs."""
    return settings.PUBLIC_URL + reverse(f"hotline:{name}", args=arguments)
