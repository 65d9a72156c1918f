"""An archived text leaves the search index with the statement that archives it.

Deploy: before. Fingerprints become smaller numbers: all texts are taken in anew by the worker,
and until then are found as before, only pages for several platforms are not folded.
"""

from typing import Final

import django.contrib.postgres.fields
from django.db import migrations, models
from django.db.migrations.operations import RunSQL

INDEX: Final = (
    "knowledge_searchdocument",
    "knowledge_searchpassage",
    "knowledge_searchposting",
    "knowledge_searchembedding",
)
# The function is the owner's and works past the policies, which bind all others.
NOT_FORCED: Final = "".join(f"alter table {table} no force row level security;" for table in INDEX)
FORCED: Final = "".join(f"alter table {table} force row level security;" for table in INDEX)

FORGET: Final = """
create function vigil_forget_text() returns trigger language plpgsql
    security definer set search_path = public, pg_temp as
$$
begin
    delete from knowledge_searchposting where document_id = old.id;
    delete from knowledge_searchpassage where document_id = old.id;
    delete from knowledge_searchembedding where document_id = old.id;
    update knowledge_searchdocument set parallel_id = null where parallel_id = old.id;
    delete from knowledge_searchdocument where translation_id = old.id;
    return null;
end
$$;
revoke all on function vigil_forget_text() from public;
create trigger knowledge_translation_forgotten after update of published_revision
    on knowledge_translation for each row
    when (old.published_revision is not null and new.published_revision is null)
    execute function vigil_forget_text();
"""
DROP_FORGET: Final = """
drop trigger knowledge_translation_forgotten on knowledge_translation;
drop function vigil_forget_text();
"""

# Its rows now go with the text, so the index's own wall is enough for them, and cheaper.
POLICY: Final = """
drop policy knowledge_searchpassage_customer on knowledge_searchpassage;
create policy knowledge_searchpassage_customer on knowledge_searchpassage for all
    to vigil_customer using ({rows}) with check ({rows});
"""
OF_READABLE: Final = "document_id in (select translation_id from knowledge_searchdocument)"
OF_READABLE_TEXT: Final = (
    "exists (select from knowledge_translation t where t.id = document_id "
    "and t.published_revision is not null)"
)

TAKE_IN_ANEW: Final = "update knowledge_searchdocument set fingerprint = '{}', revision = 0;"


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0008_feedback")]

    operations = [
        RunSQL(NOT_FORCED, FORCED),
        RunSQL(TAKE_IN_ANEW, TAKE_IN_ANEW),
        migrations.AlterField(
            model_name="searchdocument",
            name="fingerprint",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.IntegerField(), default=list, size=None
            ),
        ),
        RunSQL(POLICY.format(rows=OF_READABLE), POLICY.format(rows=OF_READABLE_TEXT)),
        RunSQL(FORGET, DROP_FORGET),
    ]
