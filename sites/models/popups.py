"""Pop-up stations: a service at a place that meets a named need, with the roles and the supplies of its shifts."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from commons.people.models.refs import new_ref
from sites import states
from sites.models.needs import Need
from sites.models.places import Place

STATES = [
    (states.PopupState.PLANNED.value, _("planned")),
    (states.PopupState.RUNNING.value, _("running")),
    (states.PopupState.ENDED.value, _("ended")),
]
HOST = [
    (states.HostWord.ASKED.value, _("not asked yet, or no answer")),
    (states.HostWord.AGREED.value, _("the host agreed")),
    (states.HostWord.PUBLIC.value, _("public ground, nobody to ask")),
]
ROLES = [
    (states.Role.LEAD.value, _("shift lead")),
    (states.Role.SERVER.value, _("server")),
    (states.Role.GREETER.value, _("greeter")),
    (states.Role.OWN.value, _("own words")),
]
WEEKDAYS = [
    (0, _("Monday")),
    (1, _("Tuesday")),
    (2, _("Wednesday")),
    (3, _("Thursday")),
    (4, _("Friday")),
    (5, _("Saturday")),
    (6, _("Sunday")),
]
WORDS_MOST = 80


class PopupQuerySet(models.QuerySet["Popup"]):
    """The vocabulary of stations."""

    def running(self) -> "PopupQuerySet":
        """Return the stations that have shifts."""
        return self.filter(state=states.PopupState.RUNNING.value)

    def standing(self) -> "PopupQuerySet":
        """Return the stations that run or are planned."""
        return self.exclude(state=states.PopupState.ENDED.value)


class Popup(models.Model):
    """A station at a place, once a week at the same time: what it gives, and what it could become."""

    ref = models.CharField(max_length=10, unique=True, default=new_ref, editable=False)
    place = models.ForeignKey(Place, models.PROTECT, related_name="popups")
    need = models.ForeignKey(Need, models.PROTECT, related_name="popups")
    name = models.CharField(_("what it gives"), max_length=WORDS_MOST)
    # Held in common, in one sentence: a laundry of our own, a fund, a school.
    becomes = models.CharField(_("what this could become, held in common"), max_length=200)
    # That the host agreed, and when; who said so is written nowhere.
    host = models.CharField(
        _("the site's host"), max_length=6, choices=HOST, default=states.HostWord.ASKED.value
    )  # fmt: skip
    host_on = models.DateField(null=True)
    weekday = models.PositiveSmallIntegerField(_("day of the week"), choices=WEEKDAYS)
    # On the clocks of the neighbourhood, whatever season it is.
    starts = models.TimeField(_("from"))
    minutes = models.PositiveSmallIntegerField(_("how long"))
    # What each shift's list of supplies begins with.
    supplies = ArrayField(models.CharField(max_length=WORDS_MOST), default=list, blank=True)
    # What is counted beside people: "loads washed".
    counted = models.CharField(_("what you count"), max_length=40, blank=True)
    state = models.CharField(max_length=8, choices=STATES, default=states.PopupState.PLANNED.value)
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    planned_at = models.DateTimeField()
    opened_on = models.DateField(null=True)
    # The last day that has its shift; more are due when it comes near.
    filled_until = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    # Counted up by every change: what was typed over an older page is not kept unasked.
    version = models.PositiveIntegerField(default=1)

    objects = PopupQuerySet.as_manager()

    class Meta:
        ordering = ("name", "id")
        constraints = [
            models.CheckConstraint(condition=Q(weekday__range=(0, 6)), name="popup_weekday"),
            models.CheckConstraint(condition=Q(minutes__range=(30, 720)), name="popup_minutes"),
            models.CheckConstraint(
                condition=Q(state=states.PopupState.PLANNED.value)
                | (
                    Q(opened_on__isnull=False)
                    & Q(host__in=[states.HostWord.AGREED.value, states.HostWord.PUBLIC.value])
                )
                | Q(state=states.PopupState.ENDED.value),
                name="popup_runs_where_it_may",
            ),
        ]
        indexes = [
            models.Index(fields=["place", "state"], name="popup_at_place"),
            models.Index(
                fields=["filled_until"], name="popup_to_fill", condition=Q(state=states.PopupState.RUNNING.value)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RoleWords(models.Model):
    """A role and how many it takes; in the station's own words where none of the usual fits."""

    role = models.CharField(_("role"), max_length=7, choices=ROLES)
    own_name = models.CharField(_("own words"), max_length=40, blank=True)
    least = models.PositiveSmallIntegerField(_("at least"))
    most = models.PositiveSmallIntegerField(_("at most"))

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.own_name or str(self.get_role_display())


class PopupRole(RoleWords):
    """A role that each new shift of a station has."""

    popup = models.ForeignKey(Popup, models.CASCADE, related_name="roles")

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=["popup", "role", "own_name"], name="popup_role_once"),
            models.CheckConstraint(condition=Q(least__lte=F("most"), most__range=(1, 12)), name="popup_role_slots"),
        ]


class StandInOffer(models.Model):
    """Somebody who may be asked when a place on a station's shift is free; taken back at any time."""

    popup = models.ForeignKey(Popup, models.CASCADE, related_name="offers")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="stand_in_offers")
    offered_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["popup", "person"], name="stand_in_offer_once")]

    def __str__(self) -> str:
        return str(self.popup_id)
