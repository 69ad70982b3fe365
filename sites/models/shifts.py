"""The shifts of a station: their roles, who signed up, who was asked to stand in, who brings what, and how it went."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from commons.people.models.refs import new_ref
from sites import states
from sites.models.places import Place
from sites.models.popups import WORDS_MOST, Popup, RoleWords
from sites.rules.shifts import Times

STATES = [
    (states.ShiftState.COMING.value, _("coming")),
    (states.ShiftState.CLOSED.value, _("announced as closed")),
    (states.ShiftState.KEPT.value, _("kept")),
    (states.ShiftState.SHORT.value, _("open, with too few people")),
    (states.ShiftState.MISSED.value, _("not held")),
]
CLOSED_FOR = [
    (states.ClosedFor.REST.value, _("we rest")),
    (states.ClosedFor.HOLIDAY.value, _("holiday")),
    (states.ClosedFor.HOST.value, _("the place is closed")),
    (states.ClosedFor.WEATHER.value, _("weather")),
]
SIGN_UP_STATES = [(one.value, one.value) for one in states.SignUpState]
ASK_STATES = [(one.value, one.value) for one in states.AskState]
HOLDING = Q(state__in=sorted(one.value for one in states.HOLDING))


class ShiftQuerySet(models.QuerySet["Shift"]):
    """The vocabulary of shifts."""

    def due(self, now: datetime) -> "ShiftQuerySet":
        """Return the shifts about which something is due."""
        return self.filter(next_due_at__lte=now)

    def coming(self, now: datetime) -> "ShiftQuerySet":
        """Return the shifts that are not over yet, the next one first."""
        return self.filter(ends_at__gt=now).order_by("starts_at", "id")


class Shift(models.Model):
    """One week's shift of a station. Its times are moments, worked out from the neighbourhood's clocks of that day."""

    ref = models.CharField(max_length=10, unique=True, default=new_ref, editable=False)
    popup = models.ForeignKey(Popup, models.CASCADE, related_name="shifts")
    # Where it is, or was: what a station did at one place stays there when the station moves on.
    place = models.ForeignKey(Place, models.PROTECT, related_name="shifts")
    day = models.DateField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=6, choices=STATES, default=states.ShiftState.COMING.value)
    closed_for = models.CharField(_("why"), max_length=7, choices=CLOSED_FOR, blank=True)
    # When to look at it again; empty once nothing more can be due.
    next_due_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    lapsed_at = models.DateTimeField(null=True)
    ask_at = models.DateTimeField(null=True)
    # Since when it is known that somebody is missing and nobody is left to ask; how often that was said.
    alone_at = models.DateTimeField(null=True)
    alone_said = models.PositiveSmallIntegerField(default=0)
    # How often it moved, was called off or came back: a press from an older page finds another number.
    moves = models.PositiveSmallIntegerField(default=0)
    # What came of it, in numbers, and never in names.
    helped = models.PositiveIntegerField(_("people helped"), null=True)
    given = models.PositiveIntegerField(null=True)
    cost = models.DecimalField(_("what it cost"), max_digits=9, decimal_places=2, null=True)
    written_at = models.DateTimeField(null=True)

    objects = ShiftQuerySet.as_manager()

    class Meta:
        ordering = ("starts_at", "id")
        constraints = [
            models.UniqueConstraint(fields=["popup", "day"], name="shift_once_a_day"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="shift_ends_later"),
            models.CheckConstraint(
                condition=Q(state=states.ShiftState.CLOSED.value) | Q(closed_for=""), name="shift_closed_for"
            ),
            models.CheckConstraint(condition=Q(cost__isnull=True) | Q(cost__gte=0), name="shift_cost"),
        ]
        indexes = [
            models.Index(fields=["popup", "starts_at"], name="shift_by_popup"),
            models.Index(fields=["starts_at"], name="shift_coming", condition=Q(state=states.ShiftState.COMING.value)),
            models.Index(fields=["next_due_at"], name="shift_due", condition=Q(next_due_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.popup_id} {self.day}"

    @property
    def subject(self) -> str:
        """Return what messages and links about this shift are about."""
        return f"shift:{self.pk}"

    @property
    def times(self) -> Times:
        """Return its times as the rules read them."""
        return Times(self.starts_at, self.ends_at, self.reminded_at, self.lapsed_at, self.ask_at, self.alone_at)


class ShiftRole(RoleWords):
    """A role of one shift, and in the end how many came in it: the number that outlives who it was."""

    shift = models.ForeignKey(Shift, models.CASCADE, related_name="roles")
    came = models.PositiveSmallIntegerField(null=True)

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=["shift", "role", "own_name"], name="shift_role_once"),
            # None at most: the station has this role no longer, and whoever had a place in it keeps it.
            models.CheckConstraint(condition=Q(least__lte=F("most"), most__range=(0, 12)), name="shift_role_slots"),
        ]


class SignUp(models.Model):
    """Somebody's place on a shift. Two people never hold the same slot."""

    shift = models.ForeignKey(Shift, models.CASCADE, related_name="sign_ups")
    role = models.ForeignKey(ShiftRole, models.CASCADE, related_name="sign_ups")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="sign_ups")
    slot = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=9, choices=SIGN_UP_STATES)
    # Counted up by every word that is taken: a press that comes again from an older page changes nothing.
    version = models.PositiveIntegerField(default=1)
    at = models.DateTimeField()
    came = models.BooleanField(null=True)

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=["shift", "person"], name="sign_up_once"),
            models.UniqueConstraint(fields=["role", "slot"], condition=HOLDING, name="sign_up_slot_once"),
            models.CheckConstraint(condition=Q(slot__range=(1, 12)), name="sign_up_slot"),
        ]
        indexes = [models.Index(fields=["person", "shift"], name="sign_up_by_person")]

    def __str__(self) -> str:
        return self.state


class StandInAsk(models.Model):
    """The question to one person whether they can stand in on a shift."""

    shift = models.ForeignKey(Shift, models.CASCADE, related_name="asks")
    role = models.ForeignKey(ShiftRole, models.CASCADE, related_name="asks")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="stand_in_asks")
    state = models.CharField(max_length=7, choices=ASK_STATES)
    round = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    asked_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=["shift", "person"], name="stand_in_ask_once")]
        indexes = [models.Index(fields=["person", "asked_at"], name="stand_in_ask_by_person")]

    def __str__(self) -> str:
        return self.state


class Supply(models.Model):
    """One thing on a shift's list, and who brings it."""

    ref = models.CharField(max_length=10, unique=True, default=new_ref, editable=False)
    shift = models.ForeignKey(Shift, models.CASCADE, related_name="supplies")
    what = models.CharField(_("what"), max_length=WORDS_MOST)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=["shift", "what"], name="supply_once")]

    def __str__(self) -> str:
        return self.what
