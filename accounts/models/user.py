"""A person who can log in, customer or staff."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def unwanted_at_first() -> list[str]:
    """The clock is on the page: mails about promises come to whoever asks for them."""
    return ["promise"]


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create a person. E-mail is kept in lower case, so that one address is one account."""
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class NamesManager(models.Manager["User"]):
    """Reads only the columns `vigil_customer` may: who somebody is, never how they log in.

    It is the base manager, so following a foreign key to a person works in every role.
    """

    def get_queryset(self) -> models.QuerySet[User]:
        return super().get_queryset().only(*User.PUBLIC_FIELDS)


class User(AbstractBaseUser):
    """Someone with a login.

    There are no Django groups, permissions or superusers: what a person may do follows from
    the table in `accounts.access`, so no row can be edited into more rights than its role has.
    """

    PUBLIC_FIELDS: ClassVar = ("id", "name", "email", "language", "time_zone", "is_staff")

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=80)
    language = models.CharField(
        _("language"), max_length=10, default="en", choices=[("en", "English"), ("zh-hans", "中文")]
    )
    time_zone = models.CharField(_("time zone"), max_length=40, default="UTC")
    is_staff = models.BooleanField(_("works for us"), default=False)
    is_active = models.BooleanField(_("may log in"), default=True)
    # Kinds of accounts.mail_choices, read where the whole person is: not in PUBLIC_FIELDS.
    unwanted_mails = ArrayField(
        models.CharField(max_length=20),
        verbose_name=_("mails not wanted"),
        blank=True,
        default=unwanted_at_first,
        db_default=["promise"],
    )
    date_joined = models.DateTimeField(_("joined"), default=timezone.now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    is_superuser = False

    objects = UserManager()
    names = NamesManager()

    class Meta:
        base_manager_name = "names"
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Answer Django's admin from the one table of roles and verbs."""
        from accounts.access import admin_permission

        return admin_permission(self, perm)

    def has_perms(self, perms: list[str], obj: object = None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perms)

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and self.is_staff
