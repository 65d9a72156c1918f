"""Where the link in a call leads, and what it says: a page, a drill, a handover, or the desk.

A call is a delivery of the kind page. Its payload has `title` and `text` in the person's
`language`, and one of: the `page`'s id, the `drill`'s, the `handover`'s with the `person`, or
the `path` of a page of the workspace.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from portal import duty_links, page_links
from tickets.models import Escalation, Handover, Inbound, Page, ReachabilityDrill


@dataclass(frozen=True, slots=True)
class Link:
    """`action` names what opening it leads to; `template` is the mail's, without its ending."""

    address: str
    action: str
    template: str


def link_of(payload: dict[str, Any]) -> Link:
    """In the language in force."""
    if "page" in payload:
        address = page_links.address(uuid.UUID(payload["page"]))
        return Link(address, _("Take it or look at it"), "emails/page")
    if "drill" in payload:
        address = duty_links.DRILL.address(payload["drill"], payload["person"])
        return Link(address, _("Confirm that you can be reached"), "emails/call")
    if "handover" in payload:
        address = duty_links.HANDOVER.address(payload["handover"], payload["person"])
        return Link(address, _("Accept it or look at it"), "emails/call")
    actions = {"message": _("Listen to it"), "mail": _("Open the mail")}
    action = actions.get(payload.get("about", ""), _("Open the roster"))
    return Link(settings.PUBLIC_URL + payload["path"], action, "emails/call")


def is_wanted(payload: dict[str, Any]) -> bool:
    """Whether anybody must still come: nobody else has the ticket, nobody has answered yet.

    Someone whose time to answer passed before they could be reached is rung all the same.
    """
    if "page" in payload:
        return Page.objects.filter(
            pk=payload["page"],
            state__in=[Page.State.RINGING, Page.State.NO_ANSWER],
            escalation__state=Escalation.State.RINGING,
        ).exists()
    if "drill" in payload:
        waiting = (ReachabilityDrill.Outcome.ASKED, ReachabilityDrill.Outcome.SILENT)
        return ReachabilityDrill.objects.filter(pk=payload["drill"], outcome__in=waiting).exists()
    if "handover" in payload:
        return (
            Handover.objects.standing()
            .filter(pk=payload["handover"], to_person=payload["person"])
            .exists()
        )
    if payload.get("about") == "mail":
        waits = Inbound.objects.filter(outcome=Inbound.Outcome.QUARANTINED)
        return waits.filter(pk=payload["inbound"]).exists()
    return True
