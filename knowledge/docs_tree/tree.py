"""What was read of a folder or a file, before anything of it is in the database."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from knowledge.docs_tree.page import Page, Problem


@dataclass(slots=True)
class Tree:
    """`samples` and `pictures` are the files of each article, by path; `has_files` is false where
    none can be, and articles keep theirs.

    `catalogues` are the rows of categories*.yaml, releases*.yaml and error_codes*.yaml.
    """

    pages: list[Page] = field(default_factory=list)
    samples: dict[str, dict[str, bytes]] = field(default_factory=dict)
    pictures: dict[str, dict[str, bytes]] = field(default_factory=dict)
    has_files: bool = True
    catalogues: dict[str, list[tuple[str, Any]]] = field(default_factory=dict)
    skipped: list[Problem] = field(default_factory=list)
    broken: list[Problem] = field(default_factory=list)
