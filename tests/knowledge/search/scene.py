"""Index what a test wrote, and ask."""

from __future__ import annotations

from typing import Any

from accounts.tenancy import DatabaseRole, acting_as, acting_for
from accounts.viewer import Viewer
from knowledge.search import Found, find
from knowledge.search.index import outdated, reindex
from knowledge.search.learning import learn

VISITOR = Viewer(user=None)


def index_all(*, and_learn: bool = True) -> None:
    reindex(outdated())
    if and_learn:
        learn()


def ask(query: str, *, viewer: Viewer = VISITOR, language: str = "en", **fields: Any) -> Found:
    """As that reader, in the role they have in production; visitors as customers of nobody."""
    if viewer.user is None and not viewer.roles:
        with acting_as(DatabaseRole.CUSTOMER):
            return find(query, language=language, viewer=viewer, **fields)
    with acting_for(viewer):
        return find(query, language=language, viewer=viewer, **fields)


def keys(query: str, **fields: Any) -> list[str]:
    return [hit.key for hit in ask(query, **fields).articles]
