"""The reasons of the ledger, which keeps them as fixed English words, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext as _


def pause_reason(reason: str, *, staff: bool) -> str:
    """Why a clock stood still, to be put after "paused 43 min"; one not in the table as it is."""
    if reason == "waiting on customer":
        return _("while we waited for the customer") if staff else _("while we waited for you")
    if reason == "agreed date":
        return _("until the agreed date")
    return reason


def reason_words(reason: str) -> str:
    """Why something was noted, on its own; one not in the table as it is."""
    return {
        "opened": _("ticket opened"),
        "reopened": _("ticket reopened"),
        "answered": _("an engineer answered"),
        "promised in a reply": _("promised in a reply"),
        "severity changed": _("severity changed"),
        "no longer waiting": _("no longer waiting"),
        "solved": _("solved"),
        "closed": _("ticket closed"),
        "joined": _("joined with another ticket"),
        "split": _("split from another ticket"),
        "time ran out": _("the time ran out"),
    }.get(reason, reason)
