"""Row-level security, grants and composite keys of the tickets tables.

Deploy: before. Creates policies, constraints and triggers only; takes short locks.
"""

from django.db import migrations

from accounts.rowsecurity import (
    MINE,
    append_only,
    same_organization,
    shared_table,
    tenant_table,
)

WRITE = "select, insert, update"
DUTY = "select, insert, update, delete"


class Migration(migrations.Migration):
    dependencies = [("tickets", "0001_tickets"), ("accounts", "0002_walls")]

    operations = [
        tenant_table("tickets_ticket", customer=WRITE, staff=WRITE, engine=WRITE),
        # Neither notes nor anything in the name of staff: only a person of staff stops a clock.
        tenant_table(
            "tickets_entry",
            customer="select, insert",
            customer_rows=f"{MINE} and kind = 'reply'",
            customer_writes="not by_staff and author_id = (select vigil_user())",
            staff="select, insert",
            engine="select, insert",
        ),
        tenant_table(
            "tickets_attachment", customer=WRITE, customer_rows=f"{MINE} and not internal"
        ),
        tenant_table("tickets_follower", customer="select, insert, delete"),
        tenant_table("tickets_severitychange", customer=WRITE, staff=WRITE, engine=WRITE),
        tenant_table("tickets_promise", customer=WRITE, staff=WRITE, engine=WRITE),
        tenant_table(
            "tickets_promisefact",
            customer="select, insert",
            staff="select, insert",
            engine="select, insert",
        ),
        # Ringing people is the engine's and the staff's affair; customers watch.
        tenant_table("tickets_escalation", customer="select", staff=WRITE, engine=WRITE),
        tenant_table("tickets_page", customer="select", staff=WRITE, engine=WRITE),
        append_only("tickets_promisefact"),
        same_organization("tickets_entry", "ticket_id", "tickets_ticket"),
        same_organization("tickets_attachment", "ticket_id", "tickets_ticket"),
        same_organization("tickets_attachment", "entry_id", "tickets_entry"),
        same_organization("tickets_follower", "ticket_id", "tickets_ticket"),
        same_organization("tickets_severitychange", "ticket_id", "tickets_ticket"),
        same_organization("tickets_promise", "ticket_id", "tickets_ticket"),
        same_organization("tickets_promisefact", "promise_id", "tickets_promise"),
        same_organization("tickets_escalation", "ticket_id", "tickets_ticket"),
        same_organization("tickets_page", "ticket_id", "tickets_ticket"),
        same_organization("tickets_page", "escalation_id", "tickets_escalation"),
        shared_table("tickets_team", customer="select", engine=DUTY),
        shared_table("tickets_team_products", customer="select", engine=DUTY),
        shared_table("tickets_roster", customer="select", engine=DUTY),
        shared_table("tickets_rostermember", customer="select", engine=DUTY),
        shared_table("tickets_ladderstep", engine=DUTY),
    ]
