"""The skills that every network knows; it adds its own beside them."""

from django.db import migrations

# Key and English name, by which lists are sorted before anybody's language is known.
BUILT_IN = [
    ("interpreter_es", "spanish interpreter"),
    ("interpreter_am", "amharic interpreter"),
    ("interpreter_vi", "vietnamese interpreter"),
    ("sign_language", "sign language"),
    ("first_aid", "first aid"),
    ("nurse", "nurse"),
    ("mental_health", "mental health first aid"),
    ("legal_observer", "legal observer"),
    ("tenant_rights", "tenant rights"),
    ("deescalation", "de-escalation"),
    ("driver", "driver"),
    ("van", "driver with a van"),
    ("child_care", "child care"),
    ("cooking", "cooking"),
    ("carpentry", "carpentry"),
    ("plumbing", "plumbing"),
    ("bike_repair", "bike repair"),
    ("phone_tree", "phone tree"),
    ("grant_writing", "grant writing"),
]


def add(apps, schema_editor):
    skill = apps.get_model("casserole_sites", "Skill")
    for key, name in BUILT_IN:
        skill.objects.get_or_create(key=key, defaults={"sort_key": name})


class Migration(migrations.Migration):
    dependencies = [("casserole_sites", "0002_roster_draft")]
    # Taken back, they stay: people may offer them.
    operations = [migrations.RunPython(add, migrations.RunPython.noop, elidable=False)]
