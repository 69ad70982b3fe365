"""Count up to sign out everywhere."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0002_rates")]

    operations = [
        migrations.AddField(
            model_name="person",
            name="session_epoch",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
    ]
