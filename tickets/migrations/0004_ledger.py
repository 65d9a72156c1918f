"""Who held a ticket since when; names in the promise ledger, and instants a person named.

Deploy: before. One new table, and new columns with a default that PostgreSQL adds without
rewriting the table. Who held the tickets so far is taken from the event log.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.rowsecurity import append_only, same_organization, tenant_table

# The owner of the tables is under their walls as well, so they are lifted for this one statement.
# Since when: the last time the ticket was given to somebody, else the first answer of ours.
WHO_HOLDS_THEM_NOW = """
alter table tickets_ticket no force row level security;
alter table tickets_entry no force row level security;
alter table accounts_event no force row level security;
alter table accounts_user no force row level security;
insert into tickets_holding
    (organization_id, ticket_id, person_id, person_name, person_level, since)
select t.organization_id, t.id, u.id, u.name, coalesce(s.level, ''), coalesce(
    (select max(e.at) from accounts_event e
     where e.organization_id = t.organization_id and e.subject = 'ticket/' || t.id
       and e.verb in ('ticket.assigned', 'page.acknowledged')),
    (select min(w.at) from tickets_entry w
     where w.ticket_id = t.id and w.by_staff and w.kind = 'reply'),
    t.updated_at)
from tickets_ticket t
join accounts_user u on u.id = t.owner_id
left join accounts_staffprofile s on s.user_id = u.id;
set constraints all immediate;  -- a table with checks outstanding cannot be altered
alter table tickets_ticket force row level security;
alter table tickets_entry force row level security;
alter table accounts_event force row level security;
alter table accounts_user force row level security;
"""


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("tickets", "0003_skills"),
    ]

    operations = [
        migrations.CreateModel(
            name="Holding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("person_name", models.CharField(blank=True, max_length=80)),
                ("person_level", models.CharField(blank=True, max_length=4)),
                ("since", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="accounts.organization"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="holdings",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "ordering": ["since", "id"],
                "indexes": [models.Index(fields=["ticket", "since"], name="holding_ticket")],
            },
        ),
        migrations.AddField(
            model_name="promise",
            name="promised_by_name",
            field=models.CharField(blank=True, default="", max_length=80),
        ),
        migrations.AddField(
            model_name="promisefact",
            name="actor_name",
            field=models.CharField(blank=True, default="", max_length=80),
        ),
        migrations.AddField(
            model_name="promisefact",
            name="until",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunSQL(WHO_HOLDS_THEM_NOW, migrations.RunSQL.noop),
        # How we share the work is our own affair: customers have no privilege here.
        tenant_table("tickets_holding", staff="select, insert", engine="select, insert"),
        append_only("tickets_holding"),
        same_organization("tickets_holding", "ticket_id", "tickets_ticket"),
    ]
