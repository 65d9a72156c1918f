"""Grants and triggers of policies and calendars, and the first version of each policy.

Deploy: before. Creates policies, triggers and a few rows; takes short locks.
"""

import datetime as dt

from django.db import migrations

from accounts.rowsecurity import append_only, same_organization, shared_table, tenant_table

WRITE = "select, insert, update"
MINUTE, HOUR, DAY = 60, 3600, 86400
BEGINNING = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
WAITS = ["agreed date", "waiting on customer"]

# plan, severity: first answer, next update, solution; in seconds around the clock
PROMISED = {
    ("trial", "urgent"): (60 * MINUTE, 120 * MINUTE, None),
    ("trial", "important"): (8 * HOUR, None, None),
    ("trial", "normal"): (24 * HOUR, None, None),
    ("standard", "urgent"): (30 * MINUTE, 60 * MINUTE, 4 * HOUR),
    ("standard", "important"): (4 * HOUR, None, 24 * HOUR),
    ("standard", "normal"): (24 * HOUR, None, 5 * DAY),
    ("premium", "urgent"): (15 * MINUTE, 30 * MINUTE, 4 * HOUR),
    ("premium", "important"): (1 * HOUR, None, 24 * HOUR),
    ("premium", "normal"): (8 * HOUR, None, 5 * DAY),
    ("enterprise", "urgent"): (15 * MINUTE, 30 * MINUTE, 4 * HOUR),
    ("enterprise", "important"): (1 * HOUR, None, 24 * HOUR),
    ("enterprise", "normal"): (8 * HOUR, None, 5 * DAY),
}


def seed(apps, schema_editor):
    calendar = apps.get_model("tickets", "WorkCalendar").objects.create(name="Around the clock")
    always = apps.get_model("tickets", "CalendarVersion").objects.create(
        calendar=calendar, number=1, definition={"hours": "around the clock"}, at=BEGINNING
    )
    policies = apps.get_model("tickets", "Policy").objects
    versions = apps.get_model("tickets", "PolicyVersion").objects
    for (plan, severity), (response, update, resolution) in PROMISED.items():
        pauses = {} if severity == "urgent" else {"update": WAITS, "resolution": WAITS}
        versions.create(
            policy=policies.create(plan=plan, severity=severity),
            number=1,
            calendar_version=always,
            response_seconds=response,
            update_seconds=update,
            resolution_seconds=resolution,
            pauses=pauses,
            warn_at={"response": [0.8], "update": [0.8], "resolution": [0.8]},
            valid_from=BEGINNING,
        )


class Migration(migrations.Migration):
    dependencies = [("tickets", "0007_policies")]

    operations = [
        # Every promise follows from these, and a customer's request gives and reads promises.
        shared_table("tickets_workcalendar", customer="select", engine=WRITE),
        shared_table(
            "tickets_calendarversion",
            customer="select",
            staff="select, insert",
            engine="select, insert",
        ),
        shared_table("tickets_policy", customer="select", staff=WRITE, engine=WRITE),
        shared_table(
            "tickets_policyversion",
            customer="select",
            staff="select, insert",
            engine="select, insert",
        ),
        append_only("tickets_calendarversion"),
        append_only("tickets_policyversion"),
        # A customer's answer ends an agreed date; only staff agree on one.
        tenant_table(
            "tickets_agreeddate",
            customer="select, update (ended_at, ending)",
            staff=WRITE,
            engine=WRITE,
        ),
        same_organization("tickets_agreeddate", "ticket_id", "tickets_ticket"),
        migrations.RunPython(seed, migrations.RunPython.noop),
    ]
