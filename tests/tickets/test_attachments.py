"""Files people attach: their names, their limits, and who may send them."""

from __future__ import annotations

import io
import re
import uuid
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile

from accounts.viewer import Viewer
from tests import factories
from tests.factories import NOON
from tickets import attachments, lifecycle
from tickets.models import Attachment

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


def draft(cast: SimpleNamespace, who: str = "developer", name: str = "app.log") -> Attachment:
    person = getattr(cast, who)
    organization = cast.bright if who == "stranger" else cast.star
    return attachments.keep(
        by=Viewer.of(person),
        organization_id=organization.pk,
        upload=SimpleUploadedFile(name, b"E/IMCore: 4303"),
        now=NOON,
    )


NAMES = [
    ("app.log", "app.log"),
    ("登录失败 截图.png", "登录失败 截图.png"),
    ("../../etc/passwd", "passwd"),
    ("..\\..\\windows\\system.ini", "system.ini"),
    ("C:\\logs\\app.log", "app.log"),
    ("logs/", "file"),
    ("a\x00b.log", "ab.log"),
    ("a.log\x00.png", "a.log.png"),
    ("invoice\u202egpj.exe", "invoicegpj.exe"),
    ("a\u2066b\u2069\u061c\u200b\xad.txt", "ab.txt"),
    ("a\r\nSet-Cookie: x=1.log", "aSet-Cookie x=1.log"),
    ("a\u2028b\u2029.log", "ab.log"),
    ('a"b<c>|d?e*f.log', "abcdef.log"),
    ("\ud800half.log", "half.log"),
    ("...", "file"),
    (" . . ", "file"),
    ("", "file"),
    (".bashrc", "bashrc"),
    ("trailing.log. . ", "trailing.log"),
    ("CON", "_CON"),
    ("con.txt", "_con.txt"),
    ("NUL .tar.gz", "_NUL .tar.gz"),
    ("Com1.log", "_Com1.log"),
    ("lpt9", "_lpt9"),
    ("console.log", "console.log"),
    ("com10.log", "com10.log"),
    ("e\u0301.log", "é.log"),
]


@pytest.mark.parametrize(("given", "kept"), NAMES)
def test_a_name_is_only_a_name(given: str, kept: str) -> None:
    assert attachments.safe_name(given) == kept


@pytest.mark.parametrize(
    "given", ["x" * 300 + ".log", "日" * 300 + ".log", "😀" * 100 + ".tar", "x." + "y" * 300]
)
def test_a_long_name_is_cut_at_a_character_and_keeps_its_ending(given: str) -> None:
    kept = attachments.safe_name(given)
    assert len(kept.encode()) <= attachments.NAME_BYTES
    assert "\ufffd" not in kept
    if given.endswith((".log", ".tar")):
        assert kept[-4:] == given[-4:]


def test_a_draft_says_nothing_by_where_it_is_kept(cast: SimpleNamespace) -> None:
    kept = draft(cast, name="../secret.html")
    assert re.fullmatch(r"[0-9a-f]{2}/[0-9a-f]{48}", kept.storage_key)
    assert (kept.name, kept.size, kept.content_type) == ("secret.html", 14, "text/html")
    assert (kept.ticket, kept.entry) == (None, None)


def test_an_empty_file_is_refused_by_name(cast: SimpleNamespace) -> None:
    with pytest.raises(ValidationError, match="“empty.log” is empty"):
        attachments.keep(
            by=Viewer.of(cast.developer),
            organization_id=cast.star.pk,
            upload=SimpleUploadedFile("empty.log", b""),
            now=NOON,
        )


@pytest.mark.parametrize(("over", "refused"), [(0, False), (1, True)])
def test_a_file_may_have_25_megabytes_and_no_byte_more(
    cast: SimpleNamespace, over: int, refused: bool
) -> None:
    upload: UploadedFile[bytes] = UploadedFile(
        io.BytesIO(b"small"), "big.bin", size=attachments.MAX_BYTES + over
    )

    def keep() -> Attachment:
        return attachments.keep(
            by=Viewer.of(cast.developer), organization_id=cast.star.pk, upload=upload, now=NOON
        )

    if not refused:
        assert keep().size == attachments.MAX_BYTES
        return
    with pytest.raises(ValidationError, match="“big.bin” is larger than 25 MB") as caught:
        keep()
    assert caught.value.error_dict["files"][0].code == "too_large"


