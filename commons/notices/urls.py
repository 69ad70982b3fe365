"""Addresses of notices: how a person is reached, and whether the server is well."""

from django.urls import URLPattern, URLResolver, path

from commons.notices.views import channels, health

urlpatterns: list[URLPattern | URLResolver] = [
    path("settings/channels/", channels.channels, name="channels"),
    path("settings/channels/<str:ref>/line/", channels.channel_line, name="channel_line"),
    path("settings/channels/<str:ref>/again/", channels.channel_again, name="channel_again"),
    path("healthz", health.healthz, name="healthz"),
]
