"""Fill in the articles of the search index, and index them, while searches go on.

Deploy: before. In pieces, without a transaction around them; broken off, it can run again. Some
two minutes for 10,000 long articles.
"""

from typing import Any, Final

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

AT_ONCE: Final = 100  # documents
FILL: Final = """
update {table} set article_id = d.article_id from knowledge_searchdocument d
where d.translation_id = document_id and document_id = any(%s) and {table}.article_id is null
"""


def fill(apps: Any, schema_editor: Any) -> None:
    """The owner sees the rows: row security is not forced on these (0009_search_forgets)."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("select translation_id from knowledge_searchdocument order by 1")
        documents = [pk for (pk,) in cursor.fetchall()]
        for start in range(0, len(documents), AT_ONCE):
            for table in ("knowledge_searchpassage", "knowledge_searchposting"):
                cursor.execute(FILL.format(table=table), [documents[start : start + AT_ONCE]])


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("knowledge", "0012_index_article")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        AddIndexConcurrently(
            model_name="searchposting",
            index=models.Index(
                fields=["word"],
                include=("document", "article", "passage", "impact"),
                name="search_postings_by_word",
            ),
        ),
    ]
