"""The pages of pods and calls: gate, form, action, response."""

from django.http import HttpRequest

from commons.people.models import Person


class Request(HttpRequest):
    """A request as the gates hand it on: somebody is signed in."""

    user: Person
