"""Addresses our mail does not reach."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class BouncedAddress(models.Model):
    """Marked by a bounce of a mail we really sent there; one row for each address.

    While `is_permanent`, no further mail is tried, until a mail from there proves that the
    address works, or a person of staff says so. `status` is that of RFC 3463 where one was
    given, such as 5.1.1. No customer reads any of it.
    """

    address = models.EmailField(_("address"), unique=True)
    is_permanent = models.BooleanField(_("for good"))
    status = models.CharField(_("status"), max_length=12, blank=True)
    detail = models.CharField(_("what the other side said"), max_length=300, blank=True)
    count = models.PositiveIntegerField(_("bounces"), default=1)
    first_at = models.DateTimeField(_("first"))
    last_at = models.DateTimeField(_("last"))
    inbound = models.ForeignKey("tickets.Inbound", models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("bounced address")
        verbose_name_plural = _("bounced addresses")
        ordering = ["-last_at"]

    def __str__(self) -> str:
        return self.address
