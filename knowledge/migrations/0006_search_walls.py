"""Who may read which rows of the search index: whoever may read the text they were made from.

Deploy: before. New tables only.
"""

from typing import Final

from django.db import migrations
from django.db.migrations.operations import RunSQL

from accounts.rowsecurity import shared_table, tenant_table

OF_READABLE: Final = "document_id in (select translation_id from knowledge_searchdocument)"
# The text itself is looked at for each row: few are read, and an archived one must go at once.
OF_READABLE_TEXT: Final = (
    "exists (select from knowledge_translation t where t.id = document_id "
    "and t.published_revision is not null)"
)
# Words learnt from texts for customers are none for visitors.
LEARNT_FOR_READER: Final = """(
    (select audience from knowledge_searchlearning) = 'public'
    or (select vigil_orgs()) is not null
)"""

# The operators of pg_trgm are not leakproof, so beneath a policy its index stands idle; this
# function asks past the policy, and repeats it. It tells words of texts the reader may read.
SIMILAR: Final = """
create function vigil_similar_words(wrong text[], at_least real)
    returns table (typed text, number bigint, shown text, rarity double precision, likeness real)
    language sql stable security definer set search_path = public, pg_temp as
$$
    select typed, found.number, found.shown, found.rarity, found.likeness
    from unnest(wrong) as typed cross join lateral (
        select w.number, w.shown::text, w.rarity, similarity(w.shown, typed) as likeness
        from knowledge_searchword w
        where w.shown % typed and left(w.shown, 1) = left(typed, 1) and w.passages > 1
        order by similarity(w.shown, typed) desc, w.passages desc, w.number
        limit 2
    ) found
    where found.likeness >= at_least and (
        (select audience from knowledge_searchlearning) = 'public' or vigil_orgs() is not null
        or current_setting('role') in ('vigil_staff', 'vigil_engine')
    )
$$;
revoke all on function vigil_similar_words(text[], real) from public;
grant execute on function vigil_similar_words(text[], real)
    to vigil_customer, vigil_staff, vigil_engine;
create index search_words_similar on knowledge_searchword using gin (shown gin_trgm_ops);
"""
DROP_SIMILAR: Final = """
drop index search_words_similar;
drop function vigil_similar_words(text[], real);
"""


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0005_search"), ("accounts", "0008_widget")]

    operations = [
        tenant_table(
            "knowledge_searchdocument",
            customer="select",
            customer_rows="article_id in (select id from knowledge_article)",
            staff="select",
        ),
        *(
            tenant_table(table, customer="select", customer_rows=OF_READABLE, staff="select")
            for table in ("knowledge_searchposting", "knowledge_searchembedding")
        ),
        tenant_table(
            "knowledge_searchpassage",
            customer="select",
            customer_rows=OF_READABLE_TEXT,
            staff="select",
        ),
        tenant_table(
            "knowledge_searchword",
            customer="select",
            customer_rows=LEARNT_FOR_READER,
            staff="select",
        ),
        # The function above is the owner's and reads past the policies, which bind all others.
        RunSQL("alter table knowledge_searchword no force row level security;", RunSQL.noop),
        shared_table(
            "knowledge_searchlearning",
            customer="select",
            staff="select",
            engine="select, insert, update",
        ),
        RunSQL(SIMILAR, DROP_SIMILAR),
    ]
