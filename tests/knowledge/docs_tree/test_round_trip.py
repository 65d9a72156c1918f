"""Articles written as files and read again: nothing is lost, and nothing changes by it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.viewer import SYSTEM
from knowledge import file_changes, writing
from knowledge.languages import Language
from knowledge.models import Article, ArticleFile, FileKind
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
