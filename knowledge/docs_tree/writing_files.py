"""Files written below a folder: each once, and none outside."""

from __future__ import annotations

from pathlib import Path

from knowledge.docs_tree.page import Problem


class Folder:
    """What is there already is written over; `refused` names what could not be written."""

    def __init__(self, root: Path) -> None:
        """Make the folder; raises `OSError` when that is impossible."""
        root.mkdir(parents=True, exist_ok=True)
        self.root, self.refused = root.resolve(), list[Problem]()
        self._written: set[str] = set()

    def write(self, place: str, content: bytes) -> None:
        """`place` is a path below the folder."""
        path = self.root / place
        if place in self._written:
            self.refused.append(Problem(place, "Another file stands there already."))
            return
        if not path.resolve().is_relative_to(self.root):
            self.refused.append(Problem(place, "It would lie outside the folder."))
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            self._written.add(place)
        except OSError as error:
            self.refused.append(Problem(place, f"It cannot be written: {error.strerror}."))
