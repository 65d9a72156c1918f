"""Which admin site there is, and which pages it has."""

from __future__ import annotations

from importlib import import_module

from django.contrib.admin.apps import SimpleAdminConfig


class WorkspaceConfig(SimpleAdminConfig):
    """The workspace as Django's admin.

    The modules are named here instead of being discovered: Django's and allauth's own admin
    pages (groups, authenticators, sessions) would be doors around our rules.
    """

    default_site = "tickets.admin.site.WorkspaceSite"

    def ready(self) -> None:
        super().ready()
        for module in ("accounts.admin", "knowledge.admin", "tickets.admin.editing"):
            import_module(module)
