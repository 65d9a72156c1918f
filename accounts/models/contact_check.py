"""A message that shows whether a contact method's address works."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class ContactCheck(models.Model):
    """Sent to one address of a method; whoever receives it confirms, by link or by code.

    Link and code are derived from the key and the site's secret when the message is made, and
    kept nowhere. `sent_at` is when the provider took the message, which says nothing about
    anybody having seen it; `confirmed_at` does. A check outlives its method, so that nobody's
    telephone is bombed by adding and removing it again and again.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="+")
    method = models.ForeignKey(
        "accounts.ContactMethod", models.SET_NULL, null=True, related_name="checks"
    )
    address = models.CharField(max_length=400)
    is_fallback = models.BooleanField(default=False)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    wrong_codes = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("contact check")
        verbose_name_plural = _("contact checks")
        ordering = ["asked_at"]
        indexes = [models.Index(fields=["user", "asked_at"], name="contact_checks_of_person")]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.asked_at}"
