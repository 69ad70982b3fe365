"""The sites app; its label differs, for Django has a `sites` of its own."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SitesConfig(AppConfig):
    """The neighbourhood, its blocks, and people's assets."""

    name = "sites"
    label = "casserole_sites"
    verbose_name = _("Neighbourhood and skills")

    def ready(self) -> None:
        """Say who knows the neighbourhood, what waits for people, and what becomes of a list's words at joining."""
        from commons.people.actions.joining import on_joined
        from commons.web.context import neighbourhood_from
        from sites.actions.joining import share_what_was_said
        from sites.queries import cards  # noqa: F401
        from sites.queries.neighbourhood import neighbourhood

        neighbourhood_from(neighbourhood)
        if share_what_was_said not in on_joined:
            on_joined.append(share_what_was_said)
