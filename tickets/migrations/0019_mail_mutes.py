"""Mails about a ticket that somebody muted.

Deploy: before. Creates one table.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.rowsecurity import same_organization, tenant_table


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0018_mail_in"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="MailMute",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="accounts.organization"
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mail_mutes",
                        to="tickets.ticket",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("ticket", "user"), name="mute_a_ticket_once")
                ],
            },
        ),
        tenant_table(
            "tickets_mailmute",
            customer="select, insert, delete",
            # One's own only: a colleague's mails are theirs to mute, and to know of.
            customer_rows=(
                "organization_id = any ((select vigil_orgs())::bigint[]) "
                "and user_id = (select vigil_user())"
            ),
            staff="select",
        ),
        same_organization("tickets_mailmute", "ticket_id", "tickets_ticket"),
    ]
