"""Calls: what is needed, the waves that ask for it, and what happened."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

from commons import seal
from commons.people.models.refs import new_ref
from commons.seal import SealedTextField
from pods.models.pods import Pod
from pods.models.protocol import PACES, CallKind
from pods.states import LIVE, TURNING, CallState, LogWord, WaveRule, WaveState
from sites.models import Block, Skill

CALL_STATES = [(state.value, state.value) for state in CallState]
WAVE_RULES = [(rule.value, rule.value) for rule in WaveRule]
WAVE_STATES = [(state.value, state.value) for state in WaveState]
LOG_WORDS = [(word.value, word.value) for word in LogWord]


class CallQuerySet(models.QuerySet["Call"]):
    """The vocabulary of calls."""

    def live(self) -> "CallQuerySet":
        """Return the calls that still want people."""
        return self.filter(state__in=LIVE)

    def going_on(self) -> "CallQuerySet":
        """Return the calls that have neither been closed nor cancelled."""
        return self.filter(state__in=TURNING)

    def due(self, now: datetime) -> "CallQuerySet":
        """Return the calls whose next step is due."""
        return self.filter(state__in=TURNING, next_due_at__lte=now)


class Call(models.Model):
    """A call for people with skills, soon. Times are those of the database's clock."""

    ref = models.CharField(max_length=10, unique=True, default=new_ref, editable=False)
    pod = models.ForeignKey(Pod, models.PROTECT, related_name="calls")
    kind = models.ForeignKey(CallKind, models.PROTECT, related_name="calls")
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    # Named by the form that raised it: the same form sent twice is one call.
    raise_key = models.CharField(max_length=40, null=True, editable=False)  # noqa: DJ001 - unique where it is known
    state = models.CharField(max_length=10, choices=CALL_STATES, default=CallState.OPEN.value)
    # Fences late processes: every change of state raises it.
    version = models.PositiveIntegerField(default=1)
    # How often it was covered, so that each stand-down is a message of its own.
    covers = models.PositiveSmallIntegerField(default=0)
    drill = models.BooleanField(default=False)
    pace = models.CharField(max_length=8, choices=PACES)
    spread = models.PositiveSmallIntegerField(default=2)
    # An urgent call may cross the quiet hours of those who said so.
    urgent = models.BooleanField(default=False)
    block = models.ForeignKey(Block, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    needed_at = models.DateTimeField()
    deadline_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    next_due_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    released_at = models.DateTimeField(null=True)
    covered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    # Taken when it ends, since who answered is forgotten after a month: counts, never names.
    asked = models.PositiveSmallIntegerField(default=0)
    came = models.PositiveSmallIntegerField(default=0)
    from_afar = models.PositiveSmallIntegerField(default=0)
    cross_street = SealedTextField(bind="ref", key="key_bytes", null=True)
    details = SealedTextField(bind="ref", key="key_bytes", null=True)

    objects = CallQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["raised_by", "raise_key"], name="call_raised_once")]
        indexes = [
            models.Index(fields=["next_due_at"], name="call_due", condition=Q(state__in=sorted(TURNING))),
            models.Index(fields=["pod", "-opened_at"], name="call_by_pod"),
            models.Index(fields=["ended_at"], name="call_by_end"),
        ]

    def __str__(self) -> str:
        return self.ref

    @property
    def subject(self) -> str:
        """Return the name of this call in the outbox."""
        return f"call:{self.pk}"

    @property
    def unconfirmed(self) -> bool:
        """Return whether a second member has yet to confirm it."""
        return self.kind.needs_second and self.confirmed_at is None

    def key_bytes(self) -> bytes | None:
        """Return the call's own 32-byte key, or None when it was shredded."""
        fresh: bytes | None = getattr(self, "_fresh_key", None)
        if fresh is not None:
            return fresh
        row = CallKey.objects.filter(call_ref=self.ref).first()
        self._fresh_key = row.open() if row else None
        return self._fresh_key


class CallKey(models.Model):
    """A call's own key, wrapped by the server's; deleting the row shreds what it sealed.

    This table stays out of every dump, so that no backup can bring a shredded call back.
    """

    # For moving to another key of the server's: what is wrapped, and what says where it belongs.
    wraps = {"wrapped": "context"}

    call_ref = models.CharField(max_length=10, primary_key=True)
    wrapped = models.BinaryField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.call_ref

    def open(self) -> bytes:
        """Return the 32 bytes; raises SealBroken when they can't be unwrapped."""
        return seal.unwrap(bytes(self.wrapped), self.context())

    def context(self) -> str:
        """Return what this key is bound to."""
        return f"call:{self.call_ref}"


class CallNeed(models.Model):
    """So many people with this skill; without a skill, anyone."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="needs")
    skill = models.ForeignKey(Skill, models.PROTECT, null=True, related_name="+")
    count = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=["call", "skill"], name="need_once_per_skill", nulls_distinct=False),
            models.CheckConstraint(condition=Q(count__range=(1, 40)), name="need_count_bounded"),
        ]

    def __str__(self) -> str:
        return f"{self.count}"


class CallWave(models.Model):
    """One widening of a call, frozen when the call opened."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="waves")
    ordinal = models.PositiveSmallIntegerField()
    rule = models.CharField(max_length=10, choices=WAVE_RULES)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=WAVE_STATES, default=WaveState.PLANNED.value)
    fired_at = models.DateTimeField(null=True)
    asked = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("ordinal",)
        constraints = [models.UniqueConstraint(fields=["call", "ordinal"], name="wave_once")]

    def __str__(self) -> str:
        return f"{self.ordinal} {self.rule}"


class CallEvent(models.Model):
    """A line of a call's log: a word and what it needs to be told in any language. Append-only."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="log")
    at = models.DateTimeField()
    word = models.CharField(max_length=12, choices=LOG_WORDS)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    # Counts and codes only, never words about anyone.
    facts = models.JSONField(default=dict)

    class Meta:
        ordering = ("id",)
        indexes = [models.Index(fields=["call", "id"], name="event_by_call")]

    def __str__(self) -> str:
        return self.word
