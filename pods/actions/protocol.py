"""A pod's protocol and the network's kinds of call: what later calls will do; calls that are open keep their plan."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from commons.people.models.refs import new_ref
from commons.web.refusal import Refused
from pods.models import CallKind, Pod, Protocol
from pods.rules import protocol as rules
from pods.rules.protocol import Refusal
from pods.states import Pace, Raisers

SENTENCES = {
    Refusal.FIRST: _("The first wave goes out at once."),
    Refusal.BACKWARDS: _("Each wave comes later than the one before it."),
    Refusal.TOO_LATE: _("The last wave must leave people time to come: half of the call's time at least."),
}
assert set(SENTENCES) == set(Refusal), "every refusal is said in words"
OWN_KINDS_AT_MOST = 20


@transaction.atomic
def edit_protocol(
    *, pod: Pod, kind: CallKind, pace: Pace, minutes: Sequence[int | None], spread: int, raisers: Raisers
) -> Protocol:
    """Keep how this pod handles calls of this kind from now on; raises Refused for a plan that can't work."""
    broken = rules.refusal(pace, minutes)
    if broken is not None:
        raise Refused(SENTENCES[broken[0]], field=f"wave_{broken[1]}")
    protocol, _made = Protocol.objects.update_or_create(
        pod=pod,
        kind=kind,
        defaults={"pace": pace.value, "minutes": list(minutes), "spread": spread, "raisers": raisers.value},
    )
    return protocol


@transaction.atomic
def reset_protocol(*, pod: Pod, kind: CallKind) -> None:
    """Go back to the way every pod begins with."""
    Protocol.objects.filter(pod=pod, kind=kind).delete()


def _free_name(name: str, but: CallKind | None = None) -> None:
    """Raise Refused when a kind has this name, in the reader's own language too."""
    others = [kind for kind in CallKind.objects.all() if but is None or kind.pk != but.pk]
    if name.casefold() in {kind.name.casefold() for kind in others}:
        raise Refused(_("There is a kind of this name already."), field="own_name")


@transaction.atomic
def add_kind(*, name: str, pace: Pace, needs_second: bool, emergency_first: bool, police_likely: bool) -> CallKind:
    """Add a kind of the network's own; raises Refused when its name is taken or there are enough."""
    _free_name(name)
    if CallKind.objects.exclude(own_name="").filter(active=True).count() >= OWN_KINDS_AT_MOST:
        raise Refused(_("Twenty kinds of your own are enough to choose from in a hurry. Retire one first."))
    return CallKind.objects.create(
        key=f"own-{new_ref()}",
        own_name=name,
        pace=pace.value,
        needs_second=needs_second,
        emergency_first=emergency_first,
        police_likely=police_likely,
    )


@transaction.atomic
def rename_kind(*, kind: CallKind, name: str) -> None:
    """Give one of the network's own kinds another name."""
    _own(kind)
    _free_name(name, but=kind)
    CallKind.objects.filter(pk=kind.pk).update(own_name=name)


@transaction.atomic
def use_kind(*, kind: CallKind, active: bool) -> None:
    """Retire one of the network's own kinds, or bring it back; calls of it that are open go on."""
    _own(kind)
    CallKind.objects.filter(pk=kind.pk).update(active=active)


def _own(kind: CallKind) -> None:
    if not kind.own_name:
        raise Refused(_("This kind is built in. You can add kinds of your own beside it."))
