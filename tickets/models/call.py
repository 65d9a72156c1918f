"""Calls to the hotline, and calls our people noted by hand."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.viewer import Viewer

CALL_FIELDS: Final = (
    *("id", "sid", "way", "caller", "state", "started_at", "ended_at"),
    *("noted_by_name", "spoken_with"),
)
LEG_FIELDS: Final = (
    *("id", "person_name", "person_level", "outcome"),
    *("dialled_at", "taken_at", "ended_at"),
)


class CallQuerySet(models.QuerySet["Call"]):
    def visible_to(self, viewer: Viewer) -> CallQuerySet:
        """A customer sees the calls on their tickets; who rang without a PIN only we do."""
        if viewer.is_staff:
            return self
        return self.filter(
            organization_id__in=viewer.organization_ids, ticket__isnull=False, internal=False
        )

    def rows_of_ticket(self) -> ArraySubquery:
        """Of the ticket in the outer query: its calls with who was rung, as `from_row` reads."""
        legs = CallLeg.objects.filter(call=OuterRef("pk")).order_by("dialled_at", "pk")
        leg_rows = legs.values(row=JSONObject(**{name: name for name in LEG_FIELDS}))
        calls = self.filter(ticket=OuterRef("pk")).order_by("started_at", "pk")
        fields = {name: name for name in CALL_FIELDS}
        return ArraySubquery(calls.values(row=JSONObject(**fields, legs=ArraySubquery(leg_rows))))


def from_row(row: dict[str, Any]) -> tuple[Call, list[CallLeg]]:
    """The call and its legs that a row of `rows_of_ticket` holds; nothing else is known of them."""
    legs = [CallLeg(**_with_moments(leg)) for leg in row["legs"]]
    return Call(**_with_moments({name: row[name] for name in CALL_FIELDS})), legs


def _with_moments(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: dt.datetime.fromisoformat(value) if name.endswith("_at") and value else value
        for name, value in row.items()
    }


class Call(models.Model):
    """One call. Its organization is known from the PIN and from nothing else.

    `caller` is what the telephone network says, which anybody can make it say: it is noted and
    decides nothing. `sequence` is the number of the provider's last word that was taken to
    heart, so that an older one that comes late changes nothing. A call noted by hand has no
    `sid`; `spoken_with` is then the other side's name, as noted, and it is `internal` if
    nobody was reached.
    """

    class Way(models.TextChoices):
        IN = "in", _("they called")
        OUT = "out", _("we called")

    class State(models.TextChoices):
        GREETING = "greeting", _("types the PIN")
        RINGING = "ringing", _("is being connected")
        TALKING = "talking", _("speaks with an engineer")
        VOICEMAIL = "voicemail", _("at the voicemail")
        ENDED = "ended", _("ended")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey("accounts.Organization", models.PROTECT, null=True)
    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, null=True, related_name="calls")
    entry = models.ForeignKey("tickets.Entry", models.SET_NULL, null=True, related_name="+")
    sid = models.CharField(max_length=34, unique=True, null=True)  # noqa: DJ001  by hand: none
    way = models.CharField(max_length=3, choices=Way.choices, default=Way.IN)
    caller = models.CharField(_("caller"), max_length=40, blank=True)
    called = models.CharField(_("number called"), max_length=40, blank=True)
    language = models.CharField(max_length=10, blank=True)
    state = models.CharField(
        _("state"), max_length=9, choices=State.choices, default=State.GREETING
    )
    sequence = models.IntegerField(default=-1)
    wrong_pins = models.PositiveSmallIntegerField(_("wrong PINs"), default=0)
    started_at = models.DateTimeField(_("began"))
    ended_at = models.DateTimeField(_("ended"), null=True)
    noted_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    noted_by_name = models.CharField(max_length=80, blank=True)
    internal = models.BooleanField(default=False)
    spoken_with = models.CharField(max_length=80, blank=True)

    objects = CallQuerySet.as_manager()

    class Meta:
        verbose_name = _("call")
        verbose_name_plural = _("calls")
        ordering = ["-started_at"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "id"], name="call_in_organization")
        ]
        indexes = [
            models.Index(
                fields=["started_at"],
                condition=models.Q(wrong_pins__gt=0),
                name="call_with_wrong_pins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_way_display()} {self.started_at:%Y-%m-%d %H:%M}"

    @property
    def event_subject(self) -> str:
        return f"call/{self.pk}"

    @property
    def is_over(self) -> bool:
        return self.state == self.State.ENDED


class CallLeg(models.Model):
    """One engineer rung for a call. The number stands in no row: it is somebody's telephone.

    `taken_at` is when they pressed the key, `ended_at` when they or the caller hung up; `entry`
    says in the conversation that they spoke.
    """

    class Outcome(models.TextChoices):
        RINGING = "", _("is being rung")
        TAKEN = "taken", _("took the call")
        SILENT = "silent", _("no answer")
        BUSY = "busy", _("busy")
        FAILED = "failed", _("could not be reached")
        UNCONFIRMED = "machine", _("answered, but pressed no key")
        GIVEN_UP = "given-up", _("the caller hung up")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey("accounts.Organization", models.PROTECT)
    call = models.ForeignKey(Call, models.CASCADE, related_name="legs")
    page = models.ForeignKey("tickets.Page", models.SET_NULL, null=True, related_name="+")
    person = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    person_name = models.CharField(max_length=80)
    person_level = models.CharField(max_length=10)
    method = models.ForeignKey(
        "accounts.ContactMethod", models.SET_NULL, null=True, related_name="+"
    )
    entry = models.ForeignKey("tickets.Entry", models.SET_NULL, null=True, related_name="+")
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True, default="")
    sequence = models.IntegerField(default=-1)
    dialled_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["dialled_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["call", "person"], name="each_person_once_a_call")
        ]

    def __str__(self) -> str:
        return f"{self.person_name} for {self.call_id}"


class CallRecording(models.Model):
    """A recording the provider holds until the engine has fetched it. Not for customers to read:
    what is theirs becomes an attachment of the ticket."""

    class Kind(models.TextChoices):
        VOICEMAIL = "voicemail", _("voice message")
        CONVERSATION = "talk", _("conversation")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey("accounts.Organization", models.PROTECT, null=True)
    call = models.ForeignKey(Call, models.CASCADE, related_name="recordings")
    sid = models.CharField(max_length=34, unique=True)
    kind = models.CharField(max_length=9, choices=Kind.choices)
    seconds = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()
    entry = models.ForeignKey("tickets.Entry", models.SET_NULL, null=True, related_name="+")
    fetched_at = models.DateTimeField(null=True)
    storage_key = models.CharField(max_length=80, blank=True)
    size = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.kind} of {self.call_id}"
