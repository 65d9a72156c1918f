"""The search in the knowledge base."""
