"""Template tags of the knowledge app."""
