"""The one-time key of the form a message was sent with.

Deploy: before. Adds a column that may be empty.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0023_chats_follow_joins"),
    ]

    operations = [
        migrations.AddField(
            model_name="entry",
            name="submission",
            field=models.UUIDField(editable=False, null=True),
        ),
    ]
