"""Addresses of gatherings, of the pages behind their links, and of calendars."""

from django.urls import URLPattern, URLResolver, path

from commons.gatherings.views import after, calendars, coming, gatherings, links

# --- for members -----------------------------------------------------------------------------------
members: list[URLPattern | URLResolver] = [
    path("gatherings/", gatherings.gatherings, name="gatherings"),
    path("gatherings/new/", gatherings.gathering_new, name="gathering_new"),
    path("gatherings/calendar/", calendars.feed, name="gathering_feed"),
    path("gatherings/<str:ref>/", gatherings.gathering, name="gathering"),
    path("gatherings/<str:ref>/come/", coming.gathering_come, name="gathering_come"),
    path("gatherings/<str:ref>/who/", coming.gathering_who, name="gathering_who"),
    path("gatherings/<str:ref>/change/", gatherings.gathering_change, name="gathering_change"),
    path("gatherings/<str:ref>/call-off/", gatherings.gathering_cancel, name="gathering_cancel"),
    path("gatherings/<str:ref>/link/", links.gathering_link, name="gathering_link"),
    path("gatherings/<str:ref>/after/", after.gathering_after, name="gathering_after"),
    path("gatherings/<str:ref>/sheet/", gatherings.gathering_sheet, name="gathering_sheet"),
    path("gatherings/<str:ref>/calendar/", calendars.gathering_file, name="gathering_file"),
]
# --- behind links: no account --------------------------------------------------------------------------
by_link: list[URLPattern | URLResolver] = [
    path("g/<str:token>/", links.gathering_open, name="gathering_open"),
    path("g/<str:token>/calendar/", calendars.open_file, name="gathering_open_file"),
    path("guest/<str:token>/", links.gathering_guest, name="gathering_guest"),
    path("feed/<str:token>/", calendars.feed_file, name="feed_file"),
]

urlpatterns: list[URLPattern | URLResolver] = [*members, *by_link]
