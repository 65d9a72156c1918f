"""The chat widget: generations of its secret, and the frames signed in by it.

Deploy: before. Two new tables.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.rowsecurity import tenant_table


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_hotline"),
    ]

    operations = [
        migrations.CreateModel(
            name="WidgetKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("generation", models.PositiveIntegerField(default=1)),
                ("is_on", models.BooleanField(default=True)),
                ("changed_at", models.DateTimeField(verbose_name="changed")),
                ("changed_by_name", models.CharField(max_length=80)),
                (
                    "organization",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="widget_key",
                        to="accounts.organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "key of the chat widget",
                "verbose_name_plural": "keys of the chat widget",
            },
        ),
        migrations.CreateModel(
            name="WidgetSession",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key_hash", models.CharField(max_length=64, unique=True)),
                ("nonce", models.CharField(max_length=64)),
                ("generation", models.PositiveIntegerField()),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="accounts.organization"
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
                "indexes": [models.Index(fields=["expires_at"], name="widget_session_expires")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "nonce"), name="one_use_a_nonce"
                    )
                ],
            },
        ),
        tenant_table(
            "accounts_widgetkey",
            customer="select, insert, update",
            staff="select",
            engine="select",
            login="select",
        ),
        # Signing in happens before anybody has an organization.
        tenant_table(
            "accounts_widgetsession", staff="", engine="select, delete", login="select, insert"
        ),
    ]
