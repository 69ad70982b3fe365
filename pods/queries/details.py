"""Who may read a call's sealed details now, and for everybody else what has to happen first."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext

from pods.models import Call, Invite
from pods.states import ENDED, InviteState

if TYPE_CHECKING:
    from commons.people.models import Person


def why_not_yet(call: Call, person: "Person") -> str:
    """Return the sentence that says what is missing before this person may read the details; "" when nothing is."""
    if call.state in ENDED:
        return gettext("This call has ended. Its details are closed, and will be shredded.")
    if call.raised_by_id == person.pk:
        return ""
    invite = Invite.objects.filter(call=call, person=person.pk).first()
    if invite is None:
        return gettext("The details are for those who come. This call has not asked you.")
    if invite.state != InviteState.COMING:
        return gettext("The details are for those who come. Say “I'm coming” on the roll call, and they open for you.")
    if invite.counted_for_id is None:
        return gettext(
            "You are coming, and others fill every need that you could. If one of them withdraws, they open."
        )
    if call.kind.needs_second and call.released_at is None:
        return gettext("A second member of the pod releases the details first. Anyone there but the raiser can do it.")
    return ""
