"""Pages of the workspace for those who write articles: list, editor, history, gaps."""
