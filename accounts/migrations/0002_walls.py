"""Row-level security, grants and triggers of the accounts tables.

Deploy: before. Creates policies and triggers only; takes short locks.
"""

from django.db import migrations

from accounts.rowsecurity import (
    DROP_FUNCTIONS,
    FUNCTIONS,
    MINE,
    append_only,
    shared_table,
    tenant_table,
)

ORGANIZATION = """
alter table accounts_organization enable row level security;
alter table accounts_organization force row level security;
grant select, update (ticket_count) on accounts_organization to vigil_customer;
grant select, insert, update, delete on accounts_organization to vigil_staff, vigil_engine;
grant select on accounts_organization to vigil_app;
create policy accounts_organization_customer on accounts_organization for all to vigil_customer
    using (id = any ((select vigil_orgs())::bigint[]));
create policy accounts_organization_staff on accounts_organization for all to vigil_staff
    using (true);
create policy accounts_organization_engine on accounts_organization for all to vigil_engine
    using (true);
create policy accounts_organization_login on accounts_organization for select to vigil_app
    using (true);
"""

# A customer sees themselves, team-mates and staff, and of those only who they are.
USER = """
alter table accounts_user enable row level security;
alter table accounts_user force row level security;
grant select (id, name, email, language, time_zone, is_staff),
      update (name, language, time_zone) on accounts_user to vigil_customer;
grant select, insert, update on accounts_user to vigil_staff, vigil_engine, vigil_app;
create policy accounts_user_customer on accounts_user for select to vigil_customer
    using (is_staff or id = (select vigil_user()) or exists (
        select from accounts_membership membership
        where membership.user_id = accounts_user.id
          and membership.organization_id = any ((select vigil_orgs())::bigint[])));
create policy accounts_user_self on accounts_user for update to vigil_customer
    using (id = (select vigil_user()));
create policy accounts_user_staff on accounts_user for all to vigil_staff using (true);
create policy accounts_user_engine on accounts_user for all to vigil_engine using (true);
create policy accounts_user_login on accounts_user for all to vigil_app using (true);

-- Signing up, or a flaw in a customer's page, must not make anyone staff; and of staff only
-- managers decide who may log in, by which address and password.
create function vigil_manages() returns boolean language sql stable as $$
    select exists (select from accounts_staffprofile profile join accounts_user person
                   on person.id = profile.user_id
                   where person.id = vigil_user() and profile.is_manager
                     and person.is_staff and person.is_active)
$$;
create function accounts_user_guard() returns trigger language plpgsql as $$
begin
    if current_user = 'vigil_staff' and not vigil_manages()
       and (tg_op = 'INSERT'
            or (new.is_staff, new.is_active, new.email, new.password)
               is distinct from (old.is_staff, old.is_active, old.email, old.password)) then
        raise exception 'only a manager may change a login' using errcode = 'insufficient_privilege';
    end if;
    if new.is_staff and current_user in ('vigil_app', 'vigil_customer')
       and (tg_op = 'INSERT' or not old.is_staff) then
        raise exception 'only staff may make staff' using errcode = 'insufficient_privilege';
    end if;
    return new;
end $$;
create trigger accounts_user_guard before insert or update on accounts_user
    for each row execute function accounts_user_guard();
"""

STAFF_GUARD = """
create function accounts_staffprofile_guard() returns trigger language plpgsql as $$
begin
    if current_user = 'vigil_staff' and not vigil_manages() then
        raise exception 'only a manager may change a staff profile'
            using errcode = 'insufficient_privilege';
    end if;
    return coalesce(new, old);
end $$;
create trigger accounts_staffprofile_guard before insert or update or delete
    on accounts_staffprofile for each row execute function accounts_staffprofile_guard();
"""

# Wake whoever waits: the live stream for events, the engine for due rows.
NOTIFY = """
create function accounts_event_notify() returns trigger language plpgsql as $$
begin
    perform pg_notify('vigil_event', json_build_object(
        'id', new.id, 'organization', new.organization_id, 'subject', new.subject,
        'verb', new.verb, 'internal', new.internal)::text);
    return null;
end $$;
create trigger accounts_event_notify after insert on accounts_event
    for each row execute function accounts_event_notify();

create function accounts_engine_notify() returns trigger language plpgsql as $$
begin
    perform pg_notify('vigil_engine', tg_table_name);
    return null;
end $$;
create trigger accounts_deadline_notify after insert on accounts_deadline
    for each statement execute function accounts_engine_notify();
create trigger accounts_delivery_notify after insert on accounts_delivery
    for each statement execute function accounts_engine_notify();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_accounts")]

    operations = [
        migrations.RunSQL(FUNCTIONS, DROP_FUNCTIONS),
        migrations.RunSQL(ORGANIZATION),
        tenant_table(
            "accounts_membership", customer="select, insert, update, delete", login="select"
        ),
        migrations.RunSQL(USER),
        tenant_table("accounts_invitation", customer="select, insert, update"),
        tenant_table(
            "accounts_apitoken",
            customer="select, insert, update",
            login="select, update (last_used_at)",
        ),
        tenant_table("accounts_idempotentrequest", customer="select, insert, update"),
        tenant_table(
            "accounts_event",
            customer="select, insert",
            customer_rows=f"{MINE} and not internal",
            staff="select, insert",
            engine="select, insert",
        ),
        tenant_table("accounts_deadline", customer="select, insert, update"),
        tenant_table(
            "accounts_delivery",
            customer="insert",
            # Mail without an organization carries links to reset passwords, managers' too.
            staff_sees="organization_id is not null",
            login="insert",
            login_rows="organization_id is null",
        ),
        shared_table(
            "accounts_staffprofile",
            customer="select",
            login="select",
            engine="select, insert, update, delete",
        ),
        shared_table("accounts_contactmethod", engine="select, insert, update, delete"),
        migrations.RunSQL(STAFF_GUARD),
        append_only("accounts_event"),
        migrations.RunSQL(NOTIFY),
    ]
