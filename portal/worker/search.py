"""Late work for the search in the knowledge base: new texts into its index, and learning."""

from __future__ import annotations

import subprocess
import sys
from typing import Final

from django.conf import settings

from accounts.tenancy import DatabaseRole, acting_as
from knowledge.search import embeddings, index, learning

MOST: Final = 300  # texts of one run; the rest a minute later

_learners: Final[list[subprocess.Popen[bytes]]] = []


def catch_up() -> dict[str, int]:
    """Texts that were published, changed or taken away since; learn where that was much."""
    waiting = index.outdated()[:MOST]
    index.reindex(waiting)
    placed = embeddings.catch_up()
    with acting_as(DatabaseRole.ENGINE) as now:
        pass
    started = learning.is_due(now) and learn()
    return {"indexed": len(waiting), "placed": placed, "learning": int(started)}


def learn() -> bool:
    """Start learning in a process of its own; False while the last one still learns.

    It may take longer than a job is given, and the memory it took goes back with its end. The
    keeper ends it with the cluster, and it bears that: all it writes is one transaction.
    """
    _learners[:] = [learner for learner in _learners if learner.poll() is None]
    if _learners:
        return False
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "reindex_knowledge"]
    _learners.append(
        subprocess.Popen(  # noqa: S603  our own command
            [*command, "--learn-only", "--quiet"], cwd=settings.BASE_DIR
        )
    )
    return True
