"""What was odd about a mail, in words for staff."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tickets.intake.mail.parsed import Problem

_WORDS: Final[Mapping[str, str | Promise]] = {
    Problem.EMPTY: _("nothing in it"),
    Problem.TOO_LARGE: _("too large"),
    Problem.NO_FROM: _("no sender named"),
    Problem.SEVERAL_FROM: _("several senders named"),
    Problem.FROM_UNREADABLE: _("its sender cannot be read"),
    Problem.NO_MESSAGE_ID: _("no Message-ID"),
    Problem.NO_DATE: _("no date"),
    Problem.DATE_UNREADABLE: _("its date cannot be read"),
    Problem.DATE_IMPLAUSIBLE: _("a date that cannot be right"),
    Problem.HEADERS_CUT: _("more headers than are kept"),
    Problem.HEADER_BROKEN: _("a broken header"),
    Problem.TOO_MANY_RECIPIENTS: _("very many recipients"),
    Problem.TOO_DEEP: _("parts within parts, too deep to read"),
    Problem.TOO_MANY_PARTS: _("very many parts"),
    Problem.NO_BOUNDARY: _("its parts are not told apart"),
    Problem.BROKEN_ENCODING: _("broken encoding"),
    Problem.UNKNOWN_CHARSET: _("an unknown character set"),
    Problem.WRONG_CHARSET: _("another character set than it says"),
    Problem.TEXT_CUT: _("a text longer than is shown"),
    Problem.NUL_BYTES: _("NUL bytes"),
    Problem.NO_TEXT: _("no text"),
    Problem.NOT_READ: _("could not be read"),
}


def in_words(problems: Iterable[str]) -> list[str]:
    """A problem stored by a later version is shown as it is."""
    return [str(_WORDS.get(problem, problem)) for problem in problems]
