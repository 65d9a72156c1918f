"""The engine may draw keys of entries and promises: many mails are settled together.

Deploy: before. Grants only.
"""

from typing import Final

from django.db import migrations
from django.db.migrations.operations import RunSQL

SEQUENCES: Final = "tickets_entry_id_seq, tickets_promise_id_seq"


class Migration(migrations.Migration):
    dependencies = [("tickets", "0029_enquiry_submissions")]

    operations = [
        RunSQL(
            f"grant usage on sequence {SEQUENCES} to vigil_engine;",
            f"revoke usage on sequence {SEQUENCES} from vigil_engine;",
        ),
    ]
