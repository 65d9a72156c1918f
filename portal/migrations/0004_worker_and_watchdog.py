"""Grants on django-q's tables, and signs of life of the worker and the watchdog.

Deploy: before; after `deploy/roles.sql`, which makes the role `vigil_worker`.

The tables hold pickles: who can write them can run code. So only that role may touch them, and
only the worker's processes take it up.
"""

from django.db import migrations

TABLES = ("django_q_ormq", "django_q_schedule", "django_q_task")

ROLE = """
do $$ begin
    if not exists (select from pg_roles where rolname = 'vigil_worker') then
        raise exception 'There is no role vigil_worker: run deploy/roles.sql, then migrate again.';
    end if;
end $$;
grant usage on schema public to vigil_worker;
"""

OTHERS = "public, vigil_app, vigil_customer, vigil_staff, vigil_engine"
GRANTS = "".join(
    f"revoke all on {table} from {OTHERS};\n"
    f"grant select, insert, update, delete on {table} to vigil_worker;\n"
    for table in TABLES
)

BEATS = """
create unlogged table portal_process_beat (
    process text primary key,
    beat_at timestamptz not null,
    troubles jsonb not null default '[]'
);
revoke all on portal_process_beat from public;
grant select, insert, update, delete on portal_process_beat to vigil_engine;
grant select, insert, update on portal_process_beat to vigil_worker;
grant select on portal_process_beat to vigil_app, vigil_staff;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0003_engine_beat"),
        ("django_q", "0019_alter_task_options_alter_ormq_key_alter_ormq_lock_and_more"),
    ]

    operations = [
        migrations.RunSQL(ROLE + GRANTS, migrations.RunSQL.noop),
        migrations.RunSQL(BEATS, "drop table portal_process_beat;"),
    ]
