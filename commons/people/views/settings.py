"""A person's own settings."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _

from commons import gate
from commons.people.actions.settings import keep_settings
from commons.people.forms.settings import SettingsForm
from commons.people.models import Person


@gate.signed_in(methods=("GET", "POST"))
def settings(request: HttpRequest) -> HttpResponse:
    """Name, language, clock, quiet hours, and how many calls a week are enough."""
    # A copy: a form that is refused must not change the name on top of its own page.
    person = Person.objects.get(ref=request.user.ref)  # type: ignore[union-attr]
    form = SettingsForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        keep_settings(person=person, **form.cleaned_data)
        with translation.override(person.language):
            messages.success(request, _("Your settings are kept. They hold from now on."))
        return redirect("settings")
    return render(request, "people/settings.html", {"form": form})
