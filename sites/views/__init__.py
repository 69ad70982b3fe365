"""The pages of the neighbourhood."""

from django.http import HttpRequest

from commons.people.models import Person


class Request(HttpRequest):
    """A request as the gates hand it on: somebody is signed in."""

    user: Person
