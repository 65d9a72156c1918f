"""Imports run one way: accounts ← knowledge ← tickets ← portal, inside functions too."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = ["accounts", "knowledge", "tickets", "portal"]
# Rule 8: arithmetic is pure.
PURE = [
    *sorted((ROOT / "tickets" / "sla").glob("*.py")),
    *sorted((ROOT / "tickets" / "intake" / "mail").glob("*.py")),
    *(ROOT / "tickets" / "oncall" / name for name in ("rotation.py", "schedule.py", "ladder.py")),
    *(
        ROOT / "tickets" / "oncall" / name
        for name in (
            "duty_hours.py",
            "qualification.py",
            "hour_grid.py",
            "coverage.py",
            "loads.py",
            "peaks.py",
            "coverage_news.py",
        )
    ),
]


def imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize("app", APPS)
def test_no_app_imports_one_to_its_right(app: str) -> None:
    forbidden = set(APPS[APPS.index(app) + 1 :]) | {"tests", "bench"}
    wrong = [
        f"{file.relative_to(ROOT)} imports {name}"
        for file in sorted((ROOT / app).rglob("*.py"))
        for name in imports(file)
        if name.split(".")[0] in forbidden
    ]
    assert wrong == []


@pytest.mark.parametrize("file", PURE, ids=lambda file: file.name)
def test_arithmetic_touches_neither_database_nor_clock(file: Path) -> None:
    assert [name for name in imports(file) if name.split(".")[0] == "django"] == []
    source = file.read_text(encoding="utf-8")
    assert ".now(" not in source
    assert ".utcnow(" not in source


@pytest.mark.parametrize("name", ["services", "utils", "helpers"])
def test_modules_are_named_for_what_they_do(name: str) -> None:
    assert [str(path) for app in APPS for path in (ROOT / app).rglob(f"{name}*")] == []


def test_every_app_has_a_charter() -> None:
    for app in APPS:
        tree = ast.parse((ROOT / app / "__init__.py").read_text(encoding="utf-8"))
        assert "import" in (ast.get_docstring(tree) or ""), app


def test_no_signals_between_our_apps_and_no_save_overrides() -> None:
    for app in APPS:
        for file in (ROOT / app).rglob("*.py"):
            source = file.read_text(encoding="utf-8")
            assert "@receiver" not in source, file
            assert "on_commit" not in source, file
            if "models" in file.parts:
                assert "def save(" not in source, file
