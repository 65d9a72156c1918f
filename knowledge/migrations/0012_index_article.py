"""Rows of the search index may know their article. Filled by the next migration.

Deploy: before. Columns without a value: the tables are locked for a moment.
"""

import django.db.models.deletion
from django.db import migrations, models


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


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0011_shorter_texts")]

    operations = [article("searchpassage"), article("searchposting")]
