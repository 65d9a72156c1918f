"""A chat's messages keep their keys where all messages do.

Deploy: after. Drops a table that is read no more; its keys served only while a browser tried
again to send.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0025_submissions_once"),
    ]

    operations = [
        migrations.DeleteModel(name="ChatMessage"),
    ]
