"""The hours of the week in which a customer's traffic peaks."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.scenarios import EVERY_DAY, PeakSpan


class PeakHours(models.Model):
    """A row of `PeakSpan`, by the wall clock of the organization's time zone.

    Where an organization has none, the preset of its scenario counts.
    """

    WEEKDAYS: ClassVar = [
        (0, _("Monday")),
        (1, _("Tuesday")),
        (2, _("Wednesday")),
        (3, _("Thursday")),
        (4, _("Friday")),
        (5, _("Saturday")),
        (6, _("Sunday")),
    ]

    organization = models.ForeignKey(
        "accounts.Organization", models.CASCADE, related_name="peaks_of_its_own"
    )
    weekdays = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("weekdays"))
    starts_at = models.TimeField(_("from"))
    ends_at = models.TimeField(
        _("to"), help_text=_("Not after the start: on the next day. 00:00 is midnight.")
    )

    class Meta:
        verbose_name = _("peak hours")
        verbose_name_plural = _("peak hours")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(weekdays__contained_by=list(EVERY_DAY), weekdays__len__gte=1),
                name="peak_on_weekdays",
                violation_error_message=_("Choose at least one weekday."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.weekdays} {self.starts_at}–{self.ends_at}"

    @property
    def span(self) -> PeakSpan:
        return PeakSpan(tuple(self.weekdays), self.starts_at, self.ends_at)
