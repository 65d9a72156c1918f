"""Row-level security and grants for handovers, drills and the watch over shift changes.

Deploy: before. Creates policies and constraints only; takes short locks.
"""

from django.db import migrations

from accounts.rowsecurity import same_organization, shared_table, tenant_table

WRITE = "select, insert, update"
DUTY = "select, insert, update, delete"


class Migration(migrations.Migration):
    dependencies = [("tickets", "0005_shifts")]

    operations = [
        # Notes are internal, and whom we ask at night is no customer's affair.
        tenant_table("tickets_handover", staff=WRITE, engine=WRITE),
        same_organization("tickets_handover", "ticket_id", "tickets_ticket"),
        shared_table("tickets_reachabilitydrill", staff=DUTY, engine=DUTY),
        shared_table("tickets_shiftwatch", staff=DUTY, engine=DUTY),
    ]
