"""Deadlines and deliveries, to look at; what is in quarantine can be tried again."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import action
from unfold.paginator import InfinitePaginator

from accounts import access, quarantine
from accounts.admin.recorded import ReadOnlyAdmin
from accounts.models import Deadline, Delivery
from accounts.requests import TenantRequest

CONDITIONS: dict[str, dict[str, dict[str, Any]]] = {
    "deadline": {
        "quarantine": {"failed_at__isnull": False},
        "open": {"settled_at": None, "failed_at": None},
        "settled": {"settled_at__isnull": False},
    },
    "delivery": {
        "quarantine": {"failed_at__isnull": False},
        "open": {"sent_at": None, "failed_at": None, "cancelled_at": None},
        "settled": {"sent_at__isnull": False},
        "cancelled": {"cancelled_at__isnull": False},
    },
}
LABELS = {
    "quarantine": _("in quarantine"),
    "open": _("not yet done"),
    "settled": _("done"),
    "cancelled": _("cancelled"),
}


class ConditionFilter(admin.SimpleListFilter):
    title = _("condition")
    parameter_name = "condition"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(key, LABELS[key]) for key in CONDITIONS[model_admin.opts.model_name]]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        conditions = CONDITIONS[str(queryset.model._meta.model_name)]
        return queryset.filter(**conditions.get(self.value() or "", {}))


class AgendaAdmin(ReadOnlyAdmin):
    """Neither address nor text of a message is shown: they may carry keys."""

    list_filter = (ConditionFilter, "kind")
    ordering = ("-due_at", "pk")
    paginator = InfinitePaginator
    actions: ClassVar[Any] = ["try_again"]

    @action(description=_("Try again"))  # type: ignore[untyped-decorator]
    def try_again(self, request: TenantRequest, queryset: QuerySet[Any]) -> None:
        done = 0
        for row in queryset.order_by("pk")[:200]:
            try:
                quarantine.try_again(row=row, by=request.viewer, now=request.now)
                done += 1
            except ValidationError as error:
                messages.warning(request, f"{row}: {' '.join(error.messages)}")
        if done:
            told = ngettext("%(count)d is tried again.", "%(count)d are tried again.", done)
            messages.success(request, told % {"count": done})

    def get_actions(self, request: TenantRequest) -> Any:
        found = super().get_actions(request)
        return found if access.allows(request.viewer, "quarantine.retry") else {}


@admin.register(Deadline)
class DeadlineAdmin(AgendaAdmin):
    list_display = ("kind", "subject", "due_at", "attempts", "settled_at", "failed_at")
    fields = (
        *("kind", "key", "subject", "organization", "due_at", "claimable_at"),
        *("attempts", "last_error", "settled_at", "failed_at", "data"),
    )


@admin.register(Delivery)
class DeliveryAdmin(AgendaAdmin):
    list_display = ("kind", "channel", "subject", "due_at", "attempts", "sent_at", "failed_at")
    fields = (
        *("kind", "channel", "key", "subject", "organization", "due_at", "claimable_at"),
        *("attempts", "last_error", "sent_at", "failed_at", "cancelled_at"),
    )
