"""Why something can't be done with a gathering now, in sentences that a neighbour can read."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from commons.gatherings.rules import NotNow
from commons.web.refusal import Refused

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SENTENCES: "dict[NotNow, tuple[StrOrPromise, str | None]]" = {
    NotNow.CANCELLED: (_("This gathering was called off."), None),
    NotNow.OVER: (_("This gathering is over."), None),
    NotNow.NOT_OVER: (_("It has not begun yet. Afterwards you can write down how it was."), None),
    NotNow.PAST: (_("That moment has passed. Choose one that is to come."), "on_date"),
    NotNow.TOO_FAR: (_("That is more than a year and a half from now. Is the year right?"), "on_date"),
    NotNow.LENGTH: (_("A gathering lasts 15 minutes at least and a day at most."), "minutes"),
    NotNow.AGENDA: (_("The agenda takes longer than the gathering lasts. Shorten it, or gather longer."), "agenda"),
    NotNow.FULL_ALREADY: (_("More people than that have said that they come."), "capacity"),
    NotNow.TOO_MANY: (_("You have announced twenty gatherings already. Hold one first, or call one off."), None),
    NotNow.NO_ROOM: (_("There are not so many seats left. What you said before still stands."), "people"),
    NotNow.NO_CHILDCARE: (_("There is no childcare at this gathering."), "children"),
    NotNow.CHILDREN: (_("Childcare has no room for so many children. Ask the host before you bring them."), "children"),
    NotNow.UNRECORDED: (_("Nothing is written down of a decompression: what is said there stays there."), None),
    NotNow.LATE: (_("A month has passed: what can be written down about it has been written."), None),
}


def refused(why: NotNow) -> Refused:
    """Return the refusal with its sentence, beside the field that it is about."""
    sentence, field = SENTENCES[why]
    return Refused(sentence, field=field)
