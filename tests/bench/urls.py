"""The site's own addresses and a bare view beside them: it updates one row, and nothing else."""

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path

from commons import gate
from commons.people.models import Person


@gate.by_link
def bare(_request: HttpRequest, number: int) -> HttpResponse:
    """Update one row, as quickly as Django can behind the same middlewares."""
    Person.objects.filter(pk=number).update(session_epoch=F("session_epoch") + 1)
    return HttpResponse(status=302, headers={"Location": "/"})


urlpatterns: list[URLPattern | URLResolver] = [path("bare/<int:number>/", bare), path("", include("config.urls"))]
