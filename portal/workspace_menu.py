"""The menu beside Unfold's pages: the desk's own entries, then the tables for plain editing."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

# The accent of the rest of Vigil, a deep teal, in Unfold's eleven steps.
PRIMARY: Final[dict[str, str]] = {
    "50": "oklch(0.975 0.013 205)",
    "100": "oklch(0.955 0.022 205)",
    "200": "oklch(0.905 0.04 205)",
    "300": "oklch(0.83 0.062 204)",
    "400": "oklch(0.73 0.085 203)",
    "500": "oklch(0.6 0.092 204)",
    "600": "oklch(0.5 0.088 206)",
    "700": "oklch(0.45 0.08 206)",
    "800": "oklch(0.39 0.066 207)",
    "900": "oklch(0.34 0.054 208)",
    "950": "oklch(0.26 0.04 209)",
}


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """Groups of links; which of them is the current one, Unfold finds out by the address."""
    desk = [
        (_("Queue"), "inbox", f"{reverse('admin:queue')}"),
        (_("At risk"), "warning", f"{reverse('admin:queue')}?view=at-risk"),
        (_("Mine"), "person", f"{reverse('admin:queue')}?view=mine"),
        (_("Unassigned"), "radio_button_unchecked", f"{reverse('admin:queue')}?view=unassigned"),
        (_("Waiting"), "subdirectory_arrow_left", f"{reverse('admin:queue')}?view=waiting"),
        (_("All"), "search", f"{reverse('admin:queue')}?view=all"),
        (_("Chats"), "chat", reverse("admin:chats")),
        (_("Incoming mail"), "mail", reverse("admin:quarantine")),
    ]
    desk.append((_("Calls"), "call", reverse("admin:calls")))
    knowledge = [
        (_("Articles"), "article", reverse("admin:articles")),
        (_("Gaps"), "help", reverse("admin:article_gaps")),
        (_("Releases"), "new_releases", _list("knowledge_release")),
        (_("Tell of a release"), "campaign", reverse("admin:announce_releases")),
        (_("Error codes"), "error", _list("knowledge_errorcode")),
        (_("Categories"), "category", _list("knowledge_category")),
        (_("Products"), "deployed_code", _list("knowledge_product")),
    ]
    duty = [
        (_("Roster"), "calendar_month", reverse("admin:duty")),
        (_("Handover"), "schedule", reverse("admin:handover")),
        (_("Edit rosters"), "edit_calendar", _list("tickets_roster")),
        (_("Ladders"), "stairs", _list("tickets_ladder")),
        (_("Teams"), "groups", _list("tickets_team")),
    ]
    manage = [
        (_("Policies and calendars"), "schedule", reverse("admin:policies")),
        (_("Customers"), "apartment", _list("accounts_organization")),
        (_("Staff"), "badge", f"{_list('accounts_user')}?is_staff__exact=1"),
    ]
    record = [
        (_("Events"), "history", _list("accounts_event")),
        (_("Deliveries"), "outgoing_mail", _list("accounts_delivery")),
        (_("Deadlines"), "schedule", _list("accounts_deadline")),
    ]
    if settings.OUTBOX:
        record.append((_("Outbox"), "drafts", reverse("outbox:list")))
    groups = (
        ("", desk),
        (_("Knowledge"), knowledge),
        (_("Duty"), duty),
        (_("Manage"), manage),
        (_("Record"), record),
    )
    return [
        {
            "title": title,
            "items": [{"title": name, "icon": icon, "link": link} for name, icon, link in entries],
        }
        for title, entries in groups
    ]


def _list(name: str) -> str:
    return reverse(f"admin:{name}_changelist")
