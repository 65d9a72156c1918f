"""Rows of the search index know their article, so that its wall is all there is to ask.

Deploy: before. Until the new code runs, taking texts into the index fails and is tried again.
Filling the columns takes some two minutes for 10,000 long articles, in which searches wait.
"""

from typing import Final

import django.db.models.deletion
from django.db import migrations, models
from django.db.migrations.operations import RunSQL

TABLES: Final = ("knowledge_searchpassage", "knowledge_searchposting")
# The owner sees the rows: row security is not forced on these tables (0009_search_forgets).
FILL: Final = """
update {table} set article_id = d.article_id
from knowledge_searchdocument d where d.translation_id = document_id;
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


def article(model: str) -> migrations.AddField:
    return migrations.AddField(
        model_name=model,
        name="article",
        field=models.ForeignKey(
            null=True,
            db_constraint=False,
            db_index=False,
            on_delete=django.db.models.deletion.DO_NOTHING,
            related_name="+",
            to="knowledge.article",
        ),
    )


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
    dependencies = [("knowledge", "0011_shorter_texts")]

    operations = [
        migrations.RemoveIndex(model_name="searchposting", name="search_postings_of_a_word"),
        article("searchpassage"),
        article("searchposting"),
        *(RunSQL(FILL.format(table=table), RunSQL.noop) for table in TABLES),
        article_is_known("searchpassage"),
        article_is_known("searchposting"),
        migrations.AddIndex(
            model_name="searchposting",
            index=models.Index(
                fields=["word"],
                include=("document", "article", "passage", "impact"),
                name="search_postings_of_a_word",
            ),
        ),
        rows("knowledge_searchposting", OF_MANY, OF_DOCUMENT),
        rows("knowledge_searchpassage", OF_FEW, OF_DOCUMENT),
        rows("knowledge_translation", PUBLISHED + OF_FEW, PUBLISHED + OF_MANY),
        rows("knowledge_articlefile", OF_FEW, OF_MANY),
        rows("knowledge_article_categories", OF_FEW, OF_MANY),
    ]
