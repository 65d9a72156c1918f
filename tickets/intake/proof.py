"""Whether a mail's sender is who its From says: nobody speaks for a member without that.

Either our own mail server has checked it and says so in the topmost Authentication-Results
(RFC 8601), or we check the signatures ourselves (RFC 6376) against keys from the DNS. What counts
is what DMARC asks for (RFC 7489): something that passed, and a domain that belongs to the From's.
What cannot be checked is not proven.
"""

from __future__ import annotations

import importlib.resources
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final

import authheaders
import authres
import authres.dmarc
import dkim
from publicsuffix2 import PublicSuffixList

from tickets.intake.mail.parsed import ParsedMail, Problem

MOST_SIGNATURES: Final = 5  # of one mail that are checked, each with a look into the DNS
_RESULTS: Final = authres.FeatureContext(authres.dmarc)
_UNCLEAR: Final = frozenset({Problem.NO_FROM, Problem.SEVERAL_FROM, Problem.FROM_UNREADABLE})

# TXT records of a name, joined; None when there are none. Raises `Unanswered` within seconds.
Resolver = Callable[[str], bytes | None]


class Unanswered(Exception):
    """The DNS did not answer; asked later it may."""


class Verdict(StrEnum):
    PROVEN = "proven"
    FAILED = "failed"
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True)
class Proof:
    """`how` says what was found, in the words of the standards: "dmarc=pass (example.org)"."""

    verdict: Verdict
    how: str

    @property
    def is_proven(self) -> bool:
        return self.verdict is Verdict.PROVEN


@dataclass(frozen=True, slots=True)
class Checks:
    """How senders are proven here: `mode` is authserv, dns or none (nothing is checked)."""

    mode: str
    authserv_ids: frozenset[str] = frozenset()
    resolve: Resolver | None = None


def of(mail: ParsedMail, raw: bytes, checks: Checks) -> Proof:
    """What is proven about the From of this mail; never raises."""
    if not mail.from_.address or _UNCLEAR.intersection(mail.problems):
        return Proof(Verdict.FAILED, "no single From")
    if checks.mode == "none":
        return Proof(Verdict.PROVEN, "not checked")
    if checks.mode == "authserv":
        return from_our_server(mail, checks.authserv_ids)
    if checks.resolve is None:
        return Proof(Verdict.UNANSWERED, "no resolver")
    return from_signatures(raw, mail.from_.domain, checks.resolve)


def from_our_server(mail: ParsedMail, authserv_ids: frozenset[str]) -> Proof:
    """What the topmost Authentication-Results says, if a server of ours wrote it.

    Only the topmost is believed: what a sender put into the mail stands below what our server
    adds. One who publishes no DMARC policy is proven by SPF or DKIM of the same domain.
    """
    if not mail.authentication_results:
        return Proof(Verdict.FAILED, "no Authentication-Results")
    try:
        found = _RESULTS.parse_value(mail.authentication_results[0])
    except Exception:  # whatever somebody writes there
        return Proof(Verdict.FAILED, "Authentication-Results cannot be read")
    if str(found.authserv_id or "").lower() not in authserv_ids:
        return Proof(Verdict.FAILED, "Authentication-Results are not ours")
    domain = mail.from_.domain
    says: list[str] = []
    dmarc = ""
    for result in found.results:
        method, outcome = str(getattr(result, "method", "")), str(getattr(result, "result", ""))
        says.append(f"{method}={outcome}")
        if method == "dmarc":
            dmarc = outcome
            named = _property(result, "header", "from").rpartition("@")[2]
            if outcome == "pass" and (not named or named == domain):
                return Proof(Verdict.PROVEN, f"dmarc=pass ({domain})")
    if dmarc in ("", "none"):
        for result in found.results:
            if aligned := _aligned(result, domain):
                return Proof(Verdict.PROVEN, aligned)
    verdict = Verdict.UNANSWERED if dmarc == "temperror" else Verdict.FAILED
    return Proof(verdict, " ".join(says)[:200] or "no results")


def from_signatures(raw: bytes, domain: str, resolve: Resolver) -> Proof:
    """What a signature of the From's domain proves; `resolve` asks the DNS."""
    answers: list[str] = []

    def dnsfunc(name: bytes, timeout: float = 0) -> bytes | None:
        return resolve(name.decode("ascii", "ignore").rstrip("."))

    try:
        signed = dkim.DKIM(raw)
        count = sum(1 for name, _value in signed.headers if name.lower() == b"dkim-signature")
        strict = count > 0 and _is_strict(domain, resolve)
    except Unanswered:
        return Proof(Verdict.UNANSWERED, "the DNS does not answer")
    except Exception as problem:
        return Proof(Verdict.FAILED, f"unreadable: {type(problem).__name__}")
    for index in range(min(count, MOST_SIGNATURES)):
        try:
            is_valid = signed.verify(idx=index, dnsfunc=dnsfunc)
            fields = signed.signature_fields
            signer = fields.get(b"d", b"").decode("ascii", "replace").lower()
            belongs = signer == domain if strict else same_organization(signer, domain)
            if is_valid and belongs and b"l" not in fields:  # "l": anything may be appended
                return Proof(Verdict.PROVEN, f"dkim=pass ({signer})")
            answers.append(f"dkim={'pass' if is_valid else 'fail'} ({signer})")
        except Unanswered:
            answers.append("dkim=temperror")
        except Exception as problem:
            answers.append(f"dkim=fail ({type(problem).__name__})")
    if "dkim=temperror" in answers:
        return Proof(Verdict.UNANSWERED, "the DNS does not answer")
    return Proof(Verdict.FAILED, " ".join(answers)[:200] or "not signed")


def same_organization(one: str, other: str) -> bool:
    """Whether two domains belong to one owner, by the public suffix list."""
    if not one or not other:
        return False
    if one == other:
        return True
    return _organization(one) == _organization(other) != ""


def _aligned(result: Any, domain: str) -> str:
    method, outcome = str(getattr(result, "method", "")), str(getattr(result, "result", ""))
    if outcome != "pass":
        return ""
    if method == "dkim":
        signer = _property(result, "header", "d") or _property(result, "header", "i")
    elif method == "spf":
        signer = _property(result, "smtp", "mailfrom")
    else:
        return ""
    signer = signer.rpartition("@")[2]
    return f"{method}=pass ({signer})" if same_organization(signer, domain) else ""


def _property(result: Any, kind: str, name: str) -> str:
    for one in getattr(result, "properties", None) or ():
        if (one.type, one.name) == (kind, name):
            return str(one.value or "").strip().lower()
    return ""


def _is_strict(domain: str, resolve: Resolver) -> bool:
    """Whether the domain's policy wants signatures of exactly this domain (adkim=s)."""
    for owner in dict.fromkeys((domain, _organization(domain))):
        record = resolve(f"_dmarc.{owner}") if owner else None
        if record and record.lower().startswith(b"v=dmarc1"):
            tags = [tag.strip().replace(b" ", b"") for tag in record.lower().split(b";")]
            return b"adkim=s" in tags
    return False


def _organization(domain: str) -> str:
    """example.co.uk of mail.example.co.uk; "" of a public suffix itself."""
    return str(_suffixes().get_sld(domain.strip(".").lower(), strict=True) or "")


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    """The list authheaders brings; reading it takes a tenth of a second, so it is kept."""
    listed = importlib.resources.files(authheaders) / "public_suffix_list.txt"
    with listed.open("r", encoding="utf-8") as file:
        return PublicSuffixList(file)
