"""The wall around rows of the search index is that of their article, which they know.

Deploy: before. What the code before took in meanwhile is taken in anew, and until the new code
runs its taking in fails and is tried again. The check of the columns reads the tables once, about
a second for 10,000 long articles.
"""

from typing import Final

import django.db.models.deletion
from django.db import migrations, models
from django.db.migrations.operations import RunSQL

# A document of revision 0 is in no line with its text, so the worker takes it in anew.
UNFILLED: Final = """
update knowledge_searchdocument set revision = 0 where translation_id in
    (select document_id from {table} where article_id is null);
delete from {table} where article_id is null;
"""
POLICY: Final = """
drop policy {table}_customer on {table};
create policy {table}_customer on {table} for all
    to vigil_customer using ({rows}) with check ({rows});
"""
OF_DOCUMENT: Final = "document_id in (select translation_id from knowledge_searchdocument)"
# Many rows are read at once: all articles are looked at once for them.
OF_MANY: Final = "article_id in (select id from knowledge_article)"
# Mostly few are read: the planner looks up each one's article, or all where that is cheaper.
OF_FEW: Final = "exists (select from knowledge_article a where a.id = article_id)"
PUBLISHED: Final = "published_revision is not null and "


def rows(table: str, now: str, before: str) -> RunSQL:
    return RunSQL(POLICY.format(table=table, rows=now), POLICY.format(table=table, rows=before))


def article_is_known(model: str) -> migrations.AlterField:
    return migrations.AlterField(
        model_name=model,
        name="article",
        field=models.ForeignKey(
            db_constraint=False,
            db_index=False,
            on_delete=django.db.models.deletion.DO_NOTHING,
            related_name="+",
            to="knowledge.article",
        ),
    )


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0013_index_article_filled")]

    operations = [
        RunSQL(UNFILLED.format(table="knowledge_searchpassage"), RunSQL.noop),
        RunSQL(UNFILLED.format(table="knowledge_searchposting"), RunSQL.noop),
        article_is_known("searchpassage"),
        article_is_known("searchposting"),
        rows("knowledge_searchposting", OF_MANY, OF_DOCUMENT),
        rows("knowledge_searchpassage", OF_FEW, OF_DOCUMENT),
        rows("knowledge_translation", PUBLISHED + OF_FEW, PUBLISHED + OF_MANY),
        rows("knowledge_articlefile", OF_FEW, OF_MANY),
        rows("knowledge_article_categories", OF_FEW, OF_MANY),
        migrations.RemoveIndex(model_name="searchposting", name="search_postings_of_a_word"),
    ]
