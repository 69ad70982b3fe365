"""Where capacity gathers: who lets themselves be proposed, what is proposed, and what each of them said to it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commons.people.models.refs import new_ref
from pods.models.pods import Pod
from pods.states import ClusterWord
from sites.models import Block
from sites.rules.grouping import MOST
from sites.states import ClusterKind, Work

CLUSTER_KINDS = [
    (ClusterKind.POD.value, _("a pod")),
    (ClusterKind.SPRINT.value, _("a sprint")),
    (ClusterKind.INSTITUTION.value, _("an institution")),
]
WORKS = [
    (Work.HOMES.value, _("keeping people in their homes")),
    (Work.CARE.value, _("looking after the sick")),
    (Work.FOOD.value, _("feeding each other")),
    (Work.CHILDREN.value, _("minding children")),
    (Work.REPAIR.value, _("repairing things")),
    (Work.LANGUAGES.value, _("interpreting")),
]
assert {key for key, _words in WORKS} == {work.value for work in Work}, "every kind of work has its words"
WORDS = [(word.value, word.value) for word in ClusterWord]


class Willing(models.Model):
    """That a person lets themselves be proposed, and near which block; without it nobody ever is."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="willing", editable=False
    )
    block = models.ForeignKey(Block, models.CASCADE, related_name="+", verbose_name=_("block"))
    since = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.person_id}"


class Cluster(models.Model):
    """A proposal: people near each other who could become something. Deleted when it comes to nothing."""

    ref = models.CharField(max_length=10, unique=True, default=new_ref, editable=False)
    kind = models.CharField(max_length=12, choices=CLUSTER_KINDS)
    work = models.CharField(max_length=12, choices=WORKS, blank=True)
    # The block nearest to its middle, so that a page can say about where.
    block = models.ForeignKey(Block, models.CASCADE, related_name="+")
    # What was wanted when it was made: skills, by their keys.
    wanted = models.JSONField(default=list)
    # Of a sprint: how often its work was asked for. Of an institution: how often it held around here.
    times = models.PositiveIntegerField(default=0)
    computed_at = models.DateTimeField()
    stands_until = models.DateTimeField()
    # When so many had said that they are interested that all of those were told.
    met_at = models.DateTimeField(null=True)
    # What came of it; of pods.
    pod = models.ForeignKey(Pod, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ("id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=ClusterKind.POD.value, work="")
                | (~Q(kind=ClusterKind.POD.value) & ~Q(work="") & Q(pod=None)),
                name="cluster_work_named",
            ),
            # The same two people at once, or one twice: one proposal makes one pod.
            models.UniqueConstraint(fields=["pod"], name="cluster_of_pod"),
        ]
        indexes = [models.Index(fields=["kind", "id"], name="cluster_by_kind")]

    def __str__(self) -> str:
        return self.ref

    @property
    def subject(self) -> str:
        """Return the name of this proposal in the outbox."""
        return f"cluster:{self.pk}"


class ClusterMember(models.Model):
    """A person in a proposal, and what they said to it, which nobody else ever reads before enough have."""

    cluster = models.ForeignKey(Cluster, models.CASCADE, related_name="members")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="clusters")
    # Twelve numbered places: the database itself refuses a thirteenth.
    place = models.PositiveSmallIntegerField()
    said = models.CharField(max_length=10, choices=WORDS, blank=True)

    class Meta:
        ordering = ("place",)
        constraints = [
            models.UniqueConstraint(fields=["cluster", "person"], name="cluster_person_once"),
            models.UniqueConstraint(fields=["cluster", "place"], name="cluster_place_once"),
            models.CheckConstraint(condition=Q(place__range=(1, MOST)), name="cluster_place_exists"),
        ]

    def __str__(self) -> str:
        return f"{self.cluster_id}/{self.place}"


class ClusterRun(models.Model):
    """When proposals were computed last, and whether somebody asked for them anew; there is one row."""

    only = models.BooleanField(primary_key=True, default=True, editable=False)
    asked_at = models.DateTimeField(null=True)
    computed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(only=True), name="cluster_run_is_one")]

    def __str__(self) -> str:
        return f"{self.computed_at}"
