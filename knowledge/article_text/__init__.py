"""The text of an article: from Markdown to HTML, step by step.

Pure: what it needs to know of other articles and of files is handed in (`surroundings`).
May import markdown-it, nh3 and what knowledge has for text; asks no database.
"""
