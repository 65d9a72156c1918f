"""Every text of the sources is in the Chinese catalogue, whole, and nothing else is there."""

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
SOURCES = ("accounts", "knowledge", "tickets", "portal", "templates")
REFRESH = "run `make messages`, translate what is new, commit the .po"

PLACEHOLDER = re.compile(r"</?\w+[^>]*>|%\(\w+\)[sd]|\{\w+\}")
# A half-width mark beside a Chinese character, or straight quotation marks.
WESTERN = re.compile(r"[㐀-鿿][,;:!?()]|[,;:!?()][㐀-鿿]|[\"']")

Key = tuple[str | None, str]


def read(file: Path) -> Catalog:
    with file.open("rb") as text:
        return read_po(text, locale="zh_Hans")


def texts(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def key(message: Message) -> Key:
    one = message.id if isinstance(message.id, str) else message.id[0]
    return message.context, one


def translation(message: Message) -> str:
    return message.string if isinstance(message.string, str) else message.string[0]


def original(message: Message) -> str:
    """The form the one Chinese form stands for: the plural where there is one."""
    return message.id if isinstance(message.id, str) else message.id[1]


def test_every_text_has_a_sure_translation() -> None:
    open_ones = [key(m) for m in texts(read(CATALOGUE)) if m.fuzzy or not translation(m)]
    assert open_ones == [], REFRESH


def test_translations_keep_every_placeholder() -> None:
    lost = [
        (original(message), translation(message))
        for message in texts(read(CATALOGUE))
        if sorted(set(PLACEHOLDER.findall(original(message))))
        != sorted(set(PLACEHOLDER.findall(translation(message))))
    ]
    assert lost == []


def test_chinese_has_chinese_punctuation() -> None:
    western = [
        translation(message)
        for message in texts(read(CATALOGUE))
        if WESTERN.search(PLACEHOLDER.sub("", translation(message)))
    ]
    assert western == []


def test_sources_and_catalogue_hold_the_same_texts(tmp_path: Path) -> None:
    if shutil.which("xgettext") is None:
        pytest.skip("GNU gettext, which finds the texts of the sources, is not installed")
    for name in SOURCES:
        shutil.copytree(ROOT / name, tmp_path / name)
    (tmp_path / "locale").mkdir()
    environment = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    collect = [sys.executable, "-m", "django", "makemessages", "--locale", "zh_Hans"]
    subprocess.run(  # noqa: S603  our own command
        collect, cwd=tmp_path, env=environment, check=True, capture_output=True
    )
    in_sources = {key(m) for m in texts(read(tmp_path / CATALOGUE.relative_to(ROOT)))}
    in_catalogue = {key(m) for m in texts(read(CATALOGUE))}
    assert in_sources - in_catalogue == set(), REFRESH
    assert in_catalogue - in_sources == set(), REFRESH


def test_no_call_is_hidden_from_xgettext() -> None:
    """It does not look inside f-strings, and cannot know a text that is put together."""
    known = {key(message) for message in texts(read(CATALOGUE))}
    hidden = [
        f"{file.relative_to(ROOT)}:{call.lineno}"
        for name in SOURCES
        for file in sorted((ROOT / name).rglob("*.py"))
        for call, text in calls(file)
        if text not in known
    ]
    assert hidden == [], "take the call out of the f-string, give it a literal, or: " + REFRESH


def calls(file: Path) -> Iterator[tuple[ast.Call, Key | None]]:
    """The gettext calls of a file, each with its text if that is written in the call."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        name = node.func.id
        if name != "_" and not re.fullmatch(r"n?p?gettext(_lazy|_noop)?", name):
            continue
        wanted = 2 if "pgettext" in name else 1
        literals = [a.value for a in node.args[:wanted] if isinstance(a, ast.Constant)]
        if len(literals) < wanted:
            yield node, None
        else:
            context, text = [None, *literals][-2:]
            yield node, (None if context is None else str(context), str(text))
