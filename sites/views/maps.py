"""The map: for members with every place, for visitors as counts on a coarse grid; its streets as tiles of our own."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response, patch_vary_headers

from commons import gate
from commons.web.headers import same_for_everybody
from commons.web.htmx import asked_by_htmx
from sites import access
from sites.forms.map import Wanted, wanted
from sites.models.places import EVIDENCE, KINDS
from sites.queries import maps as queries
from sites.queries.places import found, leaf
from sites.rules.shapes import Box
from sites.rules.tiles import Tile

# The picture without scripts: half a pixel a step.
WIDE, HIGH = 1440, 1080
LISTED = 12
YEAR = 31_536_000


@gate.public
def map_page(request: HttpRequest) -> HttpResponse:
    """The map, as whoever looks may see it."""
    return _for_members(request) if access.SEE_PLACES.allows(request.user) else _for_visitors(request)


def _for_members(request: HttpRequest) -> HttpResponse:
    asked, version = wanted(request.GET), queries.version()
    listed = leaf(found(asked.kind, asked.words))
    context: dict[str, Any] = {
        "asked": asked,
        "kinds": KINDS,
        "layers": EVIDENCE,
        "counted": queries.kinds_counted(),
        "listed": listed.rows[:LISTED],
        "more": listed.after or len(listed.rows) > LISTED,
        "imports": access.IMPORT_PLACES.allows(request.user),
    }
    if asked_by_htmx(request):
        return render(request, "sites/map.html#found", context)
    extent = queries.extent()
    if extent is not None:
        context |= {"extent": extent, "version": version, **_still(extent, asked, version)}
    return render(request, "sites/map.html", context)


def _still(extent: Box, asked: Wanted, version: str) -> dict[str, Any]:
    """Return the picture that stands there without scripts and in print, and the marks on it."""
    picture = queries.picture(version, extent, WIDE, HIGH)
    places = queries.places_in(picture.box, asked.kind, asked.words)
    spot = picture.frame.spot
    evidence = [queries.evidence_in(picture.box, kind) for kind in asked.evidence]
    return {
        "picture": picture,
        "spots": [(*spot((place.latitude, place.longitude)), str(place)) for place in places.points],
        "heaps": [(*spot((heap.latitude, heap.longitude)), heap.count) for heap in places.heaps],
        "hints": [spot((one.latitude, one.longitude)) for kind in evidence for one in (*kind.points, *kind.heaps)],
    }


def _for_visitors(request: HttpRequest) -> HttpResponse:
    grid, extent = queries.grid(), queries.extent()
    context: dict[str, Any] = {"grid": grid, "metres": round(grid.step * 111_195 / 50) * 50}
    if extent is not None:
        picture = queries.picture(queries.version(), extent, WIDE, HIGH)
        half = grid.step / 2
        squares = []
        for square in grid.squares:
            x0, y0 = picture.frame.spot((square.latitude + half, square.longitude - half))
            x1, y1 = picture.frame.spot((square.latitude - half, square.longitude + half))
            squares.append((x0, y0, x1 - x0, y1 - y0, (x0 + x1) // 2, (y0 + y1) // 2, square))
        context |= {"picture": picture, "squares": squares}
    return render(request, "sites/map_public.html", context)


@gate.permit(access.SEE_PLACES)
def map_places(request: HttpRequest) -> HttpResponse:
    """What lies in a box: points, or heaps where there are very many."""
    asked = wanted(request.GET)
    box = asked.box or queries.extent()
    if box is None:
        return JsonResponse({"points": [], "heaps": [], "more": False, "evidence": {}})
    places = queries.places_in(box, asked.kind, asked.words)
    evidence = {kind: queries.evidence_in(box, kind) for kind in asked.evidence}
    return JsonResponse(
        {
            "points": [[one.ref, one.kind, one.name, one.latitude, one.longitude] for one in places.points],
            "heaps": _heaps(places),
            "more": places.more,
            "evidence": {
                kind: {"points": [[one.latitude, one.longitude] for one in layer.points], "heaps": _heaps(layer)}
                for kind, layer in evidence.items()
            },
        }
    )


def _heaps(layer: queries.Found) -> list[list[float]]:
    return [[round(heap.latitude, 6), round(heap.longitude, 6), heap.count] for heap in layer.heaps]


@gate.public
def map_tile(request: HttpRequest, version: str, zoom: int, x: int, y: int) -> HttpResponseBase:
    """One square of the streets, the same for everybody; kept by browsers until the streets change."""
    try:
        tile = Tile(zoom, x, y)
    except ValueError:
        raise Http404 from None
    current = queries.version()
    tag = f'W/"{current}/{zoom}/{x}/{y}"'
    answer = get_conditional_response(request, etag=tag) if request.headers.get("If-None-Match") else None
    if answer is None:
        body, coding = queries.tile(current, tile).accepted(request.headers.get("Accept-Encoding", ""))
        answer = HttpResponse(body, content_type="application/json")
        if coding:
            answer.headers["Content-Encoding"] = coding
    answer.headers["ETag"] = tag
    # A page from before the last import asks under an old version: it gets today's streets, and keeps them a minute.
    age = f"max-age={YEAR}, immutable" if version == current else "max-age=60"
    answer.headers["Cache-Control"] = f"private, {age}"
    patch_vary_headers(answer, ["Accept-Encoding"])
    return same_for_everybody(answer)
