"""Articles from files and back: what comes in, what stays, what is said of the rest."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Event
from knowledge.models import (
    Article,
    ArticleFile,
    Change,
    ErrorCode,
    Revision,
    Translation,
)
from tests import factories

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    factories.product("im")
    files = {
        "categories.yaml": "- {key: tokens, name: {en: Tokens, zh: 令牌}}\n"
        "- {key: old, parent: tokens, name: {en: Old, zh: 旧}}\n",
        "en/im/token.md": "---\nkey: token\ntitle: Token\nkind: faq\nproduct: im\n"
        "categories: [tokens]\n---\nSee [send](send.md#how), ![flow](../../images/flow.png).\n",
        "zh/im/token.md": "---\nkey: token\ntitle: 令牌\nkind: faq\nproduct: im\n"
        "categories: [tokens]\n---\n见[发送](send.md)。\n",
        "en/im/send.md": "---\nkey: send\ntitle: Send\nkind: sample\nproduct: im\n"
        "tested_with: 5.3.1\n---\n## How\n\n{{file: src/main.py}}\n",
        "zh/im/send.md": "---\nkey: send\ntitle: 发送\nkind: sample\nproduct: im\n"
        "tested_with: 5.3.1\n---\n## 怎么做\n",
        "samples/send/src/main.py": "print('sent')\n",
        "error_codes.yaml": "- {product: im, number: 2003, name: ERR_TOKEN, article: token,"
        " meaning: {en: Expired, zh: 已过期}}\n",
        "releases-im.yaml": "- {product: im, version: 5.0.0, released: 2026-03-01, changes: ["
        "{kind: known_issue, en: Late, zh: 迟, fixed_in: 5.0.1},"
        "{kind: breaking, en: Gone, zh: 去, article: send}]}\n"
        "- {product: im, version: 5.0.1, released: 2026-04-01}\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "images").mkdir()
    (tmp_path / "images/flow.png").write_bytes(PNG)
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], path: Path, *options: str) -> str:
    capsys.readouterr()
    call_command("import_articles", str(path), "--quiet", *options)
    return capsys.readouterr().out


def test_a_tree_comes_in_whole(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = run(capsys, tree)
    assert "Articles: 2 new, 0 changed. Texts: 4 saved, 0 unchanged." in said
    english = Translation.objects.get(article__key="token", language="en")
    assert english.body == "See [send](article:send#how), ![flow](images/flow.png).\n"
    assert english.is_published
    assert english.article.is_published
    assert not english.is_behind
    assert set(ArticleFile.objects.values_list("article__key", "kind", "path")) == {
        ("token", "image", "images/flow.png"),
        ("send", "sample", "src/main.py"),
    }
    assert ErrorCode.objects.get(number=2003).article == english.article
    assert Change.objects.get(kind="known_issue").fixed_in.version == "5.0.1"


def test_a_second_run_changes_nothing(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, tree)
    before = Event.objects.count()
    said = run(capsys, tree)
    assert "Articles: 0 new, 0 changed. Texts: 0 saved, 4 unchanged." in said
    assert "Releases: 0 changed." in said
    assert Event.objects.count() == before


def test_a_change_keeps_its_platforms(
    tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = (
        "- {product: im, version: 4.9.0, released: 2026-01-01, changes: ["
        "{kind: fix, en: Here, zh: 此, platforms: [PLATFORMS]}]}\n"
    )
    file = tree / "releases-old.yaml"
    file.write_text(rows.replace("PLATFORMS", "web, ios"))
    run(capsys, tree)
    line = Change.objects.get(text_en="Here")
    assert line.platforms == ["ios", "web"]
    file.write_text(rows.replace("PLATFORMS", "web"))
    assert "Releases: 1 changed" in run(capsys, tree)
    assert Change.objects.get(pk=line.pk).platforms == ["web"]
    for wrong in ("fax", "unity", "{a: b}"):
        file.write_text(rows.replace("PLATFORMS", wrong))
        with pytest.raises(CommandError, match="1 skipped"):
            run(capsys, tree)
    call_command("export_articles", str(tmp_path / "out"))
    assert "platforms:" in (tmp_path / "out/releases.yaml").read_text()


def test_a_line_that_stands_twice_stays_two(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tree / "releases-twice.yaml").write_text(
        "- {product: im, version: 4.9.0, released: 2026-01-01, changes: ["
        "{kind: fix, en: Same, zh: 同}, {kind: fix, en: Same, zh: 同}]}\n"
    )
    run(capsys, tree)
    for _again in range(2):
        assert "Releases: 0 changed" in run(capsys, tree)
    assert Change.objects.filter(text_en="Same").count() == 2


def test_only_what_changed_is_saved(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, tree)
    page = tree / "en/im/send.md"
    page.write_text(page.read_text().replace("## How", "## How to"))
    assert "Texts: 1 saved, 3 unchanged." in run(capsys, tree)
    chinese = Translation.objects.get(article__key="send", language="zh")
    assert chinese.is_behind
    page = tree / "zh/im/send.md"
    page.write_text(page.read_text() + "更多。\n")
    run(capsys, tree)
    chinese.refresh_from_db()
    assert not chinese.is_behind


def test_what_cannot_be_read_is_named_and_the_rest_comes_in(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tree / "en/broken.md").write_text("---\ntitle: [\n---\n")
    (tree / "en/latin.md").write_bytes(b"# caf\xe9\n")
    (tree / "en/elsewhere.md").write_text("# Lost\n\n[gone](gone.md) ![x](../../../etc/passwd)\n")
    (tree / "en/foreign.md").write_text("---\ntitle: F\nproduct: fax\n---\ntext\n")
    (tree / "images/flow.png").write_bytes(b"<svg onload=alert(1)>")
    with pytest.raises(CommandError, match="5 skipped"):
        run(capsys, tree)
    said = capsys.readouterr().out
    assert "en/broken.md: Broken YAML" in said
    assert "en/latin.md: The file is not UTF-8." in said
    assert "en/foreign.md: There is no product “fax”." in said
    assert "is no PNG, JPEG, GIF or WebP image" in said
    assert "en/elsewhere.md: leads nowhere: gone.md" in said
    assert "leads nowhere: ../../../etc/passwd" in said
    assert set(Article.objects.values_list("key", flat=True)) == {"send", "elsewhere"}


def test_one_odd_file_does_not_end_the_import(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tree / "en/folder.md").mkdir()
    (tree / "en/long.md").write_text(f"# Long\n\n![x]({'x' * 300}.png) ![y](a%00b.png)\n")
    (tree / "en/half.md").write_text('---\ntitle: "A\\ud800"\n---\ntext\n')
    (tree / "en/nul.md").write_text('---\ntitle: A\nowner: "a\\0@b.example"\n---\ntext\n')
    (tree / "elsewhere").symlink_to("/etc")
    (tree / "en/out.md").write_text("# Out\n\n![x](../elsewhere/hostname)\n")
    (tree / "releases-odd.yaml").write_text(
        "- {product: im, version: 5.0.2, released: 2026-05-01, changes: [late]}\n"
        "- {product: im, version: 5.0.3, released: 2026-05-01, note: late}\n"
        "- {product: im, version: 5.0.4, released: soon}\n"
    )
    (tree / "error_codes-odd.yaml").write_text(
        "- {product: im, number: 99999999999999999999, meaning: {en: x}}\n"
        '- {product: im, name: A_B, article: "\\0", meaning: {en: x}}\n'
    )
    with pytest.raises(CommandError, match="7 skipped"):
        run(capsys, tree)
    said = capsys.readouterr().out
    for name in ("en/half.md", "en/nul.md", "error_codes-odd.yaml #2"):
        assert f"{name}: It contains characters that are no text." in said
    assert "en/out.md: leads nowhere: ../elsewhere/hostname" in said
    kept = set(Article.objects.values_list("key", flat=True))
    assert kept == {"token", "send", "long", "out"}


def test_a_line_of_json_can_spell_what_is_no_text(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = tmp_path / "pages.jsonl"
    lines.write_text(
        '{"id": "a\\ud800", "title": "A", "lang": "en", "text": "x"}\n'
        '{"id": "b", "title": "A", "lang": "en", "text": "x\\udfff"}\n'
        '{"id": "c", "title": "A", "lang": "en", "text": "x"}\n'
    )
    with pytest.raises(CommandError, match="2 skipped"):
        run(capsys, lines)
    assert Article.objects.get().key == "c"


def test_a_dry_run_takes_everything_back(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "2 new" in run(capsys, tree, "--dry-run")
    assert not Article.objects.exists()


def test_drafts_stay_drafts(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tree / "en/new.md").write_text("---\ntitle: New\nstate: draft\n---\ntext\n")
    run(capsys, tree)
    assert not Article.objects.get(key="new").is_published


def test_exported_and_imported_it_is_the_same(
    tree: Path, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, tree)
    folder = tmp_path_factory.mktemp("exported")
    call_command("export_articles", str(folder))
    assert "[send](send.md#how), ![flow](../../pictures/token/images/flow.png)" in (
        folder / "en/im/token.md"
    ).read_text(encoding="utf-8")
    said = run(capsys, folder)
    assert "Articles: 0 new, 0 changed. Texts: 0 saved, 4 unchanged." in said
    assert "Error codes: 0 changed. Releases: 0 changed." in said


def test_lines_of_json_and_their_pairs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        {"id": "docs/en/a.md", "lang": "en", "kind": "guide", "title": "A", "text": "One.",
         "pair": "docs/zh/a.md", "source": "x"},
        {"id": "docs/zh/a.md", "lang": "zh", "kind": "guide", "title": "甲", "text": "一。",
         "pair": "docs/en/a.md", "source": "x"},
        {"id": "docs/en/a.md#0", "lang": "en", "kind": "faq", "title": "Q", "text": "Yes."},
    ]  # fmt: skip
    path = tmp_path / "pages.jsonl"
    path.write_text("\n".join([*map(json.dumps, rows), "not json", "[]", ""]))
    with pytest.raises(CommandError, match="2 skipped"):
        run(capsys, path)
    assert "pages.jsonl:4: The line is not JSON." in capsys.readouterr().out
    assert Article.objects.count() == 2
    assert Article.objects.filter(translations__language="zh").get().translations.count() == 2
    assert Revision.objects.count() == 3


def test_nothing_there_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Cannot read"):
        call_command("import_articles", str(tmp_path / "nothing"))
