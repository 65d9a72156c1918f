"""A mail as it is judged: what it says, to which addresses of ours, and what is proven of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from tickets.intake import mailboxes, proof
from tickets.intake.mail import automatic, bounces, newly_written, parsing
from tickets.intake.mail.automatic import Automatic
from tickets.intake.mail.bounces import Bounce
from tickets.intake.mail.parsed import ParsedMail
from tickets.intake.mailboxes import Addressed
from tickets.intake.proof import Checks, Proof


@dataclass(frozen=True)
class Letter:
    """`new` is what the sender newly wrote, `folded` the rest; `content` a digest of what it
    says, the same when it came another way.
    """

    mail: ParsedMail
    new: str
    folded: str
    addressed: Addressed
    automatic: Automatic | None
    bounce: Bounce | None
    proof: Proof
    content: str

    @property
    def sender(self) -> str:
        """The address in From, in lower case; a claim and no more."""
        return self.mail.from_.address.lower()

    @cached_property
    def references(self) -> list[str]:
        """What it answers, as in the header: the last is the nearest."""
        return list(dict.fromkeys((*self.mail.references, *self.mail.in_reply_to)))


def read(raw: bytes, *, recipients: Iterable[str], checks: Checks) -> Letter:
    """Understand a mail; never raises on what somebody wrote. May ask the DNS, within seconds."""
    mail = parsing.parse(raw)
    split = newly_written.split(mail)
    kind = automatic.kind_of(mail, split.new)
    bounce = bounces.read(mail) if kind is Automatic.BOUNCE else None
    return Letter(
        mail=mail,
        new=split.new,
        folded=split.folded,
        addressed=mailboxes.addressed(recipients),
        automatic=kind,
        bounce=bounce,
        proof=proof.of(mail, raw, checks),
        content=_digest(mail),
    )


def _digest(mail: ParsedMail) -> str:
    said = hashlib.sha256()
    for text in (mail.from_.address.lower(), mail.subject, mail.text, mail.html):
        said.update(text.encode(errors="surrogatepass") + b"\0")
    for file in mail.attachments:
        said.update(file.name.encode(errors="surrogatepass") + b"\0" + file.content + b"\0")
    return said.hexdigest()
