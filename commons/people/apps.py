"""The people app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    """People, sign-in, rest and terms."""

    name = "commons.people"
    label = "people"
    verbose_name = _("People")

    def ready(self) -> None:
        """Register the checks of gates, retention and keys before anybody runs them."""
        import commons.gate.check
        import commons.retention
        import commons.seal.check  # noqa: F401

        self._stops()

    def _stops(self) -> None:
        """Put Today on the road, and the commons beside it, for whoever is signed in."""
        from commons.people.access import is_member
        from commons.web import nav

        nav.register(_("Today"), "today", order=0, when=is_member)
        nav.register(_("Commons"), "commons", order=100, when=is_member, beside=True)
