"""The PIN each organization is known by on the hotline; deliveries that fetch recordings.

Deploy: before. A new table; the choices of a column are Django's own affair.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.rowsecurity import tenant_table


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_quarantine_index"),
    ]

    operations = [
        migrations.AlterField(
            model_name="delivery",
            name="kind",
            field=models.CharField(
                choices=[
                    ("page", "page"),
                    ("email", "e-mail"),
                    ("canary", "canary"),
                    ("check", "check of an address"),
                    ("recording", "recording of a call"),
                ],
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            name="HotlinePin",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("made_by_name", models.CharField(max_length=80)),
                ("made_at", models.DateTimeField()),
                ("last_used_at", models.DateTimeField(null=True)),
                (
                    "contact",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organization",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="hotline_pin",
                        to="accounts.organization",
                    ),
                ),
            ],
        ),
        tenant_table(
            "accounts_hotlinepin",
            customer="select, insert, update",
            staff="select",
            engine="select, insert, update",
        ),
    ]
