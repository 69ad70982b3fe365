"""The sites app; its label differs, for Django has a `sites` of its own."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SitesConfig(AppConfig):
    """The neighbourhood, its blocks, and people's assets."""

    name = "sites"
    label = "casserole_sites"
    verbose_name = _("Neighbourhood and skills")

    def ready(self) -> None:
        """Say who knows the neighbourhood, what waits for people, and what becomes of a list's words and letters."""
        from commons.notices import kinds
        from commons.people.actions.joining import on_joined
        from commons.web import nav
        from commons.web.context import neighbourhood_from
        from sites.actions.joining import share_what_was_said
        from sites.queries import (  # noqa: F401 - cards register themselves
            asset_words,
            cards,
            evening,
            listening_cards,
            roster,
            shift_cards,
            shift_messages,
        )
        from sites.queries.neighbourhood import neighbourhood

        neighbourhood_from(neighbourhood)
        asset_words.register()
        nav.register(_("Map"), "map", order=10)
        shift_messages.register()
        kinds.wanted_while(roster.LETTER, roster.letters_wanted)
        if share_what_was_said not in on_joined:
            on_joined.append(share_what_was_said)
