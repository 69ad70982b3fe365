"""The people app."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """People, sign-in, rest and terms."""

    name = "commons.people"
    label = "people"

    def ready(self) -> None:
        """Register the check of gates before anybody runs the checks."""
        import commons.gate.check  # noqa: F401, PLC0415
