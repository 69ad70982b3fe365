"""Every address of the site, by room."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("commons.people.urls")),
    path("", include("commons.notices.urls")),
    path("", include("commons.gatherings.urls")),
    path("", include("sites.urls")),
    path("", include("pods.urls")),
]

handler403 = "commons.web.errors.forbidden"
handler500 = "commons.web.errors.server_error"

if settings.DEMO:
    urlpatterns.append(path("demo/", include("commons.notices.demo_urls")))
