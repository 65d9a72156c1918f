"""The table behind `portal.shared_cache`: unlogged, since it may be lost at any time."""

from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(
            """
            create unlogged table portal_shared_cache (
                key text primary key check (length(key) <= 250),
                value jsonb not null,
                expires_at timestamptz
            );
            create index portal_shared_cache_expires on portal_shared_cache (expires_at);
            revoke all on portal_shared_cache from public;
            grant select, insert, update, delete on portal_shared_cache to vigil_app;
            """,
            "drop table portal_shared_cache;",
        )
    ]
