"""Shifts can move: each says where it is, how often it changed, and whether the lead was told that nobody is left."""

import django.db.models.deletion
from django.db import migrations, models

# Every shift so far was where its station is. Checked at once: the column is closed in the same transaction.
WHERE = """
UPDATE casserole_sites_shift s SET place_id = p.place_id FROM casserole_sites_popup p WHERE p.id = s.popup_id;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""


class Migration(migrations.Migration):
    dependencies = [("casserole_sites", "0016_place_words")]
    operations = [
        migrations.RemoveConstraint("shiftrole", "shift_role_slots"),
        migrations.RemoveConstraint("signup", "sign_up_slot_once"),
        migrations.AddField("popup", "version", models.PositiveIntegerField(default=1)),
        migrations.AddField("shift", "alone_at", models.DateTimeField(null=True)),
        migrations.AddField("shift", "alone_said", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField("shift", "moves", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField(
            "shift",
            "place",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="shifts",
                to="casserole_sites.place",
            ),
        ),
        migrations.RunSQL(WHERE, migrations.RunSQL.noop),
        migrations.AlterField(
            "shift",
            "place",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="shifts", to="casserole_sites.place"
            ),
        ),
        migrations.AlterField(
            "signup",
            "state",
            models.CharField(
                choices=[
                    ("held", "held"),
                    ("confirmed", "confirmed"),
                    ("moved", "moved"),
                    ("lapsed", "lapsed"),
                    ("dropped", "dropped"),
                ],
                max_length=9,
            ),
        ),
        migrations.AddIndex(
            "shift",
            models.Index(condition=models.Q(("state", "coming")), fields=["starts_at"], name="shift_coming"),
        ),
        migrations.AddConstraint(
            "shiftrole",
            models.CheckConstraint(
                condition=models.Q(("least__lte", models.F("most")), ("most__range", (0, 12))),
                name="shift_role_slots",
            ),
        ),
        migrations.AddConstraint(
            "signup",
            models.UniqueConstraint(
                condition=models.Q(("state__in", ["confirmed", "held", "moved"])),
                fields=("role", "slot"),
                name="sign_up_slot_once",
            ),
        ),
    ]
