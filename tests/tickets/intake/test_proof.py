"""What proves a sender: our own server's word, or a signature of the domain. The DNS is a table."""

from __future__ import annotations

import base64
from functools import cache

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.mails import OURS, mail
from tickets.intake import proof
from tickets.intake.mail.parsing import parse
from tickets.intake.proof import Checks, Unanswered, Verdict

IDS = frozenset({OURS})


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ([f"{OURS}; dmarc=pass header.from=starcast.example"], "proven"),
        ([f"{OURS}; dmarc=pass (p=reject) header.from=starcast.example"], "proven"),
        ([f"{OURS}; dmarc=fail header.from=starcast.example"], "failed"),
        ([f"{OURS}; dmarc=pass header.from=other.example"], "failed"),
        (["mx.evil.example; dmarc=pass header.from=starcast.example"], "failed"),
        (
            [
                f"{OURS}; dmarc=fail header.from=starcast.example",
                f"{OURS}; dmarc=pass header.from=starcast.example",  # put there by the sender
            ],
            "failed",
        ),
        (
            [
                "mx.other.example; spf=pass smtp.mailfrom=starcast.example",
                f"{OURS}; dmarc=pass header.from=starcast.example",
            ],
            "failed",
        ),
        ([f"{OURS}; dkim=pass header.d=starcast.example"], "proven"),
        ([f"{OURS}; dkim=pass header.d=evil.example"], "failed"),
        ([f"{OURS}; spf=pass smtp.mailfrom=dev@starcast.example; dmarc=none"], "proven"),
        ([f"{OURS}; spf=pass smtp.mailfrom=x@evil.example; dmarc=none"], "failed"),
        ([f"{OURS}; dkim=pass header.d=starcast.example; dmarc=fail"], "failed"),
        ([f"{OURS}; dmarc=temperror header.from=starcast.example"], "unanswered"),
        ([f"{OURS}; ((("], "failed"),
        ([], "failed"),
    ],
)
def test_the_word_of_our_own_server(results: list[str], expected: str) -> None:
    head = "".join(f"Authentication-Results: {one}\n" for one in results).encode()
    read = parse(head + mail(proven=None))
    assert proof.from_our_server(read, IDS).verdict == expected


@cache
def key() -> tuple[bytes, bytes]:
    """A private key, and the DNS record of its public one."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    public = private.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return pem, b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)


def signed(sender: str, domain: str, **more: object) -> bytes:
    raw = mail(sender, proven=None).replace(b"\n", b"\r\n")
    head = dkim.sign(raw, b"s1", domain.encode(), key()[0], **more)
    return bytes(head + raw)


def checked(raw: bytes, *, dmarc: bytes | None = None, answers: bool = True) -> proof.Proof:
    def resolve(name: str) -> bytes | None:
        if not answers:
            raise Unanswered(name)
        return key()[1] if name.startswith("s1._domainkey.") else dmarc

    return proof.of(parse(raw), raw, Checks("dns", resolve=resolve))


def test_a_signature_of_the_senders_domain_is_proof() -> None:
    assert checked(signed("dev@starcast.com", "starcast.com")).is_proven
    assert checked(signed("dev@mail.starcast.com", "starcast.com")).is_proven


def test_a_signature_of_another_domain_or_of_another_text_is_none() -> None:
    raw = signed("dev@starcast.com", "evil.com")
    assert checked(raw).verdict is Verdict.FAILED
    raw = signed("dev@starcast.com", "starcast.com")
    assert checked(raw.replace(b"nothing arrives", b"all is well")).verdict is Verdict.FAILED
    assert checked(mail("dev@starcast.com", proven=None)).verdict is Verdict.FAILED


def test_domains_with_one_suffix_are_not_one_owner() -> None:
    assert not checked(signed("dev@one.com.cn", "two.com.cn")).is_proven
    assert not checked(signed("dev@one.github.io", "two.github.io")).is_proven


def test_a_strict_policy_wants_the_very_domain() -> None:
    strict = b"v=DMARC1; p=reject; adkim=s"
    assert not checked(signed("dev@mail.starcast.com", "starcast.com"), dmarc=strict).is_proven
    assert checked(signed("dev@starcast.com", "starcast.com"), dmarc=strict).is_proven


def test_a_signature_over_a_part_of_the_text_is_none() -> None:
    raw = signed("dev@starcast.com", "starcast.com", length=True)
    assert not checked(raw + b"and more\r\n").is_proven


def test_a_dns_that_does_not_answer_proves_nothing() -> None:
    raw = signed("dev@starcast.com", "starcast.com")
    assert checked(raw, answers=False).verdict is Verdict.UNANSWERED


def test_two_senders_are_none() -> None:
    raw = b"From: other@starcast.com\r\n" + signed("dev@starcast.com", "starcast.com")
    assert not checked(raw).is_proven
