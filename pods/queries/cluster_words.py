"""What the program has to say of proposals: why each is made, the neutral message, and the cards of Today."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from commons.gatherings.queries.kinds import proposal
from commons.gatherings.states import Kind
from commons.notices import kinds
from commons.notices.kinds import Claimed, Words
from commons.people.models import Person
from commons.web.nav import Tempo
from commons.web.today import SOMETIME, SOON, Card
from pods.models import Cluster
from pods.queries import clusters as queries
from pods.queries.clusters import View
from pods.queries.joining_words import something_waits
from pods.states import ClusterWord
from sites.rules.grouping import WITHIN
from sites.states import ClusterKind

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

KICKER = _("Where capacity gathers")
# For so long a new proposal is news; after that it can still be looked at, and nobody is reminded.
NEWS = timedelta(days=7)
COULD: "dict[ClusterKind, StrOrPromise]" = {
    ClusterKind.POD: _("Could be a pod"),
    ClusterKind.SPRINT: _("Could be a sprint: %(work)s"),
    ClusterKind.INSTITUTION: _("Could be an institution: %(work)s"),
}
assert set(COULD) == set(ClusterKind), "every kind has its words"


def could_be(cluster: Cluster) -> str:
    """Return what could come of it, as a heading."""
    return str(COULD[ClusterKind(cluster.kind)]) % {"work": cluster.get_work_display()}


def within() -> str:
    """Return the stated distance in kilometres, as the reader writes numbers."""
    return number_format(WITHIN / 1000, decimal_pos=1)


def reason(view: View) -> str:
    """Return why it is proposed, in one sentence."""
    said = {
        "people": view.people,
        "km": within(),
        "covered": view.cover.covered,
        "wanted": view.cover.wanted,
        "times": view.times,
    }
    match ClusterKind(view.cluster.kind):
        case ClusterKind.POD:
            sentence = ngettext(
                "%(people)s neighbour within %(km)s km, in no pod yet, can do %(covered)s of the %(wanted)s things "
                "that calls needed.",
                "%(people)s neighbours within %(km)s km of each other, in no pod yet, can together do %(covered)s of "
                "the %(wanted)s things that calls needed.",
                view.people,
            )
        case ClusterKind.SPRINT:
            sentence = ngettext(
                "%(people)s neighbour can do %(covered)s parts of this work, which was asked for %(times)s times.",
                "%(people)s neighbours within %(km)s km of each other can do %(covered)s different parts of this work, "
                "which was asked for %(times)s times, and they share a space or a tool for it.",
                view.people,
            )
        case ClusterKind.INSTITUTION:
            sentence = ngettext(
                "This work held here %(times)s times in the last year, and %(people)s neighbour has stood for it for "
                "half a year or longer.",
                "This work held here %(times)s times in the last year, and %(people)s neighbours within %(km)s km of "
                "each other have stood for what it takes for half a year or longer.",
                view.people,
            )
    return sentence % said


@dataclass(frozen=True)
class Shown:
    """A proposal with its words."""

    view: View
    title: str
    reason: str
    tempo: Tempo
    cover: str


def shown(views: Iterable[View]) -> list[Shown]:
    """Return these proposals with their words, in the reader's language."""
    return [
        Shown(view, could_be(view.cluster), reason(view), queries.TEMPO[ClusterKind(view.cluster.kind)], cover(view))
        for view in views
    ]


# At which kind of gathering those who are proposed meet first: to see what each can do, or to say what comes first.
GATHERINGS = {
    ClusterKind.POD: Kind.ASSET_MAPPING,
    ClusterKind.SPRINT: Kind.MINI_ASSEMBLY,
    ClusterKind.INSTITUTION: Kind.ASSEMBLY,
}
assert set(GATHERINGS) == set(ClusterKind), "every kind has its gathering"


def gathering_for(cluster: Cluster) -> dict[str, str]:
    """Return what stands in the form of a gathering of those who are interested: its kind, title, purpose and area.

    Nothing of it says who is proposed, nor that anybody is: whoever calls it decides what the others read.
    """
    kind, around = GATHERINGS[ClusterKind(cluster.kind)], {"block": cluster.block.name}
    if cluster.work:
        work = str(cluster.get_work_display())
        title = gettext("%(work)s: what do we do first?") % {"work": work[:1].upper() + work[1:]}
        purpose = gettext("Neighbours around %(block)s begin it together.") % around
    else:
        title, purpose = (
            str(proposal(kind).title),
            gettext("Neighbours around %(block)s get to know each other.") % around,
        )
    place = gettext("Around %(block)s") % around
    return {"kind": kind.value, "title": title[:80], "purpose": purpose, "place": place[:120]}


def cover(view: View) -> str:
    """Return what the picture of what is covered shows, in words."""
    said = {"covered": view.cover.covered, "wanted": view.cover.wanted, "kept": view.cover.kept}
    if not view.cover.kept:
        return gettext("%(covered)s of %(wanted)s wanted skills are covered.") % said
    return (
        gettext(
            "%(covered)s of %(wanted)s wanted skills are covered, %(kept)s of them by what people keep for their pods."
        )
        % said
    )


def _met(deliveries: Sequence[Claimed], _now: datetime) -> dict[int, Words | Exception | None]:
    """Word that enough are interested, for those who are still; neutrally, as everything on a locked screen."""
    people = Person.objects.in_bulk({one.person_id for one in deliveries if one.person_id is not None})
    ids = {one.pk: int(one.subject.partition(":")[2]) for one in deliveries}
    open_ones = Cluster.objects.filter(
        pk__in=set(ids.values()), pod=None, members__said=ClusterWord.INTERESTED.value
    ).values_list("pk", "members__person_id")
    wanted = set(open_ones)
    return {
        one.pk: something_waits(people[one.person_id])
        if one.person_id in people and (ids[one.pk], one.person_id) in wanted
        else None
        for one in deliveries
    }


def register() -> None:
    """Tell notices how the message is worded."""
    kinds.composes("pods.cluster_met")(_met)


def cards(person: Any, now: datetime) -> Iterable[Card]:
    """Return what waits: that enough are interested, and for a week that one is proposed with the others."""
    for cluster in queries.clusters_for(person):
        said = getattr(cluster, "said", "")
        if cluster.met_at is not None and said == ClusterWord.INTERESTED:
            yield _card(cluster, SOON, gettext("Enough of you are interested"), gettext("See who, and begin."))
        elif not said and cluster.met_at is None and now < cluster.computed_at + NEWS:
            body = gettext("Neighbours near each other who complete each other, and you are one of them. You decide.")
            yield _card(cluster, SOMETIME, could_be(cluster), body)


def _card(cluster: Cluster, urgency: int, title: str, body: str) -> Card:
    tempo = queries.TEMPO[ClusterKind(cluster.kind)]
    url = reverse("cluster", args=[cluster.ref])
    return Card(urgency=urgency, kicker=KICKER, title=title, body=body, url=url, action=gettext("See it"), tempo=tempo)
