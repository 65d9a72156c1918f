"""What somebody asks us who is no member of any organization: a conversation of its own."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class Enquiry(models.Model):
    """Of a prospect, or of a caller nobody could place. Nobody gets a login by writing to us.

    `address` is how they are reached: an e-mail address or a telephone number. Once it turns
    out to belong to a customer, `ticket` says where it went on. No customer reads any of it.
    """

    class Channel(models.TextChoices):
        EMAIL = "email", _("e-mail")
        PHONE = "phone", _("phone")

    class State(models.TextChoices):
        OPEN = "open", _("open")
        ANSWERED = "answered", _("answered")
        CLOSED = "closed", _("closed")
        LINKED = "linked", _("belongs to a ticket")
        SPAM = "spam", _("spam")

    channel = models.CharField(_("came in by"), max_length=5, choices=Channel.choices)
    name = models.CharField(_("name"), max_length=120, blank=True)
    address = models.CharField(_("address"), max_length=254)
    subject = models.CharField(_("subject"), max_length=200)
    state = models.CharField(
        _("state"), max_length=8, choices=State.choices, default=State.OPEN, db_default="open"
    )
    opened_at = models.DateTimeField(_("opened"))
    updated_at = models.DateTimeField(_("last change"))
    closed_at = models.DateTimeField(_("closed"), null=True)
    organization = models.ForeignKey("accounts.Organization", models.PROTECT, null=True)
    ticket = models.ForeignKey("tickets.Ticket", models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("enquiry")
        verbose_name_plural = _("enquiries")
        ordering = ["-updated_at"]
        indexes = [
            models.Index(fields=["state", "-updated_at"], name="enquiry_list"),
            models.Index(fields=["address", "-updated_at"], name="enquiry_of_address"),
        ]

    def __str__(self) -> str:
        return f"{self.address}: {self.subject}"

    @property
    def event_subject(self) -> str:
        return f"enquiry/{self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether anything more may be said in it."""
        return self.state in (self.State.OPEN, self.State.ANSWERED)


class EnquiryMessage(models.Model):
    """One message of it: theirs without an `author`, ours with the person who wrote it.

    `is_proven` says whether the address it came from was proven to be the sender's. `submission`
    is the one-time key of the form an answer of ours was sent with.
    """

    enquiry = models.ForeignKey(Enquiry, models.CASCADE, related_name="messages")
    author = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    author_name = models.CharField(max_length=120, blank=True)
    body = models.TextField(_("text"))
    folded = models.TextField(blank=True, default="")
    is_proven = models.BooleanField(default=False)
    inbound = models.ForeignKey("tickets.Inbound", models.PROTECT, null=True, related_name="+")
    submission = models.UUIDField(editable=False, null=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["enquiry", "at"], name="enquiry_conversation")]

    def __str__(self) -> str:
        return f"message {self.pk} of enquiry {self.enquiry_id}"

    @property
    def is_ours(self) -> bool:
        return self.author_id is not None


class EnquiryFile(models.Model):
    """A file of ours that goes out with an answer; until it is sent, a draft without `message`.

    Files that came in are in the mail they came with.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    enquiry = models.ForeignKey(Enquiry, models.CASCADE, related_name="files")
    message = models.ForeignKey(EnquiryMessage, models.CASCADE, null=True, related_name="files")
    uploader = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    name = models.CharField(max_length=150)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64, default="", db_default="")
    storage_key = models.CharField(max_length=80, unique=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return self.name
