"""What allauth asks us: how mail leaves, where people land, who counts as one client."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from accounts import letters
from accounts.client_address import client_address
from accounts.mail_limits import Purpose
from accounts.models import User
from accounts.own_paths import is_own_path
from accounts.people import clean_address

WORKSPACE = "/admin/queue/"
SESSION_INVITATION = "invitation"  # the link somebody came by, kept through sign-up and login


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Anyone may have an account; it opens no organization. Or the invited alone."""
        return settings.SIGNUP_OPEN or SESSION_INVITATION in request.session

    def clean_email(self, email: str) -> str:
        return clean_address(email)

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        """A new account speaks the language of the page it was made on."""
        user.name = form.cleaned_data["name"]
        language = translation.get_language()
        user.language = language if language in dict(settings.LANGUAGES) else "en"
        return cast(User, super().save_user(request, user, form, commit))

    # --- Mail: a delivery in the same transaction; links lead to the configured address

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        person = context.get("user") or User.objects.filter(email=email.lower()).first()
        language = person.language if person else translation.get_language() or "en"
        request = allauth_context.request
        values = {
            "request": request,
            "email": email,
            "current_site": SimpleNamespace(
                name="Vigil", domain=urlsplit(settings.PUBLIC_URL).netloc
            ),
            **{key: _at_our_address(key, value) for key, value in context.items()},
        }
        with translation.override(language):
            message = self.render_mail(template_prefix, email, values)
        letters.post(
            address=email,
            language=language,
            title=message.subject,
            text=message.body,
            subject=f"person/{person.pk}" if person else "person/unknown",
            now=getattr(request, "now", None) or timezone.now(),
            purpose=_purpose(template_prefix),
        )

    # --- Where people land

    def is_safe_url(self, url: str | None) -> bool:
        return bool(url) and is_own_path(url or "")

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Back to the invitation somebody came by; else staff to their queue, others home."""
        user = cast(User, request.user)
        if user.is_staff:
            return WORKSPACE
        token = request.session.get(SESSION_INVITATION)
        return f"/invitation/{token}/" if token else "/"

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """On a device where no language was chosen, the person's own."""
        response = cast(HttpResponse, super().post_login(request, user, **kwargs))
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            set_language_cookie(response, user.language)
        return response

    # --- Who counts as one client, and as one account, in the rate limits

    def get_client_ip(self, request: HttpRequest) -> str:
        address = client_address(request)
        if not address:
            raise PermissionDenied("The client's address is not known.")
        return address

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """One account is one account, under whatever Host header it is asked for."""
        return str(credentials.get("email", "")).strip().lower()


def set_language_cookie(response: HttpResponse, language: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 3600,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )


def shown_name(user: User) -> str:
    """How allauth names somebody: by the address, not by a name anybody could have typed in.

    Its mails go to addresses nobody has proven yet.
    """
    return user.email


def _purpose(template_prefix: str) -> Purpose:
    """Anybody can have these sent to any address; the others go to people with a login."""
    name = template_prefix.rpartition("/")[2]
    by_anybody = ("email_confirmation", "account_already_exists", "unknown_account")
    return Purpose.STRANGER if name.startswith(by_anybody) else Purpose.ACCESS


def _at_our_address(key: str, value: Any) -> Any:
    """A link, moved from the Host header it was built with to the configured address."""
    if not key.endswith("_url") or not isinstance(value, str):
        return value
    parts = urlsplit(value)
    return settings.PUBLIC_URL + parts.path + (f"?{parts.query}" if parts.query else "")
