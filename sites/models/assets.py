"""What people can share: skills, spaces, tools, relationships, each with its limits."""

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from commons.people.models.refs import new_ref
from commons.seal import SealedTextField
from sites import states
from sites.models.vocabulary import Word

KINDS = [
    (states.AssetKind.SKILL.value, _("skill")),
    (states.AssetKind.SPACE.value, _("space")),
    (states.AssetKind.TOOL.value, _("tool")),
    (states.AssetKind.RELATIONSHIP.value, _("relationship")),
]
AUDIENCES = [
    (states.Audience.POD.value, _("my pods")),
    (states.Audience.NETWORK.value, _("every member")),
]
LIMITS = [
    (states.Limit.NOT_NIGHTS.value, _("not nights")),
    (states.Limit.EVENINGS_ONLY.value, _("after 18:00 only")),
    (states.Limit.WEEKENDS_ONLY.value, _("weekends only")),
    (states.Limit.NO_POLICE.value, _("not with police present")),
    (states.Limit.NO_STAIRS.value, _("no stairs")),
    (states.Limit.SHORT.value, _("two hours at most")),
]
BUILT_IN_SKILLS = {
    "interpreter_es": _("Spanish interpreter"),
    "interpreter_am": _("Amharic interpreter"),
    "interpreter_vi": _("Vietnamese interpreter"),
    "sign_language": _("sign language"),
    "first_aid": _("first aid"),
    "nurse": _("nurse"),
    "mental_health": _("mental health first aid"),
    "legal_observer": _("legal observer"),
    "tenant_rights": _("tenant rights"),
    "deescalation": _("de-escalation"),
    "driver": _("driver"),
    "van": _("driver with a van"),
    "child_care": _("child care"),
    "cooking": _("cooking"),
    "carpentry": _("carpentry"),
    "plumbing": _("plumbing"),
    "bike_repair": _("bike repair"),
    "phone_tree": _("phone tree"),
    "grant_writing": _("grant writing"),
}


class Skill(Word):
    """A skill that calls can need: built in, or the network's own words."""

    BUILT_IN = BUILT_IN_SKILLS


class AssetQuerySet(models.QuerySet["Asset"]):
    """The vocabulary of assets."""

    def fresh(self, now: "datetime | Now") -> "AssetQuerySet":
        """Return what was offered or confirmed within the last year."""
        return self.filter(fresh_until__gt=now)


class Asset(models.Model):
    """One thing a person can share. Anything said about it beyond a limit is sealed."""

    ref = models.CharField(max_length=10, unique=True, default=new_ref, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="assets")
    kind = models.CharField(_("kind"), max_length=12, choices=KINDS, default=states.AssetKind.SKILL.value)
    skill = models.ForeignKey(Skill, models.PROTECT, null=True, blank=True, related_name="assets")
    title = models.CharField(_("what"), max_length=80, blank=True)
    limits = ArrayField(models.CharField(max_length=14, choices=LIMITS), default=list, blank=True)
    note = SealedTextField(bind="ref", null=True)
    audience = models.CharField(_("who may see it"), max_length=8, choices=AUDIENCES, default="pod")
    offered_at = models.DateTimeField()
    # Saying again that it is true moves `offered_at`; this stays, and tells what has held over time.
    first_offered_at = models.DateTimeField(null=True, editable=False)
    fresh_until = models.DateTimeField()
    # What it is found by: folded, written with every change; the database makes the search column of it.
    words = models.CharField(max_length=240, blank=True, default="", editable=False)
    search = models.GeneratedField(
        expression=SearchVector("words", config="simple"), output_field=SearchVectorField(), db_persist=True
    )
    # When its owner was asked whether it is still true; once for each year.
    asked_again_at = models.DateTimeField(null=True, editable=False)
    # From a card that somebody else entered, and until when its person can say that it is theirs; then it goes.
    stack = models.ForeignKey(
        "CardStack", models.SET_NULL, null=True, blank=True, related_name="assets", editable=False
    )
    pending_until = models.DateTimeField(null=True, editable=False)

    objects = AssetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "skill"], name="asset_skill_once"),
            models.CheckConstraint(
                condition=models.Q(kind="skill", skill__isnull=False) | ~models.Q(kind="skill"),
                name="asset_skill_named",
            ),
        ]
        indexes = [
            models.Index(fields=["skill", "person"], name="asset_by_skill"),
            models.Index(fields=["-offered_at", "-id"], name="asset_newest"),
            models.Index(fields=["fresh_until"], name="asset_by_end"),
            GinIndex(fields=["search"], name="asset_by_words"),
        ]

    def __str__(self) -> str:
        return self.title or (self.skill.name if self.skill else "")
