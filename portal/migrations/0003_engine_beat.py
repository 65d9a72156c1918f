"""The engines' sign of life: unlogged, since after a crash an old beat is worth nothing.

Deploy: before.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("portal", "0002_grants")]

    operations = [
        migrations.RunSQL(
            """
            create unlogged table portal_engine_beat (
                instance uuid primary key,
                started_at timestamptz not null,
                beat_at timestamptz not null,
                oldest_due timestamptz
            );
            revoke all on portal_engine_beat from public;
            grant select, insert, update, delete on portal_engine_beat to vigil_engine;
            grant select on portal_engine_beat to vigil_app, vigil_staff;
            """,
            "drop table portal_engine_beat;",
        )
    ]
