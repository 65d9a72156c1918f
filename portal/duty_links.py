"""The signed links of drills and handovers: like a page's, for one thing, one person and a day.

Each says what it is for by its salt, so that a drill's link opens no handover.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.urls import reverse

from portal.page_links import VALID_SECONDS, LinkExpired, LinkForged


@dataclass(frozen=True, slots=True)
class LinkKind:
    """`salt` keeps the kinds apart; `route` is the name of the screen."""

    salt: str
    route: str

    def token(self, pk: int, person_id: int) -> str:
        return self._signer().sign(f"{pk}.{person_id}")

    def address(self, pk: int, person_id: int) -> str:
        """The full address, on the configured origin whatever a request may claim."""
        return settings.PUBLIC_URL + reverse(self.route, args=[self.token(pk, person_id)])

    def read(self, token: str) -> tuple[int, int]:
        """The row and the person; `LinkExpired` after 24 hours, else `LinkForged`."""
        try:
            pk, _dot, person_id = self._signer().unsign(token, max_age=VALID_SECONDS).partition(".")
            return int(pk), int(person_id)
        except SignatureExpired as problem:
            raise LinkExpired from problem
        except (BadSignature, ValueError) as problem:
            raise LinkForged from problem

    def _signer(self) -> TimestampSigner:
        return TimestampSigner(salt=self.salt, sep="~")


DRILL: Final = LinkKind("vigil.drill", "page:drill")
HANDOVER: Final = LinkKind("vigil.handover", "page:handover")
