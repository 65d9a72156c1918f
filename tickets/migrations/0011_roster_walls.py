"""Grants for rosters' versions, changes of duty and swaps, and what may never be altered.

Deploy: before. Creates grants and triggers only; takes short locks.
"""

from django.db import migrations

from accounts.rowsecurity import append_only, shared_table

WRITE = "select, insert, update"

# A change of duty may be cancelled, once; who was on duty before stays as it was.
ONLY_CANCELLED = """
create function tickets_dutychange_guard() returns trigger language plpgsql as $$
begin
    if tg_op in ('DELETE', 'TRUNCATE') then
        raise exception 'a change of duty is cancelled, never deleted'
            using errcode = 'restrict_violation';
    end if;
    if old.cancelled_at is not null
       or to_jsonb(new) - array['cancelled_at', 'cancelled_by_id', 'cancelled_by_name']
          is distinct from
          to_jsonb(old) - array['cancelled_at', 'cancelled_by_id', 'cancelled_by_name'] then
        raise exception 'a change of duty is cancelled, never edited'
            using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger tickets_dutychange_guard before update or delete on tickets_dutychange
    for each row execute function tickets_dutychange_guard();
create trigger tickets_dutychange_no_truncate before truncate on tickets_dutychange
    for each statement execute function tickets_dutychange_guard();
"""
UNGUARDED = """
drop trigger tickets_dutychange_guard on tickets_dutychange;
drop trigger tickets_dutychange_no_truncate on tickets_dutychange;
drop function tickets_dutychange_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("tickets", "0010_roster_records")]

    operations = [
        # Customers see who is on duty: what that is reckoned from, and no reasons, no authors.
        shared_table(
            "tickets_rosterversion",
            customer="select (id, roster_id, definition, valid_from)",
            staff="select, insert",
            engine="select, insert",
        ),
        shared_table(
            "tickets_dutychange",
            customer="select (id, kind, roster_id, person_id, replaces_id, starts_at, ends_at,"
            " shifts, created_at, cancelled_at)",
            staff=WRITE,
            engine=WRITE,
        ),
        shared_table("tickets_swap", staff=WRITE, engine=WRITE),
        append_only("tickets_rosterversion"),
        migrations.RunSQL(ONLY_CANCELLED, UNGUARDED),
    ]
