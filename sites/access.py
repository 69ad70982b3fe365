"""Who may do what with the neighbourhood and what people share: one table, printed for members."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rules.predicates import predicate

from commons.gate import Permission, Table
from commons.people.access import is_member, is_organizer
from sites.models import Listener, SignUp
from sites.models.shifts import HOLDING
from sites.states import ListenerState, Role


@predicate
def is_owner(person: Any, thing: Any) -> bool:
    """Whether this is the person's own."""
    return bool(person.is_authenticated and thing is not None and thing.person_id == person.pk)


@predicate
def takes_part(person: Any, ask: Any) -> bool:
    """Whether this person asks, or is asked, here."""
    return bool(person.is_authenticated and ask is not None and person.pk in (ask.asker_id, ask.asset.person_id))


@predicate
def listens_there(person: Any, of: Any) -> bool:
    """Whether this person is in the team of a round now; `of` is the round, or something of it."""
    if of is None or not is_member(person):
        return False
    one = getattr(of, "round", of)
    return Listener.objects.filter(round=one.pk, person=person.pk, state=ListenerState.IN.value).exists()


@predicate
def plans_station(person: Any, popup: Any) -> bool:
    """Whether this person planned the station."""
    return bool(person.is_authenticated and popup is not None and popup.planned_by_id == person.pk)


@predicate
def leads(person: Any, shift: Any) -> bool:
    """Whether this person leads the shift, or planned its station."""
    if shift is None or not person.is_authenticated:
        return False
    if shift.popup.planned_by_id == person.pk:
        return True
    return SignUp.objects.filter(HOLDING, shift=shift, person=person, role__role=Role.LEAD.value).exists()


_MEMBERS = _("Members of this network can.")
_TEAM = _("The team that listens there can.")
_ORGANIZERS = _("Organizers can. The page of organizers says who they are, and until when.")

TABLE = Table(
    "casserole_sites",
    [
        Permission(
            "sites.share", is_member, _("Members of this network can."), _("Put skills and things to share on the map")
        ),
        Permission(
            "sites.change_asset",
            is_owner,
            _("Only the person who shares it can."),
            _("Change or take back what someone shares"),
        ),
        Permission("sites.see_assets", is_member, _MEMBERS, _("See what neighbours share with them, and ask for it")),
        Permission(
            "sites.take_part",
            takes_part,
            _("Only the two can: who asks, and who shares it."),
            _("Read what was asked, answer, lend, and say that it came back"),
        ),
        Permission("sites.enter_cards", is_organizer, _ORGANIZERS, _("Type in paper cards on people's behalf")),
        Permission("sites.keep_neighbourhood", is_organizer, _ORGANIZERS, _("Name the neighbourhood and its blocks")),
        Permission("sites.import_people", is_organizer, _ORGANIZERS, _("Invite people from a spreadsheet")),
        Permission(
            "sites.confirm_import",
            is_owner & is_organizer,
            _("Only the organizer who uploaded the list can."),
            _("See and confirm an uploaded list"),
        ),
        Permission("sites.see_places", is_member, _MEMBERS, _("See the places of the neighbourhood")),
        Permission("sites.change_places", is_member, _MEMBERS, _("Add places and correct them")),
        Permission("sites.score_places", is_member, _MEMBERS, _("Score places, and see how they rank")),
        Permission("sites.import_places", is_organizer, _ORGANIZERS, _("Import places from a map")),
        Permission("sites.see_signs", is_member, _MEMBERS, _("See and print the signs of a station")),
        Permission(
            "sites.word_signs",
            plans_station | is_organizer,
            _("Whoever planned the station can, and organizers."),
            _("Say what a station's signs say, and show the page behind their code"),
        ),
        Permission("sites.see_popups", is_member, _MEMBERS, _("See the pop-up stations and their shifts")),
        Permission("sites.plan_popup", is_member, _MEMBERS, _("Plan a pop-up station where people have listened")),
        Permission(
            "sites.keep_popup",
            plans_station | is_organizer,
            _("Whoever planned this station can, and organizers."),
            _("Open a pop-up station, change it, move it, end it"),
        ),
        Permission("sites.join_shift", is_member, _MEMBERS, _("Take a place on a shift, stand in, bring something")),
        Permission(
            "sites.keep_shift",
            leads | is_organizer,
            _("Whoever leads this shift or planned its station can, and organizers."),
            _("Announce a closed week, write down how a shift went"),
        ),
        Permission("sites.merge_places", is_organizer, _ORGANIZERS, _("Say whether two places are one")),
        Permission("sites.listen", is_member, _MEMBERS, _("Begin to listen at a place, or ask to listen along")),
        Permission(
            "sites.read_notes",
            listens_there | is_organizer,
            _("The team that listens there and organizers can."),
            _("Read what a team noticed"),
        ),
        Permission(
            "sites.write_visits",
            listens_there,
            _TEAM,
            _("Write down what was noticed, and take somebody into the team"),
        ),
        Permission(
            "sites.end_round",
            listens_there | is_organizer,
            _("The team that listens there and organizers can."),
            _("End a round of listening"),
        ),
        Permission(
            "sites.override_stage",
            is_organizer,
            _ORGANIZERS,
            _("Let a pop-up start before listening is done, and say why"),
        ),
    ],
)
LISTEN = TABLE["sites.listen"]
READ_NOTES = TABLE["sites.read_notes"]
WRITE_VISITS = TABLE["sites.write_visits"]
END_ROUND = TABLE["sites.end_round"]
OVERRIDE_STAGE = TABLE["sites.override_stage"]
SEE_PLACES = TABLE["sites.see_places"]
CHANGE_PLACES = TABLE["sites.change_places"]
SCORE_PLACES = TABLE["sites.score_places"]
IMPORT_PLACES = TABLE["sites.import_places"]
MERGE_PLACES = TABLE["sites.merge_places"]
SEE_SIGNS = TABLE["sites.see_signs"]
WORD_SIGNS = TABLE["sites.word_signs"]
SEE_POPUPS = TABLE["sites.see_popups"]
PLAN_POPUP = TABLE["sites.plan_popup"]
KEEP_POPUP = TABLE["sites.keep_popup"]
JOIN_SHIFT = TABLE["sites.join_shift"]
KEEP_SHIFT = TABLE["sites.keep_shift"]
SHARE = TABLE["sites.share"]
SEE_ASSETS = TABLE["sites.see_assets"]
TAKE_PART = TABLE["sites.take_part"]
ENTER_CARDS = TABLE["sites.enter_cards"]
CHANGE_ASSET = TABLE["sites.change_asset"]
KEEP_NEIGHBOURHOOD = TABLE["sites.keep_neighbourhood"]
IMPORT_PEOPLE = TABLE["sites.import_people"]
CONFIRM_IMPORT = TABLE["sites.confirm_import"]
