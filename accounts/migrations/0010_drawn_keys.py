"""The engine may draw keys of events before it writes them: many mails are settled together.

Deploy: before. A grant only.
"""

from django.db import migrations
from django.db.migrations.operations import RunSQL


class Migration(migrations.Migration):
    dependencies = [("accounts", "0009_mail_choices")]

    operations = [
        RunSQL(
            "grant usage on sequence accounts_event_id_seq to vigil_engine;",
            "revoke usage on sequence accounts_event_id_seq from vigil_engine;",
        ),
    ]
