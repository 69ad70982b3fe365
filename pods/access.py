"""Who may do what with pods and calls: one table, read by the gates, the buttons and the page that prints it."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rules.predicates import predicate

from commons.gate import Permission, Table
from commons.people.access import is_member, is_organizer
from pods.models import Joining, Membership, Pod, Protocol
from pods.states import ClusterWord, Raisers

# --- predicates: each reads as the end of "she …" ----------------------------------------------


@predicate
def is_member_of_pod(person: Any, pod: Pod | None) -> bool:
    """She has a seat in this pod."""
    return (
        pod is not None
        and is_member(person)
        and Membership.objects.seated().filter(pod=pod.pk, person=person.pk).exists()
    )


@predicate
def is_outside_pod(person: Any, pod: Pod | None) -> bool:
    """She belongs to the network and has no seat in this pod."""
    return pod is not None and is_member(person) and not is_member_of_pod(person, pod)


@predicate
def is_newcomer(person: Any, joining: Joining | None) -> bool:
    """It is she who is to join."""
    return joining is not None and is_member(person) and joining.person_id == person.pk


@predicate
def vouches_there(person: Any, joining: Joining | None) -> bool:
    """She has a seat in the pod that someone is joining."""
    return joining is not None and is_member_of_pod(person, joining.pod)


@predicate
def is_proposed(person: Any, cluster: Any) -> bool:
    """She is one of those whom a proposal includes; proposals are fetched for her, with what she said."""
    return cluster is not None and is_member(person) and hasattr(cluster, "said")


@predicate
def is_interested(person: Any, cluster: Any) -> bool:
    """She said that she is interested, and so have enough others."""
    return bool(is_proposed.test(person, cluster) and cluster.met_at and cluster.said == ClusterWord.INTERESTED)


def may_raise(person: Any, pod: Pod, kind_id: int) -> bool:
    """Return whether the pod's protocol lets this member raise a call of this kind."""
    if not is_member_of_pod(person, pod):
        return False
    raisers = Protocol.objects.filter(pod=pod.pk, kind=kind_id).values_list("raisers", flat=True).first()
    return raisers != Raisers.ORGANIZERS.value or is_organizer(person)


@predicate
def stands_with_call(person: Any, call: Any) -> bool:
    """She has a seat in the pod that called; calls fetched for a reader know it already."""
    if call is None or not is_member(person):
        return False
    known = getattr(call, "reader_member", None)
    return bool(known) if known is not None else bool(is_member_of_pod.test(person, call.pod))


@predicate
def was_asked(person: Any, call: Any) -> bool:
    """This call asked her; calls fetched for a reader know it already."""
    return call is not None and is_member(person) and getattr(call, "reader_state", None) is not None


# --- the table ---------------------------------------------------------------------------------

SEE_PODS = Permission(
    "pods.see_pods",
    is_member,
    _("Every member of the network can see which pods there are."),
    _("See a pod's name, block, size, and how many there can do what"),
)
SEE_INSIDE = Permission(
    "pods.see_inside",
    is_member_of_pod | is_organizer,
    _("The members of this pod and organizers can see who is in it."),
    _("See who is in a pod"),
)
FORM_POD = Permission(
    "pods.form_pod",
    is_member,
    _("Every member of the network can form a pod."),
    _("Form a pod"),
)
NAME_NEWCOMER = Permission(
    "pods.name_newcomer",
    is_member_of_pod,
    _("Members of this pod can name someone to join it."),
    _("Name someone to join the pod"),
)
ASK_TO_JOIN = Permission(
    "pods.ask_to_join",
    is_outside_pod,
    _("Members of the network who are not in this pod can ask to join it."),
    _("Ask to join a pod"),
)
SEE_JOINING = Permission(
    "pods.see_joining",
    is_newcomer | vouches_there,
    _("The newcomer and the members of the pod can see this."),
    _("See that someone is joining"),
)
AGREE_TO_JOIN = Permission(
    "pods.agree_to_join",
    is_newcomer,
    _("Only the newcomer can say whether they want to join."),
    _("Agree to join, or say no"),
)
VOUCH = Permission(
    "pods.vouch",
    vouches_there & ~is_newcomer,
    _("Members of the pod can vouch for a newcomer."),
    _("Vouch for a newcomer"),
)
OBJECT = Permission(
    "pods.object",
    vouches_there & ~is_newcomer,
    _("Members of the pod can object to a newcomer, seen by nobody."),
    _("Object to a newcomer, seen by nobody"),
)
LEAVE_POD = Permission(
    "pods.leave_pod",
    is_member_of_pod,
    _("Only members of this pod can leave it. Nobody can be sent away."),
    _("Leave a pod"),
)
SEE_PROTOCOL = Permission(
    "pods.see_protocol",
    is_member_of_pod,
    _("Members of this pod can see its protocol."),
    _("See how a pod handles calls"),
)
EDIT_PROTOCOL = Permission(
    "pods.edit_protocol",
    is_member_of_pod,
    _("Members of this pod can change its protocol."),
    _("Change how a pod handles calls"),
)
KEEP_KINDS = Permission(
    "pods.keep_kinds",
    is_organizer,
    _("Organizers keep the kinds of call."),
    _("Add, rename and retire kinds of call"),
)

