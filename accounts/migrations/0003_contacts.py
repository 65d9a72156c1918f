"""Contact methods with delays, fallbacks, quiet hours and proof that their addresses work.

Deploy: before. Adds columns with defaults the database knows, so that processes still running
the code before go on; creates two tables. An address somebody logs in with counts as verified;
all other methods must be verified by their owners and are not rung until then.
"""

import uuid

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.rowsecurity import shared_table

# The owner of a table under forced row security sees no rows of it.
LOGINS_COUNT_AS_VERIFIED = """
alter table accounts_user no force row level security;
update accounts_contactmethod method set verified_at = now()
from accounts_user person
where person.id = method.user_id and method.kind = 'email'
  and lower(method.address) = person.email;
alter table accounts_user force row level security;
"""

# Whoever may divert a page may silence an alarm: of staff, only managers touch other people's.
GUARD = """
create function accounts_contact_guard() returns trigger language plpgsql as $$
begin
    if current_user = 'vigil_staff' and not vigil_manages()
       and (tg_op <> 'INSERT' and old.user_id is distinct from vigil_user()
            or tg_op <> 'DELETE' and new.user_id is distinct from vigil_user()) then
        raise exception 'only managers change how others are rung'
            using errcode = 'insufficient_privilege';
    end if;
    return coalesce(new, old);
end $$;
create trigger accounts_contactmethod_guard before insert or update or delete
    on accounts_contactmethod for each row execute function accounts_contact_guard();
create trigger accounts_quiethours_guard before insert or update or delete
    on accounts_quiethours for each row execute function accounts_contact_guard();
create trigger accounts_contactcheck_guard before insert or update
    on accounts_contactcheck for each row execute function accounts_contact_guard();
"""
DROP_GUARD = """
drop trigger accounts_contactmethod_guard on accounts_contactmethod;
drop trigger accounts_quiethours_guard on accounts_quiethours;
drop trigger accounts_contactcheck_guard on accounts_contactcheck;
drop function accounts_contact_guard();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_walls"),
    ]

    operations = [
        migrations.CreateModel(
            name="ContactCheck",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("address", models.CharField(max_length=400)),
                ("is_fallback", models.BooleanField(default=False)),
                ("asked_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("wrong_codes", models.PositiveSmallIntegerField(default=0)),
                ("sent_at", models.DateTimeField(null=True)),
                ("failed_at", models.DateTimeField(null=True)),
                ("confirmed_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "contact check",
                "verbose_name_plural": "contact checks",
                "ordering": ["asked_at"],
            },
        ),
        migrations.CreateModel(
            name="QuietHours",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_at", models.TimeField(verbose_name="quiet from")),
                ("ends_at", models.TimeField(verbose_name="quiet until")),
            ],
            options={
                "verbose_name": "quiet hours",
                "verbose_name_plural": "quiet hours",
            },
        ),
        migrations.AlterModelOptions(
            name="contactmethod",
            options={
                "ordering": ["user", "position", "id"],
                "verbose_name": "contact method",
                "verbose_name_plural": "contact methods",
            },
        ),
        migrations.AddField(
            model_name="contactmethod",
            name="delay_seconds",
            field=models.PositiveIntegerField(
                db_default=0,
                default=0,
                help_text="After the page starts; 0 rings at once.",
                validators=[django.core.validators.MaxValueValidator(3600)],
                verbose_name="delay in seconds",
            ),
        ),
        migrations.AddField(
            model_name="contactmethod",
            name="enabled",
            field=models.BooleanField(db_default=True, default=True, verbose_name="in use"),
        ),
        migrations.AddField(
            model_name="contactmethod",
            name="fallback_address",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="Tried when the first address fails.",
                max_length=400,
                verbose_name="fallback address",
            ),
        ),
        migrations.AddField(
            model_name="contactmethod",
            name="fallback_verified_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="fallback verified"),
        ),
        migrations.AddField(
            model_name="contactmethod",
            name="trouble_at",
            field=models.DateTimeField(
                blank=True,
                help_text="When a page last failed at the first address; none since it worked again.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="contactmethod",
            name="verified_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="verified"),
        ),
        migrations.AddField(
            model_name="delivery",
            name="carried_by",
            field=models.CharField(
                blank=True,
                choices=[("address", "the first address"), ("fallback", "the fallback")],
                db_default="",
                default="",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="delivery",
            name="fallback",
            field=models.CharField(blank=True, db_default="", default="", max_length=400),
        ),
        migrations.AlterField(
            model_name="delivery",
            name="kind",
            field=models.CharField(
                choices=[("page", "page"), ("email", "e-mail"), ("check", "check of an address")],
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="contactmethod",
            constraint=models.CheckConstraint(
                condition=models.Q(("delay_seconds__lte", 3600)),
                name="contact_delay_within_an_hour",
            ),
        ),
        migrations.AddField(
            model_name="contactcheck",
            name="method",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="checks",
                to="accounts.contactmethod",
            ),
        ),
        migrations.AddField(
            model_name="contactcheck",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="quiethours",
            name="user",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="quiet_hours",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="contactcheck",
            index=models.Index(fields=["user", "asked_at"], name="contact_checks_of_person"),
        ),
        migrations.AddConstraint(
            model_name="quiethours",
            constraint=models.CheckConstraint(
                condition=models.Q(("starts_at", models.F("ends_at")), _negated=True),
                name="quiet_hours_end",
                violation_error_message="Quiet hours must end at another time than they begin.",
            ),
        ),
        shared_table(
            "accounts_contactcheck",
            staff="select, insert, update, delete",
            engine="select, insert, update, delete",
        ),
        shared_table("accounts_quiethours", engine="select, insert, update, delete"),
        migrations.RunSQL(LOGINS_COUNT_AS_VERIFIED, migrations.RunSQL.noop),
        migrations.RunSQL(GUARD, DROP_GUARD),
    ]
