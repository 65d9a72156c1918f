"""Pages for plain editing of what is in lists: products, releases, error codes, categories."""

from knowledge.admin import category, error_code, product, release

__all__ = ["category", "error_code", "product", "release"]
