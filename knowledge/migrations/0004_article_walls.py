"""Who may read what is written: the walls of articles and releases.

Deploy: before. New tables only.
"""

from typing import Final

from django.db import migrations
from django.db.migrations.operations import RunSQL

from accounts.rowsecurity import append_only, shared_table, tenant_table

READABLE: Final = """is_published and (
    audience = 'public'
    or audience = 'customers' and (select vigil_orgs()) is not null
    or audience = 'plan' and plans && (select vigil_plans())
    or audience = 'organizations' and id in (select article_id from knowledge_articlereader)
)"""
OF_READABLE: Final = "article_id in (select id from knowledge_article)"

PLANS: Final = """
create function vigil_plans() returns varchar[] language sql stable parallel safe as
$$ select array_agg(plan) from accounts_organization $$;
"""


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0003_articles"), ("accounts", "0008_widget")]

    operations = [
        # Sees the organizations its caller sees: for customers, their own.
        RunSQL(PLANS, "drop function vigil_plans();"),
        tenant_table("knowledge_articlereader", customer="select"),
        tenant_table("knowledge_article", customer="select", customer_rows=READABLE),
        tenant_table(
            "knowledge_translation",
            customer="select",
            customer_rows=f"published_revision is not null and {OF_READABLE}",
        ),
        tenant_table("knowledge_articlefile", customer="select", customer_rows=OF_READABLE),
        tenant_table("knowledge_article_categories", customer="select", customer_rows=OF_READABLE),
        shared_table("knowledge_revision", staff="select, insert", engine="select, insert"),
        append_only("knowledge_revision"),
        shared_table(
            "knowledge_category", customer="select", engine="select, insert, update, delete"
        ),
        shared_table(
            "knowledge_errorcode", customer="select", engine="select, insert, update, delete"
        ),
        tenant_table(
            "knowledge_release",
            customer="select",
            customer_rows="released_on <= (now() at time zone 'utc')::date",
        ),
        tenant_table(
            "knowledge_change",
            customer="select",
            customer_rows="release_id in (select id from knowledge_release)",
        ),
    ]
