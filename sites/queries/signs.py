"""What stands on a station's signs, in one language or two, and where their code leads."""

from dataclasses import dataclass

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import formats, translation
from django.utils.translation import gettext as _

from commons.web.qr import Drawing, qr
from sites.models import Popup, Sign, SignWords
from sites.queries.neighbourhood import neighbourhood
from sites.queries.sign_words import DRAWINGS, HEADLINES, TIES, USUAL, WEEKLY
from sites.rules import signs as rules
from sites.states import PopupState, SignForm, Struggle

# How many units of a sign's width its headline has.
ROOM = {SignForm.POSTER: 52.0, SignForm.HALF: 31.2, SignForm.QUARTER: 31.2, SignForm.SHEET: 52.0}


@dataclass(frozen=True)
class Side:
    """What a sign says in one language. `step` is the size of its headline, one of `rules.HEADLINES`."""

    language: str
    direction: str
    headline: str
    step: int
    day: str
    hours: str
    line: str
    more: str
    becomes: str
    becomes_label: str
    welcome: str


@dataclass(frozen=True)
class SignText:
    """A whole sign: one side or two, and what is alike in both."""

    house: str
    place: str
    drawing: str
    sides: tuple[Side, ...]
    link: str

    @property
    def first(self) -> Side:
        """The language that leads."""
        return self.sides[0]

    @property
    def second(self) -> Side | None:
        """The other language, where there is one."""
        return self.sides[1] if len(self.sides) > 1 else None

    @property
    def address(self) -> str:
        """The link as people type it."""
        return self.link.partition("://")[2].rstrip("/")

    @property
    def address_parts(self) -> list[str]:
        """The same in the parts between which a line may break."""
        host, slash, way = self.address.partition("/")
        return [host + slash, way] if way else [host]

    @property
    def qr(self) -> Drawing:
        """The code that leads to the link."""
        return qr(self.link)


def popups_with_signs(_person: object = None) -> models.QuerySet[Popup]:
    """Return stations with what their signs are made from; members may see all of them."""
    return Popup.objects.select_related("place", "need", "sign").prefetch_related("sign__words")


def shown(_person: object = None) -> models.QuerySet[Popup]:
    """Return stations whose page anybody may see."""
    return popups_with_signs().filter(sign__shown_since__isnull=False).exclude(state=PopupState.PLANNED.value)


def languages() -> dict[str, str]:
    """Return the neighbourhood's languages by their codes, each by its own name."""
    return {
        code: str(translation.get_language_info(code)["name_local"]).capitalize() for code, _name in settings.LANGUAGES
    }


def struggle_of(popup: Popup) -> str:
    """Return the struggle that a station's signs speak of: what was chosen, or what its need belongs to."""
    sign = _sign(popup)
    return sign.struggle if sign else USUAL.get(popup.need.key, Struggle.COMMONS.value)


def words_of(popup: Popup, language: str) -> SignWords | None:
    """Return the station's own words in a language, or None."""
    sign = _sign(popup)
    return next((words for words in sign.words.all() if words.language == language), None) if sign else None


def is_shown(popup: Popup) -> bool:
    """Whether the page behind the code can be seen by anybody."""
    sign = _sign(popup)
    return bool(sign and sign.shown_since and popup.state != PopupState.PLANNED.value)


def _sign(popup: Popup) -> Sign | None:
    return getattr(popup, "sign", None)


def link_of(popup: Popup) -> str:
    """Return where the code leads: the station's own page once it is shown, the neighbourhood's until then."""
    path = reverse("here", args=[popup.ref]) if is_shown(popup) else "/"
    return f"{settings.SITE_URL}{path}"


def sign_text(popup: Popup, spoken: list[str], form: SignForm = SignForm.POSTER) -> SignText:
    """Return what a sign says in these languages, of which the first leads."""
    house = neighbourhood()
    return SignText(
        house=house.name if house else "Casserole",
        place=str(popup.place),
        drawing=DRAWINGS.get(popup.need.key, "pot"),
        sides=tuple(_side(popup, language, form, second=bool(place)) for place, language in enumerate(spoken)),
        link=link_of(popup),
    )


def _side(popup: Popup, language: str, form: SignForm, *, second: bool) -> Side:
    own, tie = words_of(popup, language), TIES[struggle_of(popup)]
    with translation.override(language):
        usual = HEADLINES.get(popup.need.key)
        headline = (own and own.headline) or str(usual or popup.need.own_name or popup.name)
        said_of_it = own.becomes if own else ""
        if not said_of_it and language == settings.LANGUAGE_CODE:
            said_of_it = popup.becomes
        ends = rules.closes(popup.starts, popup.minutes)
        return Side(
            language=language,
            direction="rtl" if translation.get_language_bidi() else "ltr",
            headline=headline,
            # The other language is read second.
            step=min(rules.headline_step(headline, ROOM[form]) + second, len(rules.HEADLINES) - 1),
            day=str(WEEKLY[popup.weekday]),
            hours=f"{formats.time_format(popup.starts)} – {formats.time_format(ends)}",
            line=(own and own.line) or str(tie.line),
            more="" if own and own.line else str(tie.more),
            becomes=said_of_it,
            becomes_label=_("What this could become, held in common"),
            welcome=_("Come as you are. Nobody asks for papers or money. Take what you need, bring what you can."),
        )


def lacking(popup: Popup, spoken: list[str]) -> list[str]:
    """Return the languages in which nobody has said yet what the service could become."""
    return [side.language for side in sign_text(popup, spoken).sides if not side.becomes]
