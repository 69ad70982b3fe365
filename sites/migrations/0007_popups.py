"""Pop-up stations and their shifts."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import commons.people.models.refs


class Migration(migrations.Migration):
    dependencies = [
        ("casserole_sites", "0006_built_in_needs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Popup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ref",
                    models.CharField(
                        default=commons.people.models.refs.new_ref, editable=False, max_length=10, unique=True
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="what it gives")),
                ("becomes", models.CharField(max_length=200, verbose_name="what this could become, held in common")),
                (
                    "host",
                    models.CharField(
                        choices=[
                            ("asked", "not asked yet, or no answer"),
                            ("agreed", "the host agreed"),
                            ("public", "public ground, nobody to ask"),
                        ],
                        default="asked",
                        max_length=6,
                        verbose_name="the site's host",
                    ),
                ),
                ("host_on", models.DateField(null=True)),
                (
                    "weekday",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "Monday"),
                            (1, "Tuesday"),
                            (2, "Wednesday"),
                            (3, "Thursday"),
                            (4, "Friday"),
                            (5, "Saturday"),
                            (6, "Sunday"),
                        ],
                        verbose_name="day of the week",
                    ),
                ),
                ("starts", models.TimeField(verbose_name="from")),
                ("minutes", models.PositiveSmallIntegerField(verbose_name="how long")),
                (
                    "supplies",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80), blank=True, default=list, size=None
                    ),
                ),
                ("counted", models.CharField(blank=True, max_length=40, verbose_name="what you count")),
                (
                    "state",
                    models.CharField(
                        choices=[("planned", "planned"), ("running", "running"), ("ended", "ended")],
                        default="planned",
                        max_length=8,
                    ),
                ),
                ("planned_at", models.DateTimeField()),
                ("opened_on", models.DateField(null=True)),
                ("filled_until", models.DateField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "need",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="popups", to="casserole_sites.need"
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="popups", to="casserole_sites.place"
                    ),
                ),
                (
                    "planned_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("name", "id"),
            },
        ),
        migrations.CreateModel(
            name="PopupRole",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("lead", "shift lead"),
                            ("server", "server"),
                            ("greeter", "greeter"),
                            ("own", "own words"),
                        ],
                        max_length=7,
                        verbose_name="role",
                    ),
                ),
                ("own_name", models.CharField(blank=True, max_length=40, verbose_name="own words")),
                ("least", models.PositiveSmallIntegerField(verbose_name="at least")),
                ("most", models.PositiveSmallIntegerField(verbose_name="at most")),
                (
                    "popup",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="roles", to="casserole_sites.popup"
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="Shift",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ref",
                    models.CharField(
                        default=commons.people.models.refs.new_ref, editable=False, max_length=10, unique=True
                    ),
                ),
                ("day", models.DateField()),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("coming", "coming"),
                            ("closed", "announced as closed"),
                            ("kept", "kept"),
                            ("short", "open, with too few people"),
                            ("missed", "not held"),
                        ],
                        default="coming",
                        max_length=6,
                    ),
                ),
                (
                    "closed_for",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("rest", "we rest"),
                            ("holiday", "holiday"),
                            ("host", "the place is closed"),
                            ("weather", "weather"),
                        ],
                        max_length=7,
                        verbose_name="why",
                    ),
                ),
                ("next_due_at", models.DateTimeField(null=True)),
                ("reminded_at", models.DateTimeField(null=True)),
                ("lapsed_at", models.DateTimeField(null=True)),
                ("ask_at", models.DateTimeField(null=True)),
                ("helped", models.PositiveIntegerField(null=True, verbose_name="people helped")),
                ("given", models.PositiveIntegerField(null=True)),
                ("cost", models.DecimalField(decimal_places=2, max_digits=9, null=True, verbose_name="what it cost")),
                ("written_at", models.DateTimeField(null=True)),
                (
                    "popup",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="shifts", to="casserole_sites.popup"
                    ),
                ),
            ],
            options={
                "ordering": ("starts_at", "id"),
            },
        ),
        migrations.CreateModel(
            name="ShiftRole",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("lead", "shift lead"),
                            ("server", "server"),
                            ("greeter", "greeter"),
                            ("own", "own words"),
                        ],
                        max_length=7,
                        verbose_name="role",
                    ),
                ),
                ("own_name", models.CharField(blank=True, max_length=40, verbose_name="own words")),
                ("least", models.PositiveSmallIntegerField(verbose_name="at least")),
                ("most", models.PositiveSmallIntegerField(verbose_name="at most")),
                ("came", models.PositiveSmallIntegerField(null=True)),
                (
                    "shift",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="roles", to="casserole_sites.shift"
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="SignUp",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slot", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("held", "held"),
                            ("confirmed", "confirmed"),
                            ("lapsed", "lapsed"),
                            ("dropped", "dropped"),
                        ],
                        max_length=9,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("at", models.DateTimeField()),
                ("came", models.BooleanField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sign_ups",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "role",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sign_ups",
                        to="casserole_sites.shiftrole",
                    ),
                ),
                (
                    "shift",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="sign_ups", to="casserole_sites.shift"
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="StandInAsk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[("asked", "asked"), ("took", "took"), ("cant", "cant"), ("thanked", "thanked")],
                        max_length=7,
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=0)),
                ("version", models.PositiveIntegerField(default=1)),
                ("asked_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stand_in_asks",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "role",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="asks", to="casserole_sites.shiftrole"
                    ),
                ),
                (
                    "shift",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="asks", to="casserole_sites.shift"
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="StandInOffer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("offered_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stand_in_offers",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "popup",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="offers", to="casserole_sites.popup"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Supply",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ref",
                    models.CharField(
                        default=commons.people.models.refs.new_ref, editable=False, max_length=10, unique=True
                    ),
                ),
                ("what", models.CharField(max_length=80, verbose_name="what")),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "shift",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="supplies", to="casserole_sites.shift"
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
            },
        ),
        migrations.AddIndex(
            model_name="popup",
            index=models.Index(fields=["place", "state"], name="popup_at_place"),
        ),
        migrations.AddIndex(
            model_name="popup",
            index=models.Index(condition=models.Q(("state", "running")), fields=["filled_until"], name="popup_to_fill"),
        ),
        migrations.AddConstraint(
            model_name="popup",
            constraint=models.CheckConstraint(condition=models.Q(("weekday__range", (0, 6))), name="popup_weekday"),
        ),
        migrations.AddConstraint(
            model_name="popup",
            constraint=models.CheckConstraint(condition=models.Q(("minutes__range", (30, 720))), name="popup_minutes"),
        ),
        migrations.AddConstraint(
            model_name="popup",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "planned"),
                    models.Q(("opened_on__isnull", False), ("host__in", ["agreed", "public"])),
                    ("state", "ended"),
                    _connector="OR",
                ),
                name="popup_runs_where_it_may",
            ),
        ),
        migrations.AddConstraint(
            model_name="popuprole",
            constraint=models.UniqueConstraint(fields=("popup", "role", "own_name"), name="popup_role_once"),
        ),
        migrations.AddConstraint(
            model_name="popuprole",
            constraint=models.CheckConstraint(
                condition=models.Q(("least__lte", models.F("most")), ("most__range", (1, 12))), name="popup_role_slots"
            ),
        ),
        migrations.AddIndex(
            model_name="shift",
            index=models.Index(fields=["popup", "starts_at"], name="shift_by_popup"),
        ),
        migrations.AddIndex(
            model_name="shift",
            index=models.Index(
                condition=models.Q(("next_due_at__isnull", False)), fields=["next_due_at"], name="shift_due"
            ),
        ),
        migrations.AddConstraint(
            model_name="shift",
            constraint=models.UniqueConstraint(fields=("popup", "day"), name="shift_once_a_day"),
        ),
        migrations.AddConstraint(
            model_name="shift",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="shift_ends_later"
            ),
        ),
        migrations.AddConstraint(
            model_name="shift",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "closed"), ("closed_for", ""), _connector="OR"), name="shift_closed_for"
            ),
        ),
        migrations.AddConstraint(
            model_name="shift",
            constraint=models.CheckConstraint(
                condition=models.Q(("cost__isnull", True), ("cost__gte", 0), _connector="OR"), name="shift_cost"
            ),
        ),
        migrations.AddConstraint(
            model_name="shiftrole",
            constraint=models.UniqueConstraint(fields=("shift", "role", "own_name"), name="shift_role_once"),
        ),
        migrations.AddConstraint(
            model_name="shiftrole",
            constraint=models.CheckConstraint(
                condition=models.Q(("least__lte", models.F("most")), ("most__range", (1, 12))), name="shift_role_slots"
            ),
        ),
        migrations.AddIndex(
            model_name="signup",
            index=models.Index(fields=["person", "shift"], name="sign_up_by_person"),
        ),
        migrations.AddConstraint(
            model_name="signup",
            constraint=models.UniqueConstraint(fields=("shift", "person"), name="sign_up_once"),
        ),
        migrations.AddConstraint(
            model_name="signup",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["confirmed", "held"])),
                fields=("role", "slot"),
                name="sign_up_slot_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="signup",
            constraint=models.CheckConstraint(condition=models.Q(("slot__range", (1, 12))), name="sign_up_slot"),
        ),
        migrations.AddIndex(
            model_name="standinask",
            index=models.Index(fields=["person", "asked_at"], name="stand_in_ask_by_person"),
        ),
        migrations.AddConstraint(
            model_name="standinask",
            constraint=models.UniqueConstraint(fields=("shift", "person"), name="stand_in_ask_once"),
        ),
        migrations.AddConstraint(
            model_name="standinoffer",
            constraint=models.UniqueConstraint(fields=("popup", "person"), name="stand_in_offer_once"),
        ),
        migrations.AddConstraint(
            model_name="supply",
            constraint=models.UniqueConstraint(fields=("shift", "what"), name="supply_once"),
        ),
    ]
