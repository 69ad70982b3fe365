"""Invites: who was asked by which wave, what they answered, and whether they are counted."""

from django.conf import settings
from django.db import models

from pods.models.calls import Call, CallNeed, CallWave
from pods.states import Answer, InviteState, Via

INVITE_STATES = [(state.value, state.value) for state in InviteState]
ANSWERS = [(answer.value, answer.value) for answer in Answer]
VIAS = [(via.value, via.value) for via in Via]


class Invite(models.Model):
    """One person asked by one call, however many pods or waves match."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="invites")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="invites")
    wave = models.ForeignKey(CallWave, models.CASCADE, related_name="invites")
    state = models.CharField(max_length=10, choices=INVITE_STATES, default=InviteState.INVITED.value)
    # What they said last; `state` is where they stand, which enough may change.
    answer = models.CharField(max_length=6, choices=ANSWERS, blank=True)
    minutes = models.PositiveSmallIntegerField(null=True)
    counted_for = models.ForeignKey(CallNeed, models.SET_NULL, null=True, related_name="counted")
    invited_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0)
    asked_for_more_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["call", "person"], name="invite_once")]
        indexes = [models.Index(fields=["person", "-invited_at"], name="invite_by_person")]

    def __str__(self) -> str:
        return self.state


class AnswerEvent(models.Model):
    """An answer as it was given; append-only. The same key again is the same answer."""

    invite = models.ForeignKey(Invite, models.CASCADE, related_name="events")
    at = models.DateTimeField()
    answer = models.CharField(max_length=6, choices=ANSWERS)
    minutes = models.PositiveSmallIntegerField(null=True)
    via = models.CharField(max_length=6, choices=VIAS)
    key = models.CharField(max_length=40)
    late = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["invite", "key"], name="answer_key_once")]
        indexes = [models.Index(fields=["at"], name="answer_by_age")]

    def __str__(self) -> str:
        return self.answer


class Reveal(models.Model):
    """That a person opened a call's sealed details; counted against their daily budget."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="reveals")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["call", "person"], name="reveal_once")]
        indexes = [models.Index(fields=["person", "at"], name="reveal_by_person")]

    def __str__(self) -> str:
        return f"{self.call_id}"
