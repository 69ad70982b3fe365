"""Whether this server is well, for machines that watch it."""

from django.http import HttpRequest, JsonResponse

from commons import gate
from commons.notices.queries.health import health


@gate.public
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while calls go out, 503 when the database is away or an alert is a minute late. Nothing of a person."""
    found = health()
    body = {
        "web": True,
        "database": found.database,
        "redis": found.redis,
        "oldest_due_alert_s": found.oldest_due_alert_s,
        "workers": found.workers,
    }
    response = JsonResponse(body, status=200 if found.well else 503)
    response.headers["Cache-Control"] = "no-store"
    return response
