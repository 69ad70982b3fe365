"""Pods, their seats, and newcomers for whom members vouch."""

from pods.actions import joining as actions
from pods.models import Joining, Membership
from tests.factories import PersonFactory


def people_of(pod):
    return [seat.person for seat in pod.memberships.order_by("seat").select_related("person")]


def seated(pod):
    return Membership.objects.seated().filter(pod=pod).count()


def newcomer_of(pod, now, *, vouches=2, agrees=True):
    """A newcomer for whom so many members vouch."""
    newcomer, members = PersonFactory(), people_of(pod)
    joining = actions.name_someone(by=members[0], pod=pod, person=newcomer, now=now)
    if agrees:
        actions.agree(by=newcomer, joining=joining, now=now)
    for member in members[:vouches]:
        actions.vouch(by=member, joining=joining, now=now)
    return joining


def state_of(joining):
    return Joining.objects.values_list("state", flat=True).get(pk=joining.pk)
