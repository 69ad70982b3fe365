"""The notices app."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """The outbox and its channels."""

    name = "commons.notices"
    label = "notices"
