"""How a person of staff is rung."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

LONGEST_DELAY_SECONDS = 3600


class ContactMethod(models.Model):
    """An e-mail address, or any Apprise URL (DingTalk, WeCom, Feishu, Slack, SMS, push …).

    Never readable by customers: the address is somebody's telephone. It is rung only once its
    owner has shown that messages arrive there (`accounts.contact_checks`); the same holds for
    the fallback, which is tried when the first address fails. Whoever changes an address
    makes it an unchecked one again, so go through `accounts.contacts`.
    """

    class Kind(models.TextChoices):
        EMAIL = "email", _("e-mail")
        PUSH = "push", _("push")
        PHONE = "phone", _("phone")
        CHAT = "chat", _("chat")

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="contact_methods")
    kind = models.CharField(_("kind"), max_length=5, choices=Kind.choices)
    address = models.CharField(
        _("address"), max_length=400, help_text=_("An e-mail address, or an Apprise URL.")
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    delay_seconds = models.PositiveIntegerField(
        _("delay in seconds"),
        default=0,
        db_default=0,
        validators=[MaxValueValidator(LONGEST_DELAY_SECONDS)],
        help_text=_("After the page starts; 0 rings at once."),
    )
    verified_at = models.DateTimeField(_("verified"), null=True, blank=True)
    fallback_address = models.CharField(
        _("fallback address"),
        max_length=400,
        blank=True,
        default="",
        db_default="",
        help_text=_("Tried when the first address fails."),
    )
    fallback_verified_at = models.DateTimeField(_("fallback verified"), null=True, blank=True)
    enabled = models.BooleanField(_("in use"), default=True, db_default=True)
    trouble_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="When a page last failed at the first address; none since it worked again.",
    )

    class Meta:
        verbose_name = _("contact method")
        verbose_name_plural = _("contact methods")
        ordering = ["user", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "address"], name="one_contact_address_each"),
            models.CheckConstraint(
                condition=models.Q(delay_seconds__lte=LONGEST_DELAY_SECONDS),
                name="contact_delay_within_an_hour",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} #{self.position}"

    @property
    def is_usable(self) -> bool:
        """Whether it is rung at all."""
        return self.enabled and self.verified_at is not None

    @property
    def working_fallback(self) -> str:
        """The fallback address if it may be used, else empty."""
        return self.fallback_address if self.fallback_verified_at else ""

    def clean(self) -> None:
        """Refuse addresses nobody can be rung at; the stored form has no needless blanks."""
        from accounts import contact_addresses  # here, because it needs this model

        refused = {}
        try:
            self.address = contact_addresses.clean(self.address, kind=self.kind)
        except ValidationError as problem:
            refused["address"] = problem.messages
        if self.fallback_address:
            channel = contact_addresses.channel_of(self.fallback_address, kind=self.kind)
            try:
                self.fallback_address = contact_addresses.clean(self.fallback_address, kind=channel)
            except ValidationError as problem:
                refused["fallback_address"] = problem.messages
        if refused:
            raise ValidationError(refused)
        if self.fallback_address == self.address:
            raise ValidationError({"fallback_address": _("Name another address than the first.")})
