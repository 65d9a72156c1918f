"""An urgent ticket passed from who goes off duty to who comes on."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tickets.models.ticket import UNSOLVED, Severity


class State(models.TextChoices):
    NOTE_ASKED = "asked", gettext_lazy("waiting for a note")
    PROPOSED = "proposed", gettext_lazy("waiting to be accepted")
    ACCEPTED = "accepted", gettext_lazy("accepted")
    ENDED = "ended", gettext_lazy("no longer needed")


def whom(name: str, state: str) -> str:
    """To whom it goes, in a sentence; while nobody is known, in general."""
    return name or (_("whoever is rung") if state == State.PROPOSED else _("the next shift"))


class HandoverQuerySet(models.QuerySet["Handover"]):
    def standing(self) -> HandoverQuerySet:
        """Those that still are to come about.

        A ticket solved, downgraded or owned by somebody else by now is handed over no more,
        even before the engine has put that on record.
        """
        return self.filter(
            Q(by_hand=True) | Q(ticket__severity=Severity.URGENT),
            state__in=[State.NOTE_ASKED, State.PROPOSED],
            ticket__state__in=UNSOLVED,
            ticket__owner=F("from_person"),
        )


class Handover(models.Model):
    """From whom to whom, with a note customers never see. Names are as they were then.

    `changes_at` is the end of the shift it belongs to, empty when it was asked for by hand.
    `accept_by` is when the next step is taken if nobody has accepted: first `to_person` is
    paged, then the ladder rings.
    """

    organization = models.ForeignKey("accounts.Organization", models.PROTECT)
    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="handovers")
    roster = models.ForeignKey("tickets.Roster", models.SET_NULL, null=True, related_name="+")
    from_person = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    from_name = models.CharField(max_length=80)
    to_person = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    to_name = models.CharField(max_length=80, blank=True)
    by_hand = models.BooleanField(default=False)
    changes_at = models.DateTimeField(null=True)
    note = models.TextField(gettext_lazy("note"), blank=True)
    state = models.CharField(max_length=8, choices=State.choices)
    asked_at = models.DateTimeField()
    written_at = models.DateTimeField(null=True)
    proposed_at = models.DateTimeField(null=True)
    accept_by = models.DateTimeField(null=True)
    paged_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("handover")
        verbose_name_plural = gettext_lazy("handovers")
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"],
                condition=Q(state__in=["asked", "proposed"]),
                name="one_handover_at_a_time",
            )
        ]
        indexes = [
            models.Index(
                fields=["asked_at"],
                condition=Q(state__in=["asked", "proposed"]),
                name="handover_standing",
            ),
            models.Index(
                fields=["-accepted_at"],
                condition=Q(state="accepted"),
                name="handover_accepted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_name} → {self.to_name or '?'}"

    @property
    def to_whom(self) -> str:
        return whom(self.to_name, self.state)

    @property
    def event_subject(self) -> str:
        """What its deadlines and messages are about; its events are about the ticket."""
        return f"handover/{self.pk}"

    @property
    def is_proposed(self) -> bool:
        return self.state == State.PROPOSED
