"""Skills as rows, carried over from the list of product keys on the staff profile.

Deploy: before. Adds a table, fills it from a small one, and keeps the old list by a trigger,
so that code of the version before still reads the right products.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.rowsecurity import shared_table

PLATFORMS = [
    ("android", "Android"),
    ("ios", "iOS"),
    ("web", "Web"),
    ("flutter", "Flutter"),
    ("react-native", "React Native"),
    ("unity", "Unity"),
    ("windows", "Windows"),
    ("macos", "macOS"),
    ("server", "Server"),
]

CARRY_OVER = """
insert into tickets_skill (user_id, product_id, platforms)
select profile.user_id, product.id, '{}'
from accounts_staffprofile profile
join knowledge_product product on product.key = any (profile.products)
on conflict do nothing;
"""

# A skill is part of the profile: writing one writes the profile, and so its guard (managers
# only) and its readers hold for skills as well.
KEEP_PRODUCTS = """
create function tickets_skill_products() returns trigger language plpgsql as $$
begin
    update accounts_staffprofile profile set products = coalesce((
        select array_agg(product.key order by product.id)
        from tickets_skill skill join knowledge_product product on product.id = skill.product_id
        where skill.user_id = profile.user_id), '{}')
    where profile.user_id in (old.user_id, new.user_id);
    return null;
end $$;
create trigger tickets_skill_products after insert or update or delete on tickets_skill
    for each row execute function tickets_skill_products();
"""
FORGET = (
    "drop trigger tickets_skill_products on tickets_skill; drop function tickets_skill_products();"
)


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0002_walls"),
        ("knowledge", "0002_walls"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Skill",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "platforms",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(choices=PLATFORMS, max_length=12),
                        blank=True,
                        default=list,
                        help_text="None chosen: all platforms of the product.",
                        size=None,
                        verbose_name="platforms",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="knowledge.product",
                        verbose_name="product",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        limit_choices_to={"is_staff": True},
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="skills",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="engineer",
                    ),
                ),
            ],
            options={
                "verbose_name": "skill",
                "verbose_name_plural": "skills",
                "ordering": ["user", "product"],
                "constraints": [
                    models.UniqueConstraint(fields=("user", "product"), name="one_skill_a_product")
                ],
            },
        ),
        migrations.RunSQL(CARRY_OVER, migrations.RunSQL.noop),
        migrations.RunSQL(KEEP_PRODUCTS, FORGET),
        shared_table("tickets_skill", engine="select, insert, update, delete"),
    ]
