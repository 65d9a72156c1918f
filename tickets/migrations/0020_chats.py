"""Live chats in tickets, and the key each message of theirs was sent with.

Deploy: before. Two new tables.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.rowsecurity import same_organization, tenant_table

# A customer begins and takes up chats of their own, and says there what they have seen.
VISITOR = "visitor_id = (select vigil_user())"
AUTHOR = "author_id = (select vigil_user())"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_quarantine_index"),
        ("tickets", "0019_mail_mutes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Chat",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("visitor_name", models.CharField(max_length=80)),
                (
                    "source",
                    models.CharField(
                        choices=[("portal", "portal"), ("widget", "widget")], max_length=6
                    ),
                ),
                (
                    "came_from",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="page it was begun on"
                    ),
                ),
                ("engineers", models.JSONField(default=list)),
                ("opened_at", models.DateTimeField(verbose_name="opened")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended")),
                ("visitor_seen_at", models.DateTimeField()),
                ("visitor_read", models.BigIntegerField(default=0)),
                ("visitor_mailed", models.BigIntegerField(default=0)),
                ("staff_seen_at", models.DateTimeField(null=True)),
                ("staff_read", models.BigIntegerField(default=0)),
                ("staff_mailed", models.BigIntegerField(default=0)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="accounts.organization"
                    ),
                ),
                (
                    "ticket",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="chat",
                        to="tickets.ticket",
                    ),
                ),
                (
                    "visitor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "chat",
                "verbose_name_plural": "chats",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="ChatMessage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.UUIDField()),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "chat",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="tickets.chat",
                    ),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tickets.entry",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="accounts.organization"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="chat",
            index=models.Index(
                condition=models.Q(("ended_at", None)), fields=["opened_at"], name="chat_open"
            ),
        ),
        migrations.AddIndex(
            model_name="chat",
            index=models.Index(fields=["visitor", "-opened_at"], name="chat_of_visitor"),
        ),
        migrations.AddConstraint(
            model_name="chat",
            constraint=models.UniqueConstraint(
                fields=("organization", "id"), name="chat_in_organization"
            ),
        ),
        migrations.AddConstraint(
            model_name="chatmessage",
            constraint=models.UniqueConstraint(
                fields=("chat", "author", "key"), name="one_message_a_key"
            ),
        ),
        tenant_table(
            "tickets_chat",
            customer="select, insert, update (visitor_seen_at, visitor_read, ended_at)",
            customer_writes=VISITOR,
            staff="select, insert, update",
            engine="select, insert, update",
        ),
        tenant_table(
            "tickets_chatmessage",
            customer="select, insert",
            customer_writes=AUTHOR,
            staff="select, insert",
            engine="select, insert",
        ),
        same_organization("tickets_chat", "ticket_id", "tickets_ticket"),
        same_organization("tickets_chatmessage", "chat_id", "tickets_chat"),
        same_organization("tickets_chatmessage", "entry_id", "tickets_entry"),
    ]