@pytest.mark.parametrize("who", ["viewer", "stranger", "former"])
def test_who_may_not_write_may_not_attach(cast: SimpleNamespace, who: str) -> None:
    with pytest.raises(PermissionDenied):
        attachments.keep(
            by=Viewer.of(getattr(cast, who)),
            organization_id=cast.star.pk,
            upload=SimpleUploadedFile("a", b"a"),
            now=NOON,
        )


def reply(cast: SimpleNamespace, ids: list[uuid.UUID], who: str = "developer") -> None:
    ticket = factories.ticket(getattr(cast, who))
    lifecycle.reply(
        ticket=ticket,
        by=Viewer.of(getattr(cast, who)),
        body="See the file.",
        now=NOON,
        attachment_ids=ids,
    )


def test_a_draft_is_sent_with_the_message(cast: SimpleNamespace) -> None:
    kept = draft(cast)
    reply(cast, [kept.pk, kept.pk])
    kept.refresh_from_db()
    assert kept.entry is not None
    assert (kept.entry.body, kept.ticket_id) == ("See the file.", kept.entry.ticket_id)


def test_a_draft_cannot_be_sent_twice(cast: SimpleNamespace) -> None:
    kept = draft(cast)
    reply(cast, [kept.pk])
    with pytest.raises(ValidationError, match="file is gone"):
        reply(cast, [kept.pk])


def test_a_colleagues_draft_cannot_be_sent(cast: SimpleNamespace) -> None:
    with pytest.raises(ValidationError, match="file is gone"):
        reply(cast, [draft(cast, "owner").pk])


def test_a_draft_of_another_organization_cannot_be_sent(cast: SimpleNamespace) -> None:
    """Not even one's own: somebody may belong to two organizations."""
    kept = draft(cast)
    Attachment.objects.filter(pk=kept.pk).update(organization=cast.bright)
    with pytest.raises(ValidationError, match="file is gone"):
        reply(cast, [kept.pk])


def test_what_does_not_exist_cannot_be_sent_and_the_message_is_not_either(
    cast: SimpleNamespace,
) -> None:
    ticket = factories.ticket(cast.developer)
    with pytest.raises(ValidationError, match="file is gone"):
        lifecycle.reply(
            ticket=ticket,
            by=Viewer.of(cast.developer),
            body="See the file.",
            now=NOON,
            attachment_ids=[draft(cast).pk, uuid.uuid4()],
        )
    assert ticket.entries.count() == 1
    assert not Attachment.objects.filter(entry__isnull=False).exists()


def test_at_most_ten_files_go_with_a_message(cast: SimpleNamespace) -> None:
    with pytest.raises(ValidationError, match="At most 10 files"):
        reply(cast, [uuid.uuid4() for _number in range(11)])


def test_a_file_of_a_note_is_as_internal_as_the_note(cast: SimpleNamespace) -> None:
    ticket = factories.ticket(cast.developer)
    kept = draft(cast, "engineer")
    assert kept.internal, "and so is what staff have not sent yet"
    staff, customer = Viewer.of(cast.engineer), Viewer.of(cast.developer)
    lifecycle.add_note(ticket=ticket, by=staff, body="Core.", now=NOON, attachment_ids=[kept.pk])
    assert not Attachment.objects.visible_to(customer).exists()
    assert Attachment.objects.visible_to(Viewer.of(cast.second)).get() == kept


def test_a_file_staff_send_is_the_customers_to_read(cast: SimpleNamespace) -> None:
    ticket = factories.ticket(cast.developer)
    kept = draft(cast, "engineer")
    customer = Viewer.of(cast.developer)
    assert not Attachment.objects.visible_to(customer).exists()
    lifecycle.reply(
        ticket=ticket, by=Viewer.of(cast.engineer), body="Fix", now=NOON, attachment_ids=[kept.pk]
    )
    assert Attachment.objects.visible_to(customer).get() == kept


def test_a_draft_is_seen_by_its_uploader_alone(cast: SimpleNamespace) -> None:
    kept = draft(cast)
    assert Attachment.objects.visible_to(Viewer.of(cast.developer)).get() == kept
    for person in (cast.owner, cast.engineer, cast.stranger):
        assert not Attachment.objects.visible_to(Viewer.of(person)).exists()
