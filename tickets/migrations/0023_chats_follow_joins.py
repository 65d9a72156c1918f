"""A chat goes on in the ticket its own has become part of.

Deploy: before. Drops a unique constraint and adds a column that may be empty.
"""

import django.db.models.deletion
from django.db import migrations, models

from accounts.rowsecurity import same_organization


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0022_hotline"),
    ]

    operations = [
        migrations.AddField(
            model_name="chat",
            name="origin",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tickets.ticket",
            ),
        ),
        migrations.AlterField(
            model_name="chat",
            name="ticket",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="chats",
                to="tickets.ticket",
            ),
        ),
        same_organization("tickets_chat", "origin_id", "tickets_ticket"),
    ]
