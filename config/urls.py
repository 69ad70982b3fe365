"""Every address of the site, by room."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    # First, since the answers to a call are in it.
    path("", include("pods.urls")),
    path("", include("commons.people.urls")),
    path("", include("commons.notices.urls")),
    path("", include("commons.gatherings.urls")),
    path("", include("sites.urls")),
]

handler403 = "commons.web.errors.forbidden"
handler500 = "commons.web.errors.server_error"

if settings.DEMO:
    urlpatterns.append(path("demo/", include("commons.notices.demo_urls")))
