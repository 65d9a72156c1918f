"""Articles written as files and read again: nothing is lost, and nothing changes by it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from accounts.models import Event
from accounts.viewer import SYSTEM
from knowledge import file_changes, writing
from knowledge.languages import Language
from knowledge.models import Article, ArticleFile, FileKind, Revision, Translation
from tests import factories
from tests.factories import NOON

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n"
Run = Callable[..., str]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command on a folder or file; what it printed."""

    def command(name: str, path: Path) -> str:
        capsys.readouterr()
        call_command(name, str(path), *(["--quiet"] if name == "import_articles" else []))
        return capsys.readouterr().out

    return command


def files(article: Article, kind: FileKind, named: Mapping[str, bytes]) -> None:
    file_changes.add_files(article=article, kind=kind, files=named, by=SYSTEM, now=NOON)


def draft(article: Article, body: str, language: Language = Language.EN) -> None:
    text = article.translations.get(language=language)
    writing.save_revision(
        article=article, language=language, by=SYSTEM, now=NOON, title=text.title, body=body
    )


def kept_files() -> dict[tuple[str, str, str], bytes]:
    return {(row.article.key, row.kind, row.path): row.content for row in ArticleFile.objects.all()}


def written(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_images_of_one_name_in_two_articles_stay_two(run: Run, tmp_path: Path) -> None:
    for key, content in (("one", PNG + b"1"), ("two", PNG + b"2")):
        article = factories.article(key, body="![shot](images/shot.png)\n")
        files(article, FileKind.IMAGE, {"images/shot.png": content})
    before = kept_files()
    run("export_articles", tmp_path)
    page = (tmp_path / "en/general/one.md").read_text()
    assert "![shot](../../pictures/one/images/shot.png)" in page
    assert "0 changed. Texts: 0 saved, 2 unchanged." in run("import_articles", tmp_path)
    assert kept_files() == before


def test_an_image_cannot_take_the_place_of_a_page(run: Run, tmp_path: Path) -> None:
    article = factories.article("plan", body="The plan.\n")
    files(article, FileKind.IMAGE, {"en/general/plan.md": PNG})
    before = kept_files()
    run("export_articles", tmp_path)
    assert "The plan." in (tmp_path / "en/general/plan.md").read_text()
    assert "Texts: 0 saved, 1 unchanged." in run("import_articles", tmp_path)
    assert kept_files() == before


def test_what_cannot_be_written_is_named_and_the_rest_is_written(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    elsewhere.mkdir()
    (folder / "samples").mkdir(parents=True)
    (folder / "samples/leads-out").symlink_to(elsewhere)
    for key in ("leads-out", "stays"):
        files(factories.article(key), FileKind.SAMPLE, {"a": b"file", "a/b": b"below a file"})
    with pytest.raises(CommandError, match="3 not written"):
        run("export_articles", folder)
    said = capsys.readouterr().out
    assert "samples/leads-out/a: It would lie outside the folder." in said
    assert "samples/stays/a/b: " in said
    assert not written(elsewhere)
    assert (folder / "samples/stays/a").read_bytes() == b"file"


def test_a_newer_draft_stands_beside_what_is_published(run: Run, tmp_path: Path) -> None:
    factories.product("im")
    with transaction.atomic():
        article = factories.article("send", body="Published.\n", product=factories.product("im"))
        factories.text(article, body="已发布。\n")
        draft(article, "Not yet.\n")
        assert "3 pages" in run("export_articles", tmp_path)
        assert "Texts: 0 saved, 3 unchanged." in run("import_articles", tmp_path)
        transaction.set_rollback(True)
    assert "Texts: 3 saved" in run("import_articles", tmp_path)
    text = Translation.objects.get(language="en")
    assert (text.body, text.published_revision, text.latest_revision) == ("Published.\n", 1, 2)
    assert text.revisions.get(number=2).body == "Not yet.\n"
    assert not Translation.objects.get(language="zh").is_behind
    assert "Texts: 0 saved, 3 unchanged." in run("import_articles", tmp_path)


def test_a_draft_is_kept_when_the_published_page_comes_in_changed(run: Run, tmp_path: Path) -> None:
    draft(factories.article("send", body="Published.\n"), "Not yet.\n")
    run("export_articles", tmp_path)
    page = tmp_path / "en/general/send.md"
    page.write_text(page.read_text().replace("Published.", "Better."))
    run("import_articles", tmp_path)
    text = Translation.objects.get()
    assert text.body == "Better.\n"
    assert text.revisions.get(number=text.latest_revision).body == "Not yet.\n"
    assert "Texts: 0 saved, 2 unchanged." in run("import_articles", tmp_path)


def test_a_draft_that_says_what_is_published_is_not_written(run: Run, tmp_path: Path) -> None:
    article = factories.article("send", body="[send](article:send)\n")
    draft(article, "Something else.")
    draft(article, "[send](article:send)\n")
    assert "1 pages" in run("export_articles", tmp_path)
    assert "Texts: 0 saved, 1 unchanged." in run("import_articles", tmp_path)


@pytest.mark.parametrize("behind", list(Language))
def test_the_language_that_is_behind_stays_behind(
    run: Run, tmp_path: Path, behind: Language
) -> None:
    with transaction.atomic():
        article = factories.article("send")
        for language in (behind.other, behind):
            writing.save_revision(
                article=article, language=language, by=SYSTEM, now=NOON,
                title="T", body="B\n", is_behind=language == behind,
            )  # fmt: skip
        run("export_articles", tmp_path)
        transaction.set_rollback(True)
    run("import_articles", tmp_path)
    assert {row.language for row in Translation.objects.all() if row.is_behind} == {behind}


def test_what_leads_nowhere_stays_as_it_is(run: Run, tmp_path: Path) -> None:
    body = "![no](../images/no.png) [no](../no.md#x) ![no](./no.png) [no](article:none)\n"
    factories.article("dead", body=body)
    for _round in range(2):
        run("export_articles", tmp_path)
        assert body in (tmp_path / "en/general/dead.md").read_text()
        assert "Texts: 0 saved, 1 unchanged." in run("import_articles", tmp_path)
    assert Revision.objects.count() == 1


def test_odd_names_of_files_and_headings_are_found_again(run: Run, tmp_path: Path) -> None:
    body = "![a](images/a%20b%23%281%29.png) [c](article:odd#two%20words) ![d](图.png)\n"
    article = factories.article("odd", body=body)
    files(article, FileKind.IMAGE, {"images/a b#(1).png": PNG, "图.png": PNG})
    run("export_articles", tmp_path)
    said = run("import_articles", tmp_path)
    assert "Texts: 0 saved, 1 unchanged." in said
    assert "Leads nowhere" not in said
    assert Translation.objects.get().body == body


def test_hidden_files_of_a_sample_are_files(run: Run, tmp_path: Path) -> None:
    article = factories.article("sample", kind="sample")
    files(article, FileKind.SAMPLE, {".env.example": b"KEY=", "src/.htaccess": b"deny", "a": b"a"})
    before = kept_files()
    run("export_articles", tmp_path)
    run("import_articles", tmp_path)
    assert kept_files() == before


def test_links_to_other_files_are_told(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "samples/x").mkdir(parents=True)
    (tmp_path / "samples/x/hosts").symlink_to("/etc/hosts")
    with pytest.raises(CommandError, match="1 skipped"):
        run("import_articles", tmp_path)
    said = capsys.readouterr().out
    assert "samples/x/hosts: A link to another file is not followed." in said


def test_images_no_text_names_stay(run: Run, tmp_path: Path) -> None:
    article = factories.article("shots", body="No image.\n")
    files(article, FileKind.IMAGE, {"later.png": PNG, "images/.hidden.png": PNG})
    before = kept_files()
    run("export_articles", tmp_path)
    run("import_articles", tmp_path)
    assert kept_files() == before


def test_lines_of_json_leave_files_alone(run: Run, tmp_path: Path) -> None:
    article = factories.article("im-sample-unity", kind="sample")
    files(article, FileKind.SAMPLE, {"main.cs": b"x"})
    files(article, FileKind.IMAGE, {"a.png": PNG})
    before = kept_files()
    lines = tmp_path / "pages.jsonl"
    lines.write_text(
        '{"id":"im-sample-unity","title":"T","lang":"en","text":"hello","kind":"sample"}\n'
    )
    assert "Texts: 1 saved" in run("import_articles", lines)
    assert kept_files() == before


def test_a_text_typed_without_a_last_line_break_is_no_change(run: Run, tmp_path: Path) -> None:
    factories.article("typed", body="\nOne\r\ntwo")
    run("export_articles", tmp_path)
    assert "Texts: 0 saved, 1 unchanged." in run("import_articles", tmp_path)


def _everything() -> None:
    im = factories.product("im")
    tokens = factories.category("tokens")
    old = factories.category("old", parent=tokens)
    for key in ("one", "two"):
        article = factories.article(
            key,
            body="![shot](images/shot.png) ![no](../no.png) [send](article:send#how)",
            product=im,
        )
        article.categories.add(tokens, old)
        files(article, FileKind.IMAGE, {"images/shot.png": PNG + key.encode(), "unnamed.png": PNG})
    factories.text(Article.objects.get(key="two"), body="见[发送](article:send)\r\n与[无](no.md)。")
    draft(Article.objects.get(key="two"), "Newer ![shot](images/shot.png)")
    draft(Article.objects.get(key="two"), "更新", Language.ZH)
    factories.article("never", is_published=False, body="## A\n\n[one](article:one)\n")
    sample = factories.article("send", kind="sample", body="## How\n\n{{file: a.py}}", product=im)
    sample_files = {"a.py": b"print()", ".env.example": b"KEY=", "src/.htaccess": b"deny\n"}
    files(sample, FileKind.SAMPLE, sample_files)
    writing.save_revision(
        article=sample, language=Language.ZH, by=SYSTEM, now=NOON, title="发送", body="新",
        is_aligned=True,
    )  # fmt: skip
    factories.error_code(1101, "ERR_TOKEN", article=Article.objects.get(key="one"))
    factories.release("5.0.0", ("fix", "Fixed"), ("breaking", "Gone"))


def test_into_an_empty_database_and_out_again_byte_for_byte(run: Run, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    factories.product("im")
    with transaction.atomic():
        _everything()
        before = kept_files()
        run("export_articles", first)
        run("import_articles", first)
        assert "Texts: 0 saved" in run("import_articles", first)
        transaction.set_rollback(True)
    assert not Article.objects.exists()
    run("import_articles", first)
    assert kept_files() == before
    run("export_articles", second)
    assert written(second) == written(first)
    events = Event.objects.count()
    assert "Articles: 0 new, 0 changed. Texts: 0 saved, " in run("import_articles", second)
    assert Event.objects.count() == events


def test_a_path_that_is_an_image_and_a_sample_is_told(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files(factories.article("one", body="One.\n"), FileKind.SAMPLE, {"a": b"x"})
    files(factories.article("two", body="Two.\n"), FileKind.IMAGE, {"a": PNG})
    before = kept_files()
    run("export_articles", tmp_path)
    (tmp_path / "pictures/one").mkdir()
    (tmp_path / "pictures/one/a").write_bytes(PNG)
    with pytest.raises(CommandError, match="1 skipped"):
        run("import_articles", tmp_path)
    assert "en/general/one.md: “a” is an image and sample code" in capsys.readouterr().out
    assert kept_files() == before
    (tmp_path / "samples/one/a").unlink()
    run("import_articles", tmp_path)
    assert kept_files() == {("one", "image", "a"): PNG, ("two", "image", "a"): PNG}
