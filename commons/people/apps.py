"""The people app."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """People, sign-in, rest and terms."""

    name = "commons.people"
    label = "people"
