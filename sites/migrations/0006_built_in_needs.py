"""The needs that every network knows; it adds its own beside them."""

from django.db import migrations

# Key and English name, by which lists are sorted before anybody's language is known.
BUILT_IN = [
    ("detergent", "detergent"),
    ("charging", "charging a phone"),
    ("childcare", "child care"),
    ("masks", "masks"),
    ("translation", "translation"),
    ("wage_theft", "help with stolen wages"),
    ("tenant_rights", "help with the landlord"),
    ("forms", "help with forms"),
    ("legal", "legal help"),
    ("food", "food"),
    ("warm_drink", "a warm drink"),
    ("water", "drinking water"),
    ("diapers", "diapers"),
    ("hygiene", "soap and hygiene"),
    ("clothes", "warm clothes"),
    ("fares", "fares"),
    ("health", "health advice"),
    ("quiet", "a quiet place to sit"),
    ("internet", "internet"),
    ("company", "company on the way"),
    ("work", "finding work"),
    ("repair", "repairs"),
]


def add(apps, schema_editor):
    need = apps.get_model("casserole_sites", "Need")
    for key, name in BUILT_IN:
        need.objects.get_or_create(key=key, defaults={"sort_key": name})


class Migration(migrations.Migration):
    dependencies = [("casserole_sites", "0005_listening")]
    # Taken back, they stay: visits may have named them.
    operations = [migrations.RunPython(add, migrations.RunPython.noop, elidable=False)]