SEE_CLUSTERS = Permission(
    "pods.see_clusters",
    is_member,
    _("Every member of the network can see the proposals that include them."),
    _("See proposals that include oneself, and choose whether one is ever proposed"),
)
ANSWER_CLUSTER = Permission(
    "pods.answer_cluster",
    is_proposed,
    _("Only those whom a proposal includes can say what they think of it."),
    _("Say that one is interested in a proposal, or that it is not for oneself, seen by nobody"),
)
FOUND_CLUSTER = Permission(
    "pods.found_cluster",
    is_interested,
    _("Those who said that they are interested can, once enough others have said so too."),
    _("Form a proposed pod together with the others who are interested, or call a gathering with them"),
)
KEEP_CLUSTERS = Permission(
    "pods.keep_clusters",
    is_organizer,
    _("Organizers can. The page of organizers says who they are, and until when."),
    _("See of all proposals how large they are and what they cover, without names, and have them computed anew"),
)

RAISE_CALL = Permission(
    "pods.raise_call",
    is_member_of_pod,
    _("Members of this pod can raise a call for it."),
    _("Raise a call"),
)
SEE_CALL = Permission(
    "pods.see_call",
    is_member,
    _("The members of the pod, everyone who was asked, and organizers can see a call."),
    _("See a call: what is needed, what comes next, and how many come"),
)
ANSWER_CALL = Permission(
    "pods.answer_call",
    was_asked | stands_with_call,
    _("Those whom the call asked, and the members of its pod, can answer it."),
    _("Answer a call, and ask that someone else be called too"),
)
SECOND_CALL = Permission(
    "pods.second_call",
    stands_with_call,
    _("Members of the pod other than the one who raised it can confirm a call and release its details."),
    _("Confirm a call as a second member, and release its details to those who come"),
)
RUN_CALL = Permission(
    "pods.run_call",
    stands_with_call,
    _("Members of the pod that called can add a need, cancel the call and close it."),
    _("Add a need to a call, cancel it, close it"),
)
READ_DETAILS = Permission(
    "pods.read_details",
    was_asked | stands_with_call,
    _("Those who come and are counted for a need can read the sealed details, and whoever raised the call."),
    _("Read the sealed details of a call, once counted for a need"),
)

TABLE = Table(
    "pods",
    [
        SEE_PODS,
        SEE_INSIDE,
        FORM_POD,
        NAME_NEWCOMER,
        ASK_TO_JOIN,
        SEE_JOINING,
        AGREE_TO_JOIN,
        VOUCH,
        OBJECT,
        LEAVE_POD,
        SEE_PROTOCOL,
        EDIT_PROTOCOL,
        KEEP_KINDS,
        SEE_CLUSTERS,
        ANSWER_CLUSTER,
        FOUND_CLUSTER,
        KEEP_CLUSTERS,
        RAISE_CALL,
        SEE_CALL,
        ANSWER_CALL,
        SECOND_CALL,
        RUN_CALL,
        READ_DETAILS,
    ],
)
