"""Grants of the knowledge tables, which belong to no tenant."""

from django.db import migrations

from accounts.rowsecurity import shared_table


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0001_products"), ("accounts", "0002_walls")]

    operations = [
        shared_table(
            "knowledge_product", customer="select", login="select", engine="select, insert, update"
        )
    ]
