"""Tables of the knowledge app, one aggregate a file."""

from knowledge.models.product import Product

__all__ = ["Product"]
