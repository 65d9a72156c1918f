"""The one-time key of the form an answer to an enquiry was sent with, and digests of its files.

Deploy: before. Adds a column that may be empty, and one with a default.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0028_enquiry_files"),
    ]

    operations = [
        migrations.AddField(
            model_name="enquirymessage",
            name="submission",
            field=models.UUIDField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="enquiryfile",
            name="sha256",
            field=models.CharField(db_default="", default="", max_length=64),
        ),
    ]
