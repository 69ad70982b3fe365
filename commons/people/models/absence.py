"""Rest: ranges of days in which a person is never called, no reason asked."""

from datetime import date

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Value
from django.db.models.fields import CharField


class AbsenceQuerySet(models.QuerySet["Absence"]):
    """The vocabulary of rest."""

    def on(self, day: date) -> "AbsenceQuerySet":
        """Return the absences that hold on this day."""
        return self.filter(days__contains=day)


class Absence(models.Model):
    """Days on which a person rests; two of one person's can't overlap."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="absences")
    days = DateRangeField()
    made_at = models.DateTimeField(auto_now_add=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        constraints = [
            # The range of one person stands in for `=`, which GiST lacks without btree_gist.
            ExclusionConstraint(
                name="absence_once_at_a_time",
                expressions=[
                    (
                        Func(F("person"), F("person"), Value("[]", output_field=CharField()), function="int8range"),
                        RangeOperators.OVERLAPS,
                    ),
                    ("days", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return str(self.days)
