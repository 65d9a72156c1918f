"""Take a whole tree in, in small transactions: what has come in stays in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import transaction

from accounts.tenancy import DatabaseRole, acting_as
from accounts.viewer import Viewer
from knowledge.docs_tree.catalogues import Catalogues
from knowledge.docs_tree.loading import FindPerson, Loader, Report, by_email
from knowledge.docs_tree.tree import Tree

AT_ONCE = 50  # articles in one transaction


def import_tree(
    tree: Tree,
    *,
    by: Viewer,
    find_person: FindPerson = by_email,
    progress: Callable[[int], object] = lambda pages: None,
    is_dry_run: bool = False,
) -> tuple[Report, dict[str, int]]:
    """What became of the pages, and how many rows of each catalogue were changed.

    `progress` hears of pages done, twice for each: the article, and its text. A dry run does
    the same in one transaction and takes it all back.
    """
    with _taken_back(is_dry_run):
        with acting_as(DatabaseRole.ENGINE) as now:
            loader = Loader(tree, by=by, now=now, find_person=find_person)
            rows = Catalogues(by=by, now=now, report=loader.report)
            rows.load_categories(tree.catalogues.get("categories", []))
            loader.know_categories()
        for load in (loader.load_articles, loader.load_texts):
            for keys in _chunks(list(loader.pages)):
                with acting_as(DatabaseRole.ENGINE):
                    pages = sum(len(loader.pages[key]) for key in keys)
                    load(keys)
                progress(pages)
        with acting_as(DatabaseRole.ENGINE):
            rows.load_error_codes(tree.catalogues.get("error_codes", []))
            rows.load_releases(tree.catalogues.get("releases", []))
    return loader.report, rows.counts


def _chunks(keys: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(keys), AT_ONCE):
        yield keys[start : start + AT_ONCE]


@contextmanager
def _taken_back(is_dry_run: bool) -> Iterator[None]:
    if not is_dry_run:
        yield
        return
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
