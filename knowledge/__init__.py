"""What we know: products and platforms; later releases, error codes, articles, search.

May import accounts. Nothing about a single case belongs here.
"""
