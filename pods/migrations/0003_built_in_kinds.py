"""The four kinds of call that every network knows; it adds its own beside them."""

from django.db import migrations

BUILT_IN = [
    # key, pace, a second member confirms, the emergency number first, police are likely
    ("eviction", "day", False, False, False),
    ("raid", "now", True, False, True),
    ("medical", "now", False, True, False),
    ("arrest", "now", True, False, True),
]


def add(apps, schema_editor):
    kind = apps.get_model("pods", "CallKind")
    for position, (key, pace, second, emergency, police) in enumerate(BUILT_IN, start=1):
        kind.objects.get_or_create(
            key=key,
            defaults={
                "pace": pace,
                "needs_second": second,
                "emergency_first": emergency,
                "police_likely": police,
                "position": position,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("pods", "0002_call_raise_key")]
    # Taken back, they stay: calls may stand on them.
    operations = [migrations.RunPython(add, migrations.RunPython.noop, elidable=False)]
