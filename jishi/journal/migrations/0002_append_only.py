"""``journal_event`` is append-only: the database refuses to change or delete a row."""

from django.db import migrations

from jishi.journal.triggers import refuse_changes


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [refuse_changes("journal_event")]
