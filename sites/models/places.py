"""Places of the neighbourhood, what the map says beside them, and the imports that they come from."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from commons.people.models.refs import new_ref
from sites import states

KINDS = [
    (states.PlaceKind.LAUNDRY.value, _("laundry")),
    (states.PlaceKind.BUS_STOP.value, _("bus stop")),
    (states.PlaceKind.STATION.value, _("bus or rail station")),
    (states.PlaceKind.CLINIC.value, _("clinic or doctors")),
    (states.PlaceKind.HOSPITAL.value, _("hospital")),
    (states.PlaceKind.PHARMACY.value, _("pharmacy")),
    (states.PlaceKind.MARKET.value, _("market or supermarket")),
    (states.PlaceKind.CORNER_STORE.value, _("corner store")),
    (states.PlaceKind.FAST_FOOD.value, _("fast food")),
    (states.PlaceKind.LIBRARY.value, _("library")),
    (states.PlaceKind.PLACE_OF_WORSHIP.value, _("place of worship")),
    (states.PlaceKind.SCHOOL.value, _("school or childcare")),
    (states.PlaceKind.OFFICE.value, _("housing or employment office")),
    (states.PlaceKind.SOCIAL.value, _("social facility or community centre")),
]
EVIDENCE = [
    (states.EvidenceKind.WORKPLACE.value, _("workplace")),
    (states.EvidenceKind.CAMERA.value, _("camera")),
]
BACKDROP = [
    (states.BackdropClass.MAIN.value, _("main street")),
    (states.BackdropClass.STREET.value, _("street")),
    (states.BackdropClass.PATH.value, _("path")),
    (states.BackdropClass.WATER.value, _("water")),
    (states.BackdropClass.PARK.value, _("park")),
    (states.BackdropClass.BUILDING.value, _("building")),
]
OBJECTS = [(one.value, one.value) for one in states.MapObject]
STATES = [
    (states.ImportState.QUEUED.value, _("waits")),
    (states.ImportState.READING.value, _("is being read")),
    (states.ImportState.DONE.value, _("done")),
    (states.ImportState.REFUSED.value, _("not imported")),
]
LATITUDE = (MinValueValidator(-90), MaxValueValidator(90))
LONGITUDE = (MinValueValidator(-180), MaxValueValidator(180))
# Each run of letters and digits is a word, as `rules.words.plain` has them of what people look for.
_WORDS = models.Func(
    models.F("sort_key"), models.Value("[^[:alnum:]]+"), models.Value(" "), models.Value("g"),
    function="regexp_replace", output_field=models.TextField(),
)  # fmt: skip


def _on_earth(name: str) -> models.CheckConstraint:
    # NaN is greater than every number to PostgreSQL, so these keep it out too.
    inside = models.Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180)
    return models.CheckConstraint(condition=inside, name=name)


class PlaceQuerySet(models.QuerySet["Place"]):
    """The vocabulary of places."""

    def standing(self) -> "PlaceQuerySet":
        """Return what is there as far as is known, each once."""
        return self.filter(gone_at=None, merged_into=None)


class Place(models.Model):
    """Somewhere in the neighbourhood where people are: from a map, or added by hand."""

    ref = models.CharField(max_length=10, unique=True, default=new_ref, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=KINDS)
    name = models.CharField(_("name"), max_length=120, blank=True)
    sort_key = models.CharField(max_length=120, blank=True, editable=False)
    # The words of the name. Stored: to part a name into words takes longer than to look at a row.
    words = models.GeneratedField(
        expression=SearchVector(_WORDS, config="simple"), output_field=SearchVectorField(), db_persist=True
    )
    latitude = models.FloatField(_("latitude"), validators=LATITUDE)
    longitude = models.FloatField(_("longitude"), validators=LONGITUDE)
    osm_type = models.CharField(max_length=8, choices=OBJECTS, blank=True, editable=False)
    osm_id = models.BigIntegerField(null=True, editable=False)
    # What people changed (kind, name, position): an import leaves it alone.
    edited = ArrayField(models.CharField(max_length=10), default=list, blank=True, editable=False)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False)
    merged_into = models.ForeignKey("self", models.SET_NULL, null=True, related_name="merged", editable=False)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        ordering = ("sort_key", "id")
        constraints = [
            models.UniqueConstraint(fields=["osm_type", "osm_id"], name="place_of_object"),
            models.CheckConstraint(
                condition=models.Q(osm_type="", osm_id=None)
                | (~models.Q(osm_type="") & models.Q(osm_id__isnull=False)),
                name="place_object_whole",
            ),
            models.CheckConstraint(condition=~models.Q(merged_into=models.F("id")), name="place_not_into_itself"),
            _on_earth("place_on_earth"),
        ]
        indexes = [
            models.Index(fields=["kind", "sort_key", "id"], name="place_by_kind"),
            models.Index(fields=["sort_key", "id"], name="place_by_name"),
            models.Index(fields=["latitude", "longitude"], name="place_by_position"),
            # No list of what is still to be sorted in: after an import each search would read all of it.
            GinIndex(fields=["words"], fastupdate=False, name="place_by_words"),
        ]

    def __str__(self) -> str:
        return self.name or str(self.get_kind_display())


class Double(models.Model):
    """Two places that are likely one, until a person says what they are."""

    ref = models.CharField(max_length=10, unique=True, default=new_ref, editable=False)
    first = models.ForeignKey(Place, models.CASCADE, related_name="+")
    second = models.ForeignKey(Place, models.CASCADE, related_name="+")
    decided_at = models.DateTimeField(null=True, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="double_once"),
            models.CheckConstraint(condition=models.Q(first__lt=models.F("second")), name="double_in_order"),
        ]

    def __str__(self) -> str:
        return self.ref


class Evidence(models.Model):
    """A workplace or a camera on the map: a hint beside what people observe, never a place by itself."""

    kind = models.CharField(max_length=10, choices=EVIDENCE)
    osm_type = models.CharField(max_length=8, choices=OBJECTS)
    osm_id = models.BigIntegerField()
    latitude = models.FloatField()
    longitude = models.FloatField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["osm_type", "osm_id", "kind"], name="evidence_of_object"),
            _on_earth("evidence_on_earth"),
        ]
        indexes = [models.Index(fields=["latitude", "longitude"], name="evidence_by_position")]

    def __str__(self) -> str:
        return f"{self.kind} {self.osm_type}/{self.osm_id}"


class Backdrop(models.Model):
    """A street, water, a park or a building: packed lines (`rules.shapes.pack`) and the box around them."""

    kind = models.CharField(max_length=10, choices=BACKDROP)
    osm_type = models.CharField(max_length=8, choices=OBJECTS)
    osm_id = models.BigIntegerField()
    # What a street is called; surfaces need no name.
    name = models.CharField(max_length=80, blank=True)
    shape = models.BinaryField()
    south = models.FloatField()
    west = models.FloatField()
    north = models.FloatField()
    east = models.FloatField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["osm_type", "osm_id", "kind"], name="backdrop_of_object")]
        indexes = [models.Index(fields=["kind", "south", "west"], name="backdrop_by_position")]

    def __str__(self) -> str:
        return f"{self.kind} {self.osm_type}/{self.osm_id}"


class PlaceImport(models.Model):
    """One map file on its way into the table of places, and what came of it."""

    ref = models.CharField(max_length=10, unique=True, default=new_ref, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    # What the file was called where it came from; never where it lies on the server.
    file_name = models.CharField(max_length=120)
    area = models.JSONField(null=True)
    state = models.CharField(max_length=8, choices=STATES, default=states.ImportState.QUEUED.value)
    objects_read = models.PositiveIntegerField(default=0)
    # How much of the file, in percent; none where that can't be said.
    share_read = models.PositiveSmallIntegerField(null=True, default=0)
    counts = models.JSONField(default=dict)
    problem = models.CharField(max_length=10, blank=True, choices=[(one.value, one.value) for one in states.Unusable])
    tries = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)
        indexes = [models.Index(fields=["state", "id"], name="place_import_queue")]

    def __str__(self) -> str:
        return self.ref


class PlaceImportPart(models.Model):
    """A piece of an uploaded map file, until it was read: web and worker share a database, not a disk."""

    of = models.ForeignKey(PlaceImport, models.CASCADE, related_name="parts")
    ordinal = models.PositiveSmallIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["of", "ordinal"], name="place_import_part_once")]

    def __str__(self) -> str:
        return f"{self.of_id}/{self.ordinal}"
