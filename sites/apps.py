"""The sites app; its label differs, for Django has a `sites` of its own."""

from django.apps import AppConfig


class SitesConfig(AppConfig):
    """The neighbourhood, its blocks, and people's assets."""

    name = "sites"
    label = "casserole_sites"
