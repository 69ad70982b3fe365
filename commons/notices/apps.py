"""The notices app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    """The outbox and its channels."""

    name = "commons.notices"
    label = "notices"
    verbose_name = _("Messages")

    def ready(self) -> None:
        """Say how letters are worded."""
        from commons.notices import kinds

        kinds.composes(kinds.LETTER)(kinds.letter)
