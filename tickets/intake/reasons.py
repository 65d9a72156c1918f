"""Why a mail waits in the quarantine, what was odd about it, and how that is said to staff."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tickets.intake.mail.parsed import Problem


class Reason(TextChoices):
    """The key is stored, the label shown: a sentence that says what was wrong."""

    UNPROVEN = "unproven", _("The sender could not be proven: anybody may have written it.")
    UNANSWERED = "unanswered", _("The DNS did not answer, so the sender could not be checked.")
    STRANGER = "stranger", _("It answers in a ticket, but its sender is no member there.")
    OTHER_PERSON = "other-person", _("It came to a reply address we gave to somebody else.")
    MAY_NOT_WRITE = "may-not-write", _("Its sender may not (or no longer) write there.")
    STAFF = "staff", _("Staff may write by mail only through a reply address of their own.")
    SEVERAL = "several", _("Its sender belongs to several organizations, and it names none.")
    FORGED = "forged", _("It came to a reply address that we never gave to anybody.")
    SAME_ID = "same-id", _("Another mail came under the same Message-ID and says something else.")
    FLOOD = "flood", _("Its sender has sent very many mails within an hour.")
    TOO_LARGE = "too-large", _("It is larger than what is taken in. The mail is in its mailbox.")
    NO_SENDER = "no-sender", _("It does not say who it is from.")
    EMPTY = "empty", _("There is nothing in it.")
    UNREADABLE = "unreadable", _("It could not be read.")
    LIST = "list", _("It came through a mailing list, which changes what was sent.")
    MACHINE = (
        "machine",
        _("A machine wrote it, to an urgent address: it opens no ticket by itself."),
    )
    REFUSED = "refused", _("What it would have done was refused.")
    FAILED = "failed", _("It failed again and again while it was worked on.")


REMARKS = {
    # what is worth knowing of a mail that was understood
    "urgent-elsewhere": _("Sent to the urgent address of another plan, so it was taken as normal."),
    "no-mail-plan": _("The plan does not cover e-mail; it was taken in all the same."),
    "follows-closed": _("Answers a ticket that was closed, so it opened a new one."),
    "raised": _("Sent to the urgent address of the plan, so the ticket is urgent now."),
    "files-left-out": _("Some files are only in the mail itself."),
    "text-cut": _("The text was too long; all of it is attached."),
    "copy-taken": _("Another copy of it was taken in, so this one waits no more."),
    "not-ours": _("The bounce names no mail that we sent."),
    "loop": _("It came from ourselves, or went round and round."),
}

ODDITIES: dict[str, Promise] = {
    # what was wrong with a mail that was read as far as it could be
    Problem.EMPTY: _("It is empty."),
    Problem.TOO_LARGE: _("It is larger than what is read."),
    Problem.NO_FROM: _("It does not say who it is from."),
    Problem.SEVERAL_FROM: _("It names several senders."),
    Problem.FROM_UNREADABLE: _("Its sender cannot be read."),
    Problem.NO_MESSAGE_ID: _("It has no Message-ID."),
    Problem.NO_DATE: _("It has no date."),
    Problem.DATE_UNREADABLE: _("Its date cannot be read."),
    Problem.DATE_IMPLAUSIBLE: _("Its date cannot be right."),
    Problem.HEADERS_CUT: _("It has more header lines than are read."),
    Problem.HEADER_BROKEN: _("Some of its header lines are broken."),
    Problem.TOO_MANY_RECIPIENTS: _("It names more recipients than are read."),
    Problem.TOO_DEEP: _("Its parts are nested deeper than is read."),
    Problem.TOO_MANY_PARTS: _("It has more parts than are read."),
    Problem.NO_BOUNDARY: _("It does not say where its parts begin and end."),
    Problem.BROKEN_ENCODING: _("Some of it is broken in its encoding."),
    Problem.UNKNOWN_CHARSET: _("It names a character set that nobody knows."),
    Problem.WRONG_CHARSET: _("It is not in the character set it names."),
    Problem.TEXT_CUT: _("Its text is longer than what is read."),
    Problem.NUL_BYTES: _("There are NUL bytes in it."),
    Problem.NO_TEXT: _("There is no text in it."),
    Problem.NOT_READ: _("It could not be read as a mail."),
}
