"""What we know: products, releases, error codes, articles, search, upgrade paths.

May import accounts. Nothing about a single case belongs here.
"""
