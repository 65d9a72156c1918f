"""Ask the DNS for TXT records: within seconds, and the same question once."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import dns.exception
import dns.resolver

from tickets.intake.proof import Unanswered

LIFETIME_SECONDS: Final = 3.0  # for one question, over all servers
CACHED: Final = 2000


def resolve(name: str) -> bytes | None:
    """The first TXT record of a name that exists; None when there is none.

    Raises `Unanswered` when no server says so in time.
    """
    try:
        answer = _resolver().resolve(name, "TXT", search=False)
    except (
        dns.resolver.NXDOMAIN,
        dns.resolver.NoAnswer,
        dns.name.LabelTooLong,
        dns.name.EmptyLabel,
    ):
        return None
    except (dns.exception.DNSException, OSError, UnicodeError) as problem:
        raise Unanswered(name) from problem
    records = [b"".join(record.strings) for record in answer]
    return next((one for one in records if one.lower().startswith(b"v=")), None) or (
        records[0] if records else None
    )


@lru_cache(maxsize=1)
def _resolver() -> dns.resolver.Resolver:
    made = dns.resolver.Resolver()
    made.lifetime, made.timeout = LIFETIME_SECONDS, 1.0
    made.cache = dns.resolver.LRUCache(CACHED)
    return made
