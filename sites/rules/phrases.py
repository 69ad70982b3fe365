"""What people write in the columns of a list, as what the software understands: skills, limits, languages."""

import re
from dataclasses import dataclass

from sites.rules.words import plain, tidy
from sites.states import AssetKind, Limit


@dataclass(frozen=True)
class Offer:
    """Something to share: a built-in skill by its key, or words of one's own; `title` says more than the key does."""

    kind: str
    skill: str = ""
    title: str = ""


SKILLS: dict[str, tuple[str, ...]] = {
    "sign_language": ("sign language", "asl", "american sign language", "lengua de senas", "lenguaje de senas", "bsl"),
    "mental_health": ("mental health first aid", "mental health", "primeros auxilios psicologicos", "salud mental"),
    "first_aid": ("first aid", "first aider", "primeros auxilios"),
    "nurse": ("nurse", "nursing", "registered nurse", "enfermera", "enfermero", "enfermeria"),
    "legal_observer": ("legal observer", "legal observing", "observador legal", "observadora legal",
                       "observacion legal"),
    "tenant_rights": ("tenant rights", "tenants rights", "tenant s rights", "derechos de inquilinos",
                      "derechos de los inquilinos"),
    "deescalation": ("de escalation", "deescalation", "desescalada"),
    "van": ("van", "driver with a van", "camioneta", "furgoneta"),
    "driver": ("driver", "driving", "drive", "drives", "car", "rides", "chofer", "conductor", "conductora", "conducir",
               "manejar"),
    "child_care": ("child care", "childcare", "babysitting", "cuidado de ninos", "cuidado infantil", "guarderia"),
    "cooking": ("cooking", "cook", "cocina", "cocinar", "cocinera", "cocinero"),
    "carpentry": ("carpentry", "carpenter", "carpinteria", "carpintero", "carpintera"),
    "plumbing": ("plumbing", "plumber", "plomeria", "plomero", "plomera", "fontaneria", "fontanero"),
    "bike_repair": ("bike repair", "bicycle repair", "bike mechanic", "reparacion de bicicletas",
                    "arreglo de bicicletas"),
    "phone_tree": ("phone tree", "calling people", "cadena telefonica", "arbol telefonico"),
    "grant_writing": ("grant writing", "grants", "grant writer", "redaccion de subvenciones"),
}  # fmt: skip
BY_PHRASE = {phrase: key for key, phrases in SKILLS.items() for phrase in phrases}
TONGUES = {
    "interpreter_es": ("spanish", "espanol", "castellano"),
    "interpreter_am": ("amharic", "amarico", "amharico"),
    "interpreter_vi": ("vietnamese", "vietnamita"),
}
BY_TONGUE = {name: key for key, names in TONGUES.items() for name in names}
_INTERPRETS = re.compile(
    r"(?:translat(?:ion|or|ing|es)|interpret(?:er|ing|ation|s)|traduccion|traductora?|interprete)"
    r"(?: (?:to|into|in|for|of|de|al|from))? (\w+)"
    r"|(\w+) (?:translat(?:ion|or|ing)|interpret(?:er|ing|ation))"
)
_VAN = re.compile(r"(?:van|minivan|minibus|camioneta|furgoneta)\b.*")
_COOKS = re.compile(r"(?:cooking|cook|cocinar|cocina) (?:for|para) .*")
_SPACE = re.compile(
    r".*\b(?:kitchen|basement|garage|garden|yard|hall|room|space|porch|storefront|church|storage"
    r"|sotano|garaje|jardin|patio|salon|sala|cuarto|espacio|iglesia|local|bodega)\b.*"
)
_TOOL = re.compile(
    r".*\b(?:truck|trailer|ladder|generator|tent|tents|tools|speaker|megaphone|projector|grill|printer|cargo bike"
    r"|camion|remolque|escalera|generador|carpa|carpas|herramientas|altavoz|megafono|proyector|parrilla|impresora)\b.*"
)


def offer(text: str) -> Offer:
    """Return what a neighbour's words offer; words that nobody knows stay as they are, as a skill of one's own."""
    words, said = tidy(text), plain(text)
    if key := BY_PHRASE.get(said):
        return Offer(AssetKind.TOOL, key, words) if key == "van" else Offer(AssetKind.SKILL, key)
    if (found := _INTERPRETS.fullmatch(said)) and (key := BY_TONGUE.get(found.group(1) or found.group(2))):
        return Offer(AssetKind.SKILL, key)
    if _VAN.fullmatch(said):
        return Offer(AssetKind.TOOL, "van", words)
    if _COOKS.fullmatch(said):
        return Offer(AssetKind.SKILL, "cooking", words)
    if _SPACE.fullmatch(said):
        return Offer(AssetKind.SPACE, title=words)
    if _TOOL.fullmatch(said):
        return Offer(AssetKind.TOOL, title=words)
    return Offer(AssetKind.SKILL, title=words)


LIMITS: dict[Limit, tuple[str, ...]] = {
    Limit.NOT_NIGHTS: ("not nights", "no nights", "not at night", "days only", "no de noche", "de noche no",
                       "no noches", "noches no"),
    Limit.EVENINGS_ONLY: ("after 6pm", "after 6 pm", "after 18h", "after 18", "after 18 00", "after 18 00 only",
                          "only after 6pm", "evenings only", "only evenings", "despues de las 6", "despues de las 18",
                          "despues de las 6pm", "despues de las 6 pm", "solo por la tarde"),
    Limit.WEEKENDS_ONLY: ("weekends only", "only weekends", "weekends", "solo fines de semana", "fines de semana"),
    Limit.NO_POLICE: ("not with police present", "not with police", "no police", "sin policia", "no con policia",
                      "no con la policia presente"),
    Limit.NO_STAIRS: ("no stairs", "not stairs", "sin escaleras", "no escaleras"),
    Limit.SHORT: ("max 2 hrs", "max 2 hours", "max 2 h", "2 hours max", "2 hrs max", "two hours at most",
                  "max two hours",
                  "maximo 2 horas", "max 2 horas", "2 horas maximo", "dos horas como maximo"),
}  # fmt: skip
BY_LIMIT = {phrase: limit for limit, phrases in LIMITS.items() for phrase in phrases}


def parts(text: str) -> list[str]:
    """Return what a cell lists, apart by semicolons; commas stay inside ("kitchen, church basement")."""
    return [part for part in (tidy(part) for part in re.split(r"[;•]+", text)) if part]


def limits(text: str) -> tuple[list[Limit], str]:
    """Return the limits that the software understands, and what else was said, in its own words."""
    known: list[Limit] = []
    other: list[str] = []
    for part in parts(text):
        # "not nights, no stairs" are two; a sentence with commas in it is one.
        pieces = [BY_LIMIT.get(plain(piece)) for piece in part.split(",")]
        found = [piece for piece in pieces if piece is not None]
        if len(found) == len(pieces):
            known += found
        else:
            other.append(part)
    return sorted(set(known)), "; ".join(other)


LANGUAGES: dict[str, tuple[str, ...]] = {
    "en": ("en", "eng", "english", "ingles"),
    "es": ("es", "esp", "spa", "spanish", "espanol", "castellano"),
}
BY_LANGUAGE = {name: code for code, names in LANGUAGES.items() for name in names}


def language(text: str) -> str | None:
    """Return the code of a language by its own or its English name; None for one that is not known here."""
    said = plain(text)
    return BY_LANGUAGE.get(said) or BY_LANGUAGE.get(said.split(" ")[0])
