"""An index on the deadlines in quarantine, which the watchdog counts every few seconds.

Deploy: before. The index is small; making it takes a short lock.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_canary")]

    operations = [
        migrations.AddIndex(
            model_name="deadline",
            index=models.Index(
                condition=models.Q(("failed_at__isnull", False), ("settled_at", None)),
                fields=["kind"],
                name="deadline_in_quarantine",
            ),
        ),
    ]
