"""How a person of staff is rung."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.utils.translation import gettext_lazy as _


class ContactMethod(models.Model):
    """An e-mail address, or any Apprise URL (DingTalk, WeCom, Feishu, Slack, SMS, push …).

    Never readable by customers: the address is somebody's telephone.
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

    class Meta:
        verbose_name = _("contact method")
        verbose_name_plural = _("contact methods")
        ordering = ["user", "position"]
        constraints = [
            models.UniqueConstraint(fields=["user", "address"], name="one_contact_address_each")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} #{self.position}"

    def clean(self) -> None:
        if self.kind == self.Kind.EMAIL:
            validate_email(self.address)
            return
        from apprise import Apprise  # here, because its import costs a third of a second

        if Apprise.instantiate(self.address) is None:
            raise ValidationError({"address": _("This is not an address Apprise can ring.")})
