"""Articles as files: Markdown with front matter in folders, or JSON lines; read and written.

So that documentation can live in git. `docs/articles-as-files.md` describes the form.
"""
