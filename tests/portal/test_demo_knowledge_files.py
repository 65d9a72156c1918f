"""The demo's knowledge base holds together: both languages, links, samples, codes, releases."""

import json
import re
from collections import Counter
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from pygments import lex
from pygments.lexers import get_lexer_by_name, get_lexer_for_filename
from pygments.token import Error
from pygments.util import ClassNotFound

from knowledge import versions
from knowledge.docs_tree import reading
from knowledge.docs_tree.page import Page

DEMO = Path(__file__).resolve().parents[2] / "portal" / "demo"
ROOT = DEMO / "knowledge"
LANGUAGES = ("en", "zh")
FENCE = re.compile(r"^```([^\s`]*)[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# What a page may link to, by audience: a visitor becomes a customer by signing in, no more.
MAY_LINK_TO = {
    "public": {"public", "customers"},
    "customers": {"public", "customers"},
    "plan": {"public", "customers", "plan"},
    "internal": {"public", "customers", "plan", "internal"},
}
Row = dict[str, Any]

TREE = reading.read(ROOT)
PAGES: dict[tuple[str, str], Page] = {(page.key, str(page.language)): page for page in TREE.pages}
KEYS = {page.key for page in TREE.pages}
STAFF = {person["key"] for person in json.loads((DEMO / "people.json").read_text("utf-8"))}
PRODUCTS = {
    product["key"]: {platform["key"] for platform in product["platforms"]}
    for product in json.loads((DEMO / "products.json").read_text("utf-8"))
}
each_page = pytest.mark.parametrize(
    "page", [pytest.param(page, id=page.source) for page in TREE.pages]
)


def rows(name: str) -> list[Row]:
    return [row for _source, row in TREE.catalogues[name]]


def is_bilingual(text: dict[str, str]) -> bool:
    return bool(text["en"] and CHINESE.search(text["zh"]) and not CHINESE.search(text["en"]))


def without_code(body: str) -> str:
    return FENCE.sub("", body)


@cache
def anchors(key: str, language: str) -> set[str]:
    headings = re.findall(r"^#{2,6} (.+)$", without_code(PAGES[key, language].body), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_everything_can_be_read_and_every_link_leads_somewhere() -> None:
    assert [str(problem) for problem in [*TREE.skipped, *TREE.broken]] == []


@pytest.mark.parametrize("key", sorted(KEYS))
def test_an_article_is_there_in_both_languages_and_the_same_in_both(key: str) -> None:
    en, zh = PAGES[key, "en"], PAGES[key, "zh"]
    assert en.shared == zh.shared
    assert en.source.removeprefix("en/") == zh.source.removeprefix("zh/")
    assert not CHINESE.search(en.title + en.summary)
    assert CHINESE.search(zh.title)
    assert CHINESE.search(zh.summary)
    shown = [re.findall(r"^\{\{file: (.+?)\}\}$", page.body, re.MULTILINE) for page in (en, zh)]
    assert shown[0] == shown[1]


@each_page
def test_the_head_of_a_page_names_what_exists(page: Page) -> None:
    shared = page.shared
    assert 10 <= len(page.summary) <= 200, "it stands in results and previews"
    assert len(page.title) <= 100
    assert set(shared.categories) <= {row["key"] for row in rows("categories")}
    assert shared.categories
    assert shared.owner in STAFF
    # Samples are checked against releases instead, and notes of a release do not age.
    assert shared.review or shared.kind in {"sample", "release_notes"}
    assert not shared.product or set(shared.platforms) <= PRODUCTS[shared.product]
    assert (shared.audience == "plan") == bool(shared.plans)
    assert (shared.kind == "sample") == bool(shared.tested_with and shared.checked)


@each_page
def test_headings_start_below_the_title_and_code_names_its_language(page: Page) -> None:
    assert not re.search(r"^# ", without_code(page.body), re.MULTILINE)
    for name, code in FENCE.findall(page.body):
        assert name, f"a block without a language: {code[:40]}"
        try:
            lexer = get_lexer_by_name(name)
        except ClassNotFound:
            pytest.fail(f"nobody knows the language {name}")
        if name not in {"http", "json"}:  # shortened on purpose
            assert [text for kind, text in lex(code, lexer) if kind is Error] == []


@each_page
def test_links_lead_to_what_the_reader_may_read_and_to_headings_that_exist(page: Page) -> None:
    for key, anchor in re.findall(r"\]\(article:([\w-]+)(?:#([^)]*))?\)", page.body):
        linked = PAGES[key, page.language]
        assert linked.shared.audience in MAY_LINK_TO[page.shared.audience], key
        assert not anchor or anchor in anchors(key, page.language)
    for anchor in re.findall(r"\]\(#([^)]*)\)", page.body):
        assert anchor in anchors(page.key, page.language)


def test_every_audience_but_named_organizations_is_there() -> None:
    assert {page.shared.audience for page in TREE.pages} == set(MAY_LINK_TO)


def test_samples_have_files_and_show_only_those() -> None:
    assert {page.key for page in TREE.pages if page.shared.kind == "sample"} == set(TREE.samples)
    for key, files in TREE.samples.items():
        shown = set(re.findall(r"^\{\{file: (.+?)\}\}$", PAGES[key, "en"].body, re.MULTILINE))
        assert shown, key
        assert shown <= set(files), key


@pytest.mark.parametrize(
    ("path", "content"),
    [
        pytest.param(path, content, id=f"{key}/{path}")
        for key, files in TREE.samples.items()
        for path, content in files.items()
    ],
)
def test_sample_code_can_be_read_as_its_language(path: str, content: bytes) -> None:
    code = content.decode("utf-8")
    assert code.endswith("\n")
    if path == "go.mod":
        return
    odd = {text for kind, text in lex(code, get_lexer_for_filename(path)) if kind is Error}
    # Pygments does not know Swift's key paths, \\.name.
    assert odd <= ({"\\"} if path.endswith(".swift") else set())
    if path.endswith(".py"):
        compile(code, path, "exec")
    if path.endswith(".json"):
        json.loads(code)


def test_error_codes_are_told_apart_and_explained_in_both_languages() -> None:
    codes = rows("error_codes")
    for name in ("number", "name"):
        seen = Counter((row["product"], row.get("platform", ""), row.get(name)) for row in codes)
        assert [code for code, times in seen.items() if code[2] and times > 1] == []
    for row in codes:
        assert row.get("platform", "") in {"", *PRODUCTS[row["product"]]}
        assert row.get("article") in {None, *KEYS}
        for text in ("meaning", "cause", "remedy"):
            assert set(row[text]) == set(LANGUAGES), row
            assert is_bilingual(row[text]), row


@pytest.mark.parametrize("number", [1003, 2003, 7001])
def test_the_same_number_means_other_things_in_other_products(number: int) -> None:
    assert len({row["product"] for row in rows("error_codes") if row.get("number") == number}) > 1


def test_releases_follow_each_other_and_say_what_changed_in_both_languages() -> None:
    releases = rows("releases")
    ids = [(row["product"], row.get("platform", ""), row["version"]) for row in releases]
    assert len(set(ids)) == len(ids)
    for row in releases:
        assert row.get("platform", "") in {"", *PRODUCTS[row["product"]]}
        assert not row.get("end_of_support") or row["released"] < row["end_of_support"]
        for change in row["changes"]:
            assert is_bilingual(change), change
            assert change.get("article") in {None, *KEYS}
            assert change["kind"] not in {"breaking", "known_issue"} or change.get("article"), (
                change
            )
            fixed_in = {
                (row["product"], at, change.get("fixed_in")) for at in (row["platform"], "")
            }
            assert not change.get("fixed_in") or fixed_in & set(ids), change
    for product in PRODUCTS:
        assert len(majors(releases, product)) >= 3, product


def test_within_a_version_line_the_days_grow_with_the_version() -> None:
    def line(row: Row) -> tuple[str, str, tuple[int, int]]:
        version = versions.parse(row["version"])
        return row["product"], row.get("platform", ""), (version.major, version.minor)

    for _line, members in groupby(sorted(rows("releases"), key=line), key=line):
        ordered = sorted(members, key=lambda row: versions.parse(row["version"]))
        days = [row["released"] for row in ordered]
        assert days == sorted(days)


def majors(releases: list[Row], product: str) -> set[int]:
    return {versions.parse(row["version"]).major for row in releases if row["product"] == product}
