"""Take the demo's knowledge base in, as `manage.py import_articles` would."""

from __future__ import annotations

from pathlib import Path

from accounts.models import User
from accounts.viewer import SYSTEM
from knowledge.docs_tree import reading
from knowledge.docs_tree.importing import import_tree

FOLDER = Path(__file__).resolve().parent / "knowledge"


def load_knowledge(staff: dict[str, User]) -> int:
    """Articles, samples, releases and error codes; owners by their key. Returns the articles."""
    report, _rows = import_tree(reading.read(FOLDER), by=SYSTEM, find_person=staff.get)
    if report.skipped or report.broken:
        raise ValueError("; ".join(map(str, [*report.skipped, *report.broken])))
    return report.created
