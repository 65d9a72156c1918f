"""Grants on the tables of Django and allauth: what a login needs, and nothing for tenants.

Deploy: before.
"""

from django.db import migrations

LOGIN = (
    "account_emailaddress",
    "account_emailconfirmation",
    "mfa_authenticator",
    "usersessions_usersession",
    "django_session",
)
READ_BY_ALL = ("django_content_type", "django_migrations")

GRANTS = "".join(
    f"revoke all on {table} from public;"
    f"grant select, insert, update, delete on {table} to vigil_app;\n"
    for table in LOGIN
) + "".join(
    f"grant select on {table} to vigil_app, vigil_staff, vigil_engine, vigil_customer;\n"
    for table in READ_BY_ALL
)

# Staff see whether a colleague has a second factor; the engine sets up demo people and erases.
# Neither reads a secret of somebody's second factor, nor a session key: both end the sessions of
# people who leave by a function.
GRANTS += """
grant select, insert on django_admin_log to vigil_staff;
create function vigil_end_sessions(person bigint) returns void language sql
    security definer set search_path = public, pg_temp as $$
    with ended as (
        delete from usersessions_usersession where user_id = person returning session_key
    )
    delete from django_session where session_key in (select session_key from ended)
$$;
revoke all on function vigil_end_sessions(bigint) from public;
grant execute on function vigil_end_sessions(bigint) to vigil_staff, vigil_engine;
grant select (id, user_id, type, created_at, last_used_at) on mfa_authenticator to vigil_staff;
grant select, insert, update, delete on account_emailaddress to vigil_staff, vigil_engine;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0001_shared_cache"),
        ("accounts", "0002_walls"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("usersessions", "0001_initial"),
        ("sessions", "0001_initial"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("admin", "0003_logentry_add_action_flag_choices"),
    ]

    operations = [migrations.RunSQL(GRANTS, "drop function vigil_end_sessions(bigint);")]
