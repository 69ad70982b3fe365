"""What a station's signs say, and whether the page behind their code can be seen."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from commons.web.refusal import Refused
from sites.models import Popup, Sign, SignWords
from sites.queries.sign_words import USUAL
from sites.states import PopupState, Struggle


def _locked(popup: Popup) -> Sign:
    """Return the station's sign, made on the first word; the station's row is what two people wait for."""
    Popup.objects.select_for_update(of=("self",)).get(pk=popup.pk)
    usual = USUAL.get(popup.need.key, Struggle.COMMONS.value)
    return Sign.objects.get_or_create(popup_id=popup.pk, defaults={"struggle": usual})[0]


@transaction.atomic
def word(*, popup: Popup, language: str, struggle: str, headline: str, line: str, becomes: str) -> None:
    """Keep a sign's words in a language; what is empty is said as usual. The struggle is the same in all of them."""
    sign = _locked(popup)
    Sign.objects.filter(pk=sign.pk).update(struggle=struggle)
    if headline or line or becomes:
        said = {"headline": headline, "line": line, "becomes": becomes}
        SignWords.objects.update_or_create(sign=sign, language=language, defaults=said)
    else:
        SignWords.objects.filter(sign=sign, language=language).delete()


@transaction.atomic
def show(*, popup: Popup, now: datetime) -> None:
    """Let anybody see the page behind the code. Raises `Refused` before the station opened."""
    sign = _locked(popup)
    if Popup.objects.filter(pk=popup.pk, state=PopupState.PLANNED.value).exists():
        raise Refused(_("The station is not open yet. Its page can be shown when it is."))
    Sign.objects.filter(pk=sign.pk, shown_since=None).update(shown_since=now)


@transaction.atomic
def hide(*, popup: Popup) -> None:
    """Take the page away; the code leads to the neighbourhood's own page on signs that are printed from now on."""
    Sign.objects.filter(pk=_locked(popup).pk).update(shown_since=None)
