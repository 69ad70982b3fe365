"""The tables of people."""

from commons.people.models.absence import Absence
from commons.people.models.invitation import Invitation
from commons.people.models.person import OrganizerTerm, Person
from commons.people.models.rates import RateBucket

__all__ = ["Absence", "Invitation", "OrganizerTerm", "Person", "RateBucket"]
