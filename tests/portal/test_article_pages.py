"""Articles in the workspace: found, written, reviewed, compared; drafts out of tickets."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.viewer import SYSTEM, Viewer
from knowledge import publishing, writing
from knowledge.languages import Language
from knowledge.models import Article, Category, Revision, TextState, Translation
from tests import factories
from tests.factories import NOON
from tickets import lifecycle, ticket_articles
from tickets.models import Deflection, TicketArticle

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 32


@pytest.fixture
def desk(cast: SimpleNamespace, browser_of: Any) -> Any:
    return browser_of(cast.engineer)


@pytest.fixture
def boss(cast: SimpleNamespace, browser_of: Any) -> Any:
    return browser_of(cast.lead)


def page(client: Any, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, response.content.decode()[:2000]
    return str(response.content.decode())


def saved(client: Any, address: str, **data: Any) -> Any:
    texts = {"title": "Offline push", "summary": "", "body": "Ask the vendor."}
    return client.post(address, texts | data, follow=True)


def english(key: str = "token-expired") -> Translation:
    return Translation.objects.get(article__key=key, language="en")


def test_the_list_shows_both_languages_states(desk: Any) -> None:
    article = factories.article(is_published=True)
    factories.text(article, is_published=False)
    text = page(desk, "/admin/articles/")
    assert "The token has expired" in text
    assert "Published" in text
    assert "Draft" in text


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("q=token", True),
        ("q=令牌", True),
        ("q=nothing%25", False),
        ("q=%25", False),
        ("kind=faq", True),
        ("kind=guide", False),
        ("state=review", False),
        ("state=draft", True),
        ("language=zh&state=draft", True),
        ("language=en&state=draft", False),
        ("owner=nobody", True),
        ("owner=1", False),
        ("need=draft", True),
        ("need=behind", True),
        ("need=missing", False),
        ("need=past", False),
        ("product=im", False),
    ],
)
def test_the_list_is_filtered(desk: Any, query: str, shown: bool) -> None:
    article = factories.article(key="key-1")
    factories.text(article, is_published=False)
    assert ("The token has expired" in page(desk, f"/admin/articles/?{query}")) is shown


def test_a_past_review_is_found(desk: Any) -> None:
    factories.article(review_on=NOON.date().replace(year=2020))
    assert "to be reviewed since 2020" in page(desk, "/admin/articles/?need=past")


def test_saving_makes_a_draft(desk: Any) -> None:
    factories.article()
    response = saved(desk, "/admin/article/token-expired/en/", written_on="1")
    assert "Revision 2 is saved." in response.content.decode()
    text = english()
    assert (text.state, text.latest_revision, text.published_revision) == (TextState.DRAFT, 2, 1)


def test_the_first_text_in_the_other_language(desk: Any) -> None:
    factories.article()
    assert "Ask your server" in page(desk, "/admin/article/token-expired/zh/")
    saved(desk, "/admin/article/token-expired/zh/", is_aligned="on", written_on="0")
    chinese = Translation.objects.get(language="zh")
    assert chinese.aligned_with == 1
    assert not chinese.is_behind


def test_a_conflict_keeps_the_text_and_shows_theirs(cast: SimpleNamespace, desk: Any) -> None:
    article = factories.article()
    writing.save_revision(
        article=article,
        language=Language.EN,
        by=Viewer.of(cast.lead),
        now=NOON,
        title="The token has expired",
        body="Ask twice.",
    )
    response = saved(desk, "/admin/article/token-expired/en/", written_on="1", body="Mine stays.")
    text = response.content.decode()
    assert response.status_code == 422
    assert "Mine stays.</textarea>" in text
    assert f"{cast.lead.name} saved revision 2 while you were writing" in text
    assert "<del>Ask twice.</del>" in text
    assert 'name="written_on" value="2"' in text
    assert Revision.objects.count() == 2
    again = saved(desk, "/admin/article/token-expired/en/", written_on="2", body="Mine stays.")
    assert "Revision 3 is saved." in again.content.decode()


def test_a_form_that_does_not_say_what_it_began_from_overwrites_nobody(desk: Any) -> None:
    factories.article()
    response = saved(desk, "/admin/article/token-expired/en/", written_on="", body="Mine.")
    assert response.status_code == 422
    assert Revision.objects.count() == 1


def test_preview_without_a_script_saves_nothing(desk: Any) -> None:
    factories.article()
    response = saved(
        desk, "/admin/article/token-expired/en/", written_on="1", body="**New**", step="preview"
    )
    text = response.content.decode()
    assert response.status_code == 200
    assert "<strong>New</strong>" in text
    assert "**New**</textarea>" in text
    assert Revision.objects.count() == 1


def test_the_live_preview_is_what_readers_see_and_harmless(desk: Any) -> None:
    factories.article()
    response = desk.post(
        "/admin/article/token-expired/en/preview/",
        {"body": "# <script>alert(1)</script>\n\n[x](javascript:alert(1))\n\n![i](images/no.png)"},
    )
    text = response.content.decode()
    assert "<script" not in text
    assert 'href="javascript' not in text
    assert "There is no image “images/no.png”" in text


def test_the_writer_is_told_of_links_not_every_reader_can_follow(desk: Any) -> None:
    for key, audience in (("open", "public"), ("closed", "customers")):
        factories.article(key, audience=audience)
    factories.article()
    shown = desk.post(
        "/admin/article/token-expired/en/preview/",
        {"body": "[x](article:open) [y](article:closed) [z](article:none)"},
    ).content.decode()
    assert shown.count("notice-warning") == 2
    assert "Not everyone who reads this can read “article:closed”" in shown
    assert "The link “article:none” leads nowhere." in shown


def test_images_of_drafts_are_seen_in_the_preview(desk: Any) -> None:
    factories.article(is_published=False)
    added = desk.post(
        "/admin/article/token-expired/files/",
        {"kind": "image", "folder": "images", "files": SimpleUploadedFile("a.png", PNG)},
    )
    assert added.status_code == 302
    text = desk.post(
        "/admin/article/token-expired/en/preview/", {"body": "![flow](images/a.png)"}
    ).content.decode()
    address = "/admin/article/token-expired/files/view/images/a.png"
    assert f'src="{address}"' in text
    assert desk.get(address)["Content-Type"] == "image/png"


def test_an_address_that_spells_no_text_is_previewed_and_published(boss: Any) -> None:
    article = factories.article(is_published=False)
    body = "![x](a%00b.png) [y](article:a%00b)\n\n{{file: a%00b}}"
    address = f"/admin/article/{article.key}/en/"
    assert boss.post(f"{address}preview/", {"body": body}).status_code == 200
    saved(boss, address, written_on="1", body=body)
    boss.post(f"{address}publish/", {"revision": "2"})
    assert english().published_revision == 2


def test_a_review_is_asked_for_and_sent_back_with_a_reason(desk: Any, boss: Any) -> None:
    factories.article(is_published=False)
    address = "/admin/article/token-expired/en/"
    desk.post(f"{address}submit/")
    assert english().state == TextState.REVIEW
    refused = boss.post(f"{address}send-back/", {"reason": ""})
    assert refused.status_code == 422
    assert "Say what is missing." in refused.content.decode()
    boss.post(f"{address}send-back/", {"reason": "Name the version."})
    assert english().state == TextState.DRAFT
    assert "sent it back: Name the version." in page(desk, address)


def test_nobody_publishes_their_own_text(desk: Any, boss: Any) -> None:
    factories.article(is_published=False)
    address = "/admin/article/token-expired/en/"
    saved(desk, address, written_on="1")
    assert "A colleague has to publish what you wrote last." in page(desk, address)
    assert "Publish revision 2" not in page(desk, address)
    assert desk.post(f"{address}publish/", {"revision": "2"}).status_code == 403
    seen = page(boss, address)
    assert "Publish revision 2" in seen
    assert '<input type="hidden" name="revision" value="2"' in seen
    refused = boss.post(f"{address}publish/", {"revision": "1"}, follow=True)
    assert "Read it first, then publish it." in refused.content.decode()
    assert english().published_revision is None
    boss.post(f"{address}publish/", {"revision": "2"})
    assert english().published_revision == 2
    boss.post(f"{address}archive/")
    assert english().state == TextState.ARCHIVED


def test_history_is_compared_and_gone_back_to(desk: Any) -> None:
    factories.article(body="One line.\nTwo lines.")
    address = "/admin/article/token-expired/en/"
    saved(desk, address, written_on="1", body="One line.\nThree lines.")
    unified = page(desk, f"{address}history/")
    assert "<del><mark>Two</mark> lines.</del>" in unified
    assert "<ins><mark>Three</mark> lines.</ins>" in unified
    assert "<del><mark>Two</mark> lines.</del>" in page(desk, f"{address}history/?view=side")
    assert "These two say the same." in page(desk, f"{address}history/?old=2&new=2")
    page(desk, f"{address}history/?new=9", 404)
    desk.post(f"{address}history/1/revert/")
    assert english().latest_revision == 3
    assert Revision.objects.get(number=3).body == "One line.\nTwo lines."


def test_what_changed_in_the_other_language_stands_beside(desk: Any) -> None:
    article = factories.article(body="One.\nTwo lines.")
    saved(desk, "/admin/article/token-expired/zh/", is_aligned="on", written_on="0")
    saved(
        desk,
        "/admin/article/token-expired/en/",
        written_on="1",
        body="One.\nThree lines.",
        title="The token has expired",
    )
    text = page(desk, f"/admin/article/{article.key}/zh/")
    assert "English is newer than this text." in text
    assert "<ins><mark>Three</mark> lines.</ins>" in text


DETAILS = {"kind": "guide", "audience": "public"}


def test_details_are_saved(cast: SimpleNamespace, desk: Any) -> None:
    factories.article()
    address = "/admin/article/token-expired/details/"
    response = desk.post(
        address,
        DETAILS
        | {
            "product": "im",
            "platforms": ["ios", "web"],
            "versions_from": "4",
            "versions_before": "6.0",
            "audience": "organizations",
            "organizations": "star",
            "owner": cast.lead.pk,
            "review_on": "2027-03-01",
        },
    )
    assert response.status_code == 302, response.content.decode()
    article = Article.objects.get()
    assert (article.kind, article.platforms) == ("guide", ["ios", "web"])
    assert str(article.version_range) == ">=4.0.0,<6.0.0"
    assert [reader.organization for reader in article.readers.all()] == [cast.star]
    assert 'value="STAR"' in page(desk, address)


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("versions_before", "1.0", "The range ends before it begins."),
        ("versions_from", "latest", "Write it like 5.2.1"),
        ("organizations", "ZZZ", "No customer is called ZZZ."),
        ("audience", "plan", "Say which plans may read it."),
        ("audience", "organizations", "Say which customers may read it."),
        ("review_on", "someday", "Enter a valid date."),
    ],
)
def test_details_that_cannot_be_are_refused(desk: Any, field: str, value: str, told: str) -> None:
    factories.article()
    data = DETAILS | {"versions_from": "5.0.0", field: value}
    response = desk.post("/admin/article/token-expired/details/", data)
    assert response.status_code == 422
    assert told in response.content.decode()
    assert Article.objects.get().kind == "faq"


@pytest.mark.parametrize(
    ("fields", "is_told"),
    [
        ({"versions_from": "5.0.0"}, True),
        ({"versions_before": "6.0.0"}, True),
        ({"versions_from": "4.0.0", "versions_before": "6.0.0"}, False),
        ({"versions_from": "4.0.0", "versions_before": "6.0.0", "product": None}, True),
        ({"kind": "guide"}, False),
    ],
)
def test_a_migration_guide_that_is_on_no_upgrade_path_says_so(
    desk: Any, fields: dict[str, Any], is_told: bool
) -> None:
    factories.article(**{"kind": "migration", "product": factories.product()} | fields)
    told = "No upgrade path names this guide"
    assert (told in page(desk, "/admin/article/token-expired/details/")) == is_told


def test_files_are_added_beside_others_and_removed(boss: Any) -> None:
    article = factories.article()
    for name in ("Main.kt", "Log.kt"):
        upload = SimpleUploadedFile(name, b"fun main() {}")
        boss.post(
            "/admin/article/token-expired/files/",
            {"kind": "sample", "folder": "src", "files": upload},
        )
    assert list(article.files.values_list("path", flat=True)) == ["src/Main.kt", "src/Log.kt"]
    first = article.files.all()[0]
    boss.post(f"/admin/article/token-expired/files/{first.pk}/remove/")
    assert list(article.files.values_list("path", flat=True)) == ["src/Log.kt"]


def test_what_readers_copy_takes_a_second_person(desk: Any) -> None:
    """An engineer alone changes no sample code and no picture of a published article."""
    article = factories.article()
    file = factories.sample_file(article, "main.py", "print(1)")
    for name, content in (("main.py", b"print(2)"), ("more.py", b"print(3)")):
        upload = SimpleUploadedFile(name, content)
        response = desk.post(
            "/admin/article/token-expired/files/", {"kind": "sample", "files": upload}
        )
        assert response.status_code == 422
        assert "a manager has to do this" in response.content.decode()
    told = desk.post(f"/admin/article/token-expired/files/{file.pk}/remove/", follow=True)
    assert "a manager has to do this" in told.content.decode()
    assert [(one.path, bytes(one.content)) for one in article.files.all()] == [
        ("main.py", b"print(1)")
    ]


def test_before_it_is_published_its_writer_changes_the_files(desk: Any) -> None:
    article = factories.article()
    Article.objects.update(is_published=False)
    upload = SimpleUploadedFile("main.py", b"print(2)")
    desk.post("/admin/article/token-expired/files/", {"kind": "sample", "files": upload})
    assert article.files.count() == 1


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"files": SimpleUploadedFile("a.svg", b"<svg/>")}, "is no PNG, JPEG, GIF or WebP image"),
        ({"files": SimpleUploadedFile("a.webp", b"RIFF\0\0\0\0WAVE")}, "is no PNG, JPEG, GIF or"),
        ({"files": SimpleUploadedFile("a.png", PNG), "folder": "../x"}, "no path within"),
        ({}, "Choose a file."),
        ({"files": SimpleUploadedFile("a.png", b"x" * 2_100_000)}, "is larger than 2 MB."),
    ],
)
def test_files_that_cannot_be_kept_are_refused(desk: Any, data: dict[str, Any], told: str) -> None:
    article = factories.article()
    response = desk.post("/admin/article/token-expired/files/", {"kind": "image"} | data)
    assert response.status_code == 422
    assert told in response.content.decode()
    assert not article.files.exists()


def test_published_pages_show_new_files_at_once(desk: Any) -> None:
    factories.article(body="![flow](images/a.png)")
    assert "<img" not in english().html
    desk.post(
        "/admin/article/token-expired/files/",
        {"kind": "image", "folder": "images", "files": SimpleUploadedFile("a.png", PNG)},
    )
    assert "<img" in english().html


def test_a_new_article_gets_its_key_from_its_title(cast: SimpleNamespace, desk: Any) -> None:
    data = {"language": "en", "kind": "guide", "product": "im"}
    for _again in range(2):
        saved(desk, "/admin/articles/new/", **data)
    keys = sorted(Article.objects.values_list("key", flat=True))
    assert keys == ["im-offline-push", "im-offline-push-2"]
    assert Article.objects.get(key=keys[0]).owner == cast.engineer


def test_a_new_article_is_wholly_kept_or_not_at_all(desk: Any) -> None:
    response = saved(desk, "/admin/articles/new/", language="en", kind="guide", body=" ")
    assert response.status_code == 422
    assert "Write something first." in response.content.decode()
    assert not Article.objects.exists()


def test_a_taken_key_is_refused(desk: Any) -> None:
    factories.article()
    response = saved(desk, "/admin/articles/new/", language="en", kind="guide", key="token-expired")
    assert response.status_code == 422
    assert "already exists" in response.content.decode()


def test_an_article_from_a_ticket_shows_it_masked_and_stays_linked(
    cast: SimpleNamespace, desk: Any
) -> None:
    ticket = factories.ticket(
        cast.developer,
        subject=f"Silence at {cast.star.name}",
        body="Call 13812345678, I am dev@starcast.example.",
        product=cast.product,
        platform="ios",
        sdk_version="5.2",
    )
    staff = Viewer.of(cast.engineer)
    lifecycle.add_note(ticket=ticket, by=staff, body="They never pay.", now=NOON)
    lifecycle.reply(ticket=ticket, by=staff, body=f"Hello {cast.developer.name}", now=NOON)
    lifecycle.resolve(ticket=ticket, by=staff, now=NOON)
    address = f"/admin/ticket/{ticket.reference}/article/"
    assert address in page(desk, f"/admin/ticket/{ticket.reference}/")
    text = page(desk, address)
    assert "Silence at [customer]" in text
    assert "Call [phone], I am [e-mail]." in text
    assert "Hello [name]" in text
    assert "They never pay." not in text
    assert cast.star.name not in text.split('class="article-columns"')[1]
    assert 'value="5.2.0"' in text
    saved(desk, address, language="en", kind="troubleshooting", product="im", platform="ios")
    link = TicketArticle.objects.get()
    assert (link.ticket, link.article.key) == (ticket, "im-offline-push")
    assert "Call [phone]" in page(desk, "/admin/article/im-offline-push/en/")


def test_names_of_engineers_are_masked_in_both_scripts(cast: SimpleNamespace, desk: Any) -> None:
    ticket = factories.ticket(cast.developer, body="黑屏")
    staff = Viewer.of(cast.engineer)
    named = f"我是值班工程师王芳，{cast.engineer.name}。{cast.lead.name} knows, too."
    for body in (named, "由王芳翻译。"):
        lifecycle.reply(ticket=ticket, by=staff, body=body, now=NOON)
    text = page(desk, f"/admin/ticket/{ticket.reference}/article/")
    shown = text.split('class="masked"')[1].split("</ol>")[0]
    assert "我是值班工程师[name]，[name]。[name] knows, too." in shown
    assert "由[name]翻译。" in shown


def test_an_article_knows_its_tickets_and_whom_it_answered(
    cast: SimpleNamespace, desk: Any
) -> None:
    article = factories.article()
    address = f"/admin/article/{article.key}/details/"
    with CaptureQueriesContext(connection) as before:
        assert "No ticket names it." in page(desk, address)
    for number in range(12):
        ticket = factories.ticket(cast.developer, subject=f"Silence {number}.")
        ticket_articles.link(
            ticket=ticket,
            article=article,
            by=Viewer.of(cast.engineer),
            now=NOON + dt.timedelta(minutes=number),
        )
    for hours in (1, 30):  # one followed by a ticket of the same person, and one that was not
        Deflection.objects.create(
            organization=cast.star,
            user=cast.developer if hours == 1 else cast.owner,
            article=article,
            at=timezone.now() - dt.timedelta(hours=hours),
        )
    with CaptureQueriesContext(connection) as after:
        text = page(desk, address)
    assert len(after) <= len(before)
    assert "12 tickets name it" in text
    assert "It answered 1 person who was about to open a ticket" in text
    assert text.index("Silence 11.") < text.index("Silence 2.")
    assert "Silence 1." not in text
    assert f"/admin/ticket/{ticket.reference}/" in text


def test_publishing_what_is_published_changes_nothing(boss: Any) -> None:
    factories.article()
    text = english()
    publishing.publish(translation=text, by=SYSTEM, now=NOON)
    boss.post("/admin/article/token-expired/en/publish/")
    assert english().published_at == text.published_at


@pytest.mark.parametrize(("kind", "started"), [("sample", "sample"), ("guide", "image")])
def test_the_form_of_files_starts_on_the_kind_that_fits(desk: Any, kind: str, started: str) -> None:
    factories.article(kind=kind)
    text = page(desk, "/admin/article/token-expired/files/")
    chosen = next(line for line in text.split("<input") if "checked" in line.split(">")[0])
    assert f'value="{started}"' in chosen


def test_only_what_everybody_may_read_leads_to_the_readers_page(desk: Any) -> None:
    """Staff read as visitors do there: a page for some readers would not be found."""
    factories.article()
    factories.article("for-some", audience="customers")
    address = "/docs/en/a/{}/"
    assert address.format("token-expired") in page(desk, "/admin/article/token-expired/en/")
    assert address.format("for-some") not in page(desk, "/admin/article/for-some/en/")


def test_an_archived_text_says_that_nobody_reads_it(desk: Any) -> None:
    factories.article()
    publishing.archive(translation=english(), by=SYSTEM, now=NOON)
    assert "readers do not see it any more" in page(desk, "/admin/article/token-expired/en/")


def test_the_history_stands_under_the_tab_of_its_language(desk: Any) -> None:
    factories.text(factories.article())
    text = page(desk, "/admin/article/token-expired/zh/history/")
    assert 'href="/admin/article/token-expired/zh/" aria-current="true"' in text
    assert 'href="/admin/article/token-expired/en/" aria-current' not in text


def test_categories_are_named_with_what_they_are_part_of(desk: Any) -> None:
    above = Category.objects.create(key="push", name_en="Push", name_zh="推送", position=2)
    Category.objects.create(key="vendors", name_en="Vendors", name_zh="厂商", parent=above)
    Category.objects.create(key="zero", name_en="First", name_zh="第一", position=1)
    factories.article()
    text = page(desk, "/admin/article/token-expired/details/")
    places = [text.index(label) for label in ("> First<", "> Push<", "> Push › Vendors<")]
    assert places == sorted(places)
