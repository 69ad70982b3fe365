"""Calendars: one gathering as a file, and a person's feed with its address."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from commons import clock, gate
from commons.gatherings import access
from commons.gatherings.actions import feeds
from commons.gatherings.models import Gathering
from commons.gatherings.queries import calendar, links, lists
from commons.people.models import Person
from commons.web.language import speaking_to


def _file(content: bytes) -> HttpResponse:
    answer = HttpResponse(content, content_type=calendar.CONTENT_TYPE)
    answer.headers["Content-Disposition"] = 'attachment; filename="appointment.ics"'
    return answer


def _full(request: HttpRequest) -> bool:
    return request.GET.get("words") == "full"


@gate.permit(access.SEE, fetch=lists.gatherings_of)
def gathering_file(request: HttpRequest, gathering: Gathering) -> HttpResponse:
    """One gathering for a member's calendar; neutral unless full words are asked for."""
    return _file(calendar.file([gathering], full=_full(request)))


@gate.by_link(methods=("GET",))
def open_file(request: HttpRequest, token: str) -> HttpResponse:
    """One gathering for a guest's calendar; neutral unless full words are asked for."""
    gathering = links.open_with(token)
    if gathering is None:
        raise Http404
    link = settings.SITE_URL + reverse("gathering_open", args=[token])
    return _file(calendar.file([gathering], full=_full(request), link=link))


@gate.by_link(methods=("GET",))
def feed_file(request: HttpRequest, token: str) -> HttpResponse:
    """A person's calendar, as their calendar program asks for it; 404 once its address was taken back."""
    feed = calendar.feed_with(token)
    if feed is None:
        raise Http404
    with speaking_to(feed.person):
        content = calendar.file(calendar.of_person(feed.person, clock.now()), full=feed.full_words)
    return HttpResponse(content, content_type=calendar.CONTENT_TYPE)


@gate.permit(access.FEED, methods=("GET", "POST"))
def feed(request: HttpRequest) -> HttpResponse:
    """A person's feed: its address, what it says, another address, or none."""
    person: Person = request.user  # type: ignore[assignment]
    if request.method == "POST":
        _change_feed(request, person)
        return redirect("gathering_feed")
    found = calendar.feed_of(person)
    link = settings.SITE_URL + reverse("feed_file", args=[found.token()]) if found is not None else ""
    return render(request, "gatherings/feed.html", {"feed": found, "link": link})


def _change_feed(request: HttpRequest, person: Person) -> None:
    do, full = request.POST.get("do"), request.POST.get("full_words") == "on"
    if do == "give":
        feeds.give(person=person, full_words=full, now=clock.now())
        messages.success(request, _("Here is the address. Whatever had the one before hears nothing any more."))
    elif do == "word" and feeds.word(person=person, full_words=full):
        messages.success(request, _("Kept. It holds from the next time that your calendar asks."))
    elif do == "take_back" and feeds.take_back(person=person):
        messages.success(
            request, _("Taken back: the address opens nothing any more. Entries may stay in your calendar program.")
        )
