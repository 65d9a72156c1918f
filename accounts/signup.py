"""The sign-up form: a name, an address, a password."""

from __future__ import annotations

from allauth.account.forms import SignupForm as AllauthSignupForm
from django import forms
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.people import NAME_LIMIT, clean_name


class SignupForm(AllauthSignupForm):  # type: ignore[misc]
    """allauth's form with a name; a known address costs the same work as a new one."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=NAME_LIMIT,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ("name", "email", "password1", "password2")

    def clean_name(self) -> str:
        return clean_name(self.cleaned_data["name"])

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])  # what a new account would have cost
        saved: tuple[User | None, HttpResponse | None] = super().try_save(request)
        return saved
