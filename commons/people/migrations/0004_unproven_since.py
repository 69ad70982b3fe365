"""Know since when an address waits to be proven."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0003_session_epoch")]

    operations = [
        migrations.AddField(
            model_name="person",
            name="unproven_since",
            field=models.DateField(blank=True, editable=False, null=True),
        ),
    ]
