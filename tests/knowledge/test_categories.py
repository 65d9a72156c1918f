"""Categories stay a tree, and not a deep one, whoever moves them and when."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest
import yaml
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.tenancy import DatabaseRole, acting_as
from accounts.viewer import SYSTEM
from knowledge import catalogue
from knowledge.models import Category
from portal.database import DatabaseUrls
from tests import factories
from tests.factories import NOON


def move(key: str, parent: Category | None, now: dt.datetime = NOON) -> None:
    catalogue.set_category(key=key, parent=parent, by=SYSTEM, now=now)


def chain(*keys: str) -> list[Category]:
    made: list[Category] = []
    for key in keys:
        made.append(factories.category(key, parent=made[-1] if made else None))
    return made


@pytest.mark.django_db
def test_a_category_is_no_part_of_its_own_parts() -> None:
    first, _second, third = chain("a", "b", "c")
    for parent in (first, third):
        with pytest.raises(ValidationError, match="part of itself"):
            move("a", parent)


@pytest.mark.django_db
def test_a_category_moves_with_its_parts_no_deeper_than_four_levels() -> None:
    chain("a", "b", "c")
    first, second, _third = chain("x", "y", "z")
    with pytest.raises(ValidationError, match="At most 4 levels"):
        move("a", second)
    move("a", first)
    assert Category.objects.get(key="a").parent == first


def test_two_moves_at_once_make_no_circle(committed_database: DatabaseUrls) -> None:
    with acting_as(DatabaseRole.ENGINE):
        (one,), (two,) = chain("one"), chain("two")
    with ThreadPoolExecutor(1) as thread:
        with acting_as(DatabaseRole.ENGINE) as now:
            move("one", two, now)
            other = thread.submit(_move_in_a_transaction_of_its_own, "two", one)
            _wait_until_it_waits(other)
        with pytest.raises(ValidationError, match="part of itself"):
            other.result()
    with acting_as(DatabaseRole.ENGINE):
        assert Category.objects.get(key="two").parent is None


def _move_in_a_transaction_of_its_own(key: str, parent: Category) -> None:
    try:
        with acting_as(DatabaseRole.ENGINE) as now:
            move(key, parent, now)
    finally:
        connection.close()


def _wait_until_it_waits(other: Future[None]) -> None:
    """Until it waits for a lock, or is done."""
    while not other.done():
        with connection.cursor() as cursor:
            cursor.execute("select exists (select from pg_locks where not granted)")
            if cursor.fetchone()[0]:
                return
        Event().wait(0.01)


@pytest.mark.django_db
def test_an_export_ends_in_spite_of_a_circle(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, _second, third = chain("a", "b", "c")
    factories.category("d")
    Category.objects.filter(pk=first.pk).update(parent=third)
    with pytest.raises(CommandError, match="3 not written as they are"):
        call_command("export_articles", str(tmp_path))
    assert "categories.yaml: “a” is part of itself, by way of others" in capsys.readouterr().out
    rows = yaml.safe_load((tmp_path / "categories.yaml").read_text(encoding="utf-8"))
    assert [(row["key"], row.get("parent")) for row in rows] == [
        ("d", None), ("a", None), ("b", None), ("c", None),
    ]  # fmt: skip
