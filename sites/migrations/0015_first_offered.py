from django.db import migrations, models


def since_offered(apps, schema_editor):
    """What was offered before this was written down has held since it was offered last."""
    apps.get_model("casserole_sites", "Asset").objects.update(first_offered_at=models.F("offered_at"))


class Migration(migrations.Migration):
    dependencies = [
        ("casserole_sites", "0014_gatherings_hold_evenings"),
    ]

    operations = [
        migrations.AddField(
            model_name="asset",
            name="first_offered_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.RunPython(since_offered, migrations.RunPython.noop),
    ]
