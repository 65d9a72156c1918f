"""When a person of staff wants to be left alone by what can wait."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class QuietHours(models.Model):
    """Every day from `starts_at` to `ends_at` by the wall clock of the person's time zone.

    An end not after the start is the next day's. A table of its own, because customers may
    read staff profiles, and nobody's nights are their affair.
    """

    user = models.OneToOneField("accounts.User", models.CASCADE, related_name="quiet_hours")
    starts_at = models.TimeField(_("quiet from"))
    ends_at = models.TimeField(_("quiet until"))

    class Meta:
        verbose_name = _("quiet hours")
        verbose_name_plural = _("quiet hours")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(starts_at=models.F("ends_at")),
                name="quiet_hours_end",
                violation_error_message=_("Quiet hours must end at another time than they begin."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%H:%M}–{self.ends_at:%H:%M}"
