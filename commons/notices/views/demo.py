"""The demo's mail, for whoever tries the demo: anybody may read it, and nobody real ever gets any."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from commons import gate
from commons.notices.queries import letterbox


@gate.public
def demo_mail(request: HttpRequest) -> HttpResponse:
    """The newest mails."""
    to = request.GET.get("to", "")[:254]
    return render(request, "notices/demo_mail.html", {"letters": letterbox.newest(to), "to": to})


@gate.public
def demo_letter(request: HttpRequest, name: str) -> HttpResponse:
    """One mail, as text with working links."""
    letter = letterbox.read(name)
    if letter is None:
        raise Http404
    return render(request, "notices/demo_letter.html", {"letter": letter})
