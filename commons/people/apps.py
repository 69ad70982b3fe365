"""The people app."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """People, sign-in, rest and terms."""

    name = "commons.people"
    label = "people"

    def ready(self) -> None:
        """Register the checks of gates and of retention before anybody runs them."""
        import commons.gate.check
        import commons.retention  # noqa: F401
