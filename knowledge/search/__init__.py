"""Search in the knowledge base: what is found, in which order, and how the index is made.

In PostgreSQL alone. `find` answers questions; texts enter in `index`, what is learnt over all of
them in `learning`. Words, weights, passages, fingerprints, snippets, ranking and the meaning of
words (`latent`) are pure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from knowledge.search.finding import Found, Hit, find

__all__ = ["Found", "Hit", "find"]


def __getattr__(name: str) -> Any:
    """What the models may not load while they are themselves being loaded."""
    if name in __all__:
        from knowledge.search import finding

        return getattr(finding, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
