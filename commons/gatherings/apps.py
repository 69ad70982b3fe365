"""The gatherings app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GatheringsConfig(AppConfig):
    """Gatherings, who comes, and calendars."""

    name = "commons.gatherings"
    label = "gatherings"
    verbose_name = _("Gatherings")

    def ready(self) -> None:
        """Put gatherings on Today, and say how messages about them are worded."""
        from commons.gatherings.queries import cards, messages
        from commons.web import today

        messages.register()
        today.source(cards.cards)
