"""What people need, as a vocabulary: built-in needs in each reader's language, and the network's own words."""

from django.utils.translation import gettext_lazy as _

from sites.models.vocabulary import Word

BUILT_IN_NEEDS = {
    "detergent": _("detergent"),
    "charging": _("charging a phone"),
    "childcare": _("child care"),
    "masks": _("masks"),
    "translation": _("translation"),
    "wage_theft": _("help with stolen wages"),
    "tenant_rights": _("help with the landlord"),
    "forms": _("help with forms"),
    "legal": _("legal help"),
    "food": _("food"),
    "warm_drink": _("a warm drink"),
    "water": _("drinking water"),
    "diapers": _("diapers"),
    "hygiene": _("soap and hygiene"),
    "clothes": _("warm clothes"),
    "fares": _("fares"),
    "health": _("health advice"),
    "quiet": _("a quiet place to sit"),
    "internet": _("internet"),
    "company": _("company on the way"),
    "work": _("finding work"),
    "repair": _("repairs"),
}


class Need(Word):
    """Something that people lack at a place and that neighbours can bring: built in, or the network's own words."""

    BUILT_IN = BUILT_IN_NEEDS
