"""Who is logged in, read with what every page of theirs needs."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import User


class LoginBackend(AuthenticationBackend):
    """allauth's, with the staff profile in the same query."""

    def get_user(self, user_id: int) -> User | None:
        found = User.objects.select_related("staff_profile").filter(pk=user_id).first()
        return found if found is not None and self.user_can_authenticate(found) else None
