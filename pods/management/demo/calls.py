"""Calls that are over, one that is going on, and a raid that nobody has confirmed yet."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import F

from commons.notices.models import Delivery
from commons.notices.states import DeliveryState
from commons.people.models import Person
from pods.actions import answers, calls, turn
from pods.management.demo.people import People
from pods.management.demo.script import PAST, RAID, TONIGHT, Scene, Step
from pods.models import Call, CallKind, Invite, Pod
from pods.states import ENDED, Answer, Via
from sites.models import Block, Skill

HANDED_WITHIN = timedelta(milliseconds=380)
MINUTE = timedelta(minutes=1)
QUARTER = timedelta(minutes=15)
# What members do who need not have been asked.
BY_MEMBERS = {"confirm": calls.confirm_call, "release": calls.release_details, "cancel": calls.cancel_call}


class Stage(NamedTuple):
    """Everything a scene needs."""

    people: People
    pods: dict[str, Pod]
    blocks: dict[str, Block]
    skills: dict[str, Skill]
    kinds: dict[str, CallKind]


def make(people: People, pods: dict[str, Pod], blocks: dict[str, Block], now: datetime) -> None:
    """Play the scenes in the order in which they happened."""
    skills = {skill.key: skill for skill in Skill.objects.all()}
    kinds = {kind.own_name or kind.key: kind for kind in CallKind.objects.all()}
    stage = Stage(people, pods, blocks, skills, kinds)
    for scene in (*PAST, RAID, TONIGHT):
        _Play(stage, scene, now).play()


class _Play:
    """One call, from its raising on."""

    def __init__(self, stage: Stage, scene: Scene, now: datetime) -> None:
        self.stage, self.scene, self.now = stage, scene, now
        self.opened = now - scene.ago
        needed = self.opened + scene.needed_in
        # People say a quarter past, not 17:52.
        self.needed = needed - (needed - datetime.min.replace(tzinfo=needed.tzinfo)) % QUARTER + QUARTER

    def play(self) -> None:
        """Raise it, and let people and time do what the script says, up to now."""
        stage, scene = self.stage, self.scene
        self.call = calls.raise_call(
            by=stage.people[scene.by],
            pod=stage.pods[scene.pod],
            kind=stage.kinds[scene.kind],
            block=stage.blocks[scene.block],
            cross_street=scene.street,
            details=scene.details,
            needed_at=self.needed if scene.needed_in else self.opened,
            needs=[(stage.skills[key] if key else None, count) for key, count in scene.needs],
            now=self.opened,
            drill=scene.drill,
        )
        self._follow(list(scene.steps))
        self._until(self.opened + scene.lasted if scene.lasted else self.now)
        if scene.lasted and self._fresh().state not in ENDED:
            at = self.opened + scene.lasted
            calls.close_call(by=stage.people[scene.by], call=self.call, now=at)

    def _follow(self, steps: list[Step]) -> None:
        """Do one thing after the other; whoever was not asked yet speaks once a later wave has asked them."""
        while steps:
            steps.sort(key=lambda step: step[0])
            minute, handle, said = steps.pop(0)
            at = self.opened + minute * MINUTE
            self._until(at)
            due = self._fresh().next_due_at
            if self._asked(handle) or said in BY_MEMBERS:
                self._do(self.stage.people[handle], said, at)
            elif due is not None and due < min(self.now, self.call.deadline_at):
                steps.append(((due - self.opened) // MINUTE + 2 + minute % 3, handle, said))

    def _asked(self, handle: str) -> bool:
        return Invite.objects.filter(call=self.call, person=self.stage.people[handle]).exists()

    def _fresh(self) -> Call:
        return Call.objects.only("id", "state", "next_due_at").get(pk=self.call.pk)

    def _until(self, moment: datetime) -> None:
        """Let time pass: mails are sent, waves go out, the clock runs out."""
        while True:
            self._sent(moment)
            due = self._fresh().next_due_at
            if due is None or due > moment:
                return
            turn.turn_call(call_id=self.call.pk, now=due)

    def _sent(self, moment: datetime) -> None:
        """Let the alerts of a call that is over have been sent; those of tonight's really go out later."""
        if self.scene.lasted:
            Delivery.objects.filter(
                subject=self.call.subject, state=DeliveryState.QUEUED.value, due_at__lte=moment
            ).update(state=DeliveryState.HANDED_OFF.value, attempts=1, handed_off_at=F("due_at") + HANDED_WITHIN)

    def _do(self, person: Person, said: str, at: datetime) -> None:
        verb, _, number = said.partition(" ")
        if verb in BY_MEMBERS:
            BY_MEMBERS[verb](by=person, call=self.call, now=at)
        elif verb == "read":
            if Invite.objects.filter(call=self.call, person=person, counted_for__isnull=False).exists():
                calls.reveal_details(by=person, call=self.call, now=at)
        elif verb == "more":
            answers.call_more(call_id=self.call.pk, person_id=person.pk, now=at)
        else:
            answers.answer_call(
                call_id=self.call.pk,
                person_id=person.pk,
                answer=Answer(verb),
                minutes=int(number) if number else None,
                via=Via.PAGE if person.handle == self.scene.by else Via.LINK,
                key=f"demo-{person.pk}-{at:%d%H%M%S}",
                now=at,
            )
