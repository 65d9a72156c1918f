"""Which mails somebody does not want.

Deploy: before. One column with a default of the database, which a process of the version
before does not name.
"""

import django.contrib.postgres.fields
from django.db import migrations, models

import accounts.models.user


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_widget"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="unwanted_mails",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=20),
                blank=True,
                db_default=["promise"],
                default=accounts.models.user.unwanted_at_first,
                size=None,
                verbose_name="mails not wanted",
            ),
        ),
        # One's own only, by the policy of the table; read by nobody's team-mates.
        migrations.RunSQL(
            "grant update (unwanted_mails) on accounts_user to vigil_customer;",
            "revoke update (unwanted_mails) on accounts_user from vigil_customer;",
        ),
    ]
