"""Of one person in one organization, a submission is written once.

Deploy: before. Builds the index while messages are being written. Should it break off, drop
the index `one_entry_a_submission` and run it again.
"""

from django.db import migrations, models

BUILD = """
create unique index concurrently one_entry_a_submission
on tickets_entry (organization_id, author_id, submission)
"""
ADOPT = """
alter table tickets_entry add constraint one_entry_a_submission
unique using index one_entry_a_submission
"""


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("tickets", "0024_submissions"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            [
                migrations.RunSQL(BUILD, migrations.RunSQL.noop),
                migrations.RunSQL(
                    ADOPT, "alter table tickets_entry drop constraint one_entry_a_submission"
                ),
            ],
            [
                migrations.AddConstraint(
                    model_name="entry",
                    constraint=models.UniqueConstraint(
                        fields=("organization", "author", "submission"),
                        name="one_entry_a_submission",
                    ),
                ),
            ],
        ),
    ]
