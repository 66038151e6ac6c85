"""``privacy_reveal`` is append-only: the database refuses to change or delete a row."""

from django.db import migrations

from jishi.journal.triggers import refuse_changes


class Migration(migrations.Migration):
    dependencies = [("privacy", "0001_initial")]
    operations = [refuse_changes("privacy_reveal")]
