"""Signs on paper: which papers there are, how many signs one holds, how large their letters may be."""

from dataclasses import dataclass
from datetime import time

from sites.states import Paper, SignForm

MM = 72 / 25.4
# Width and height in millimetres: ISO 216, and ANSI's Letter.
MILLIMETRES: dict[Paper, tuple[float, float]] = {
    Paper.A4: (210, 297),
    Paper.A3: (297, 420),
    Paper.LETTER: (215.9, 279.4),
}
# How many columns and rows of signs one paper holds, and whether it lies on its side.
GRID: dict[SignForm, tuple[int, int, bool]] = {
    SignForm.POSTER: (1, 1, False),
    SignForm.HALF: (2, 1, True),
    SignForm.QUARTER: (2, 2, False),
    SignForm.SHEET: (1, 1, False),
}
# A sign is drawn in its own unit: a poster is 60 of them wide, whatever its paper; a handbill has larger letters.
UNITS: dict[SignForm, float] = {SignForm.POSTER: 60, SignForm.HALF: 36, SignForm.QUARTER: 36, SignForm.SHEET: 60}
# By how much all letters grow or shrink: the largest is taken in which a text fits.
STEPS = tuple(percent / 100 for percent in range(130, 39, -3))
# No letter is smaller than this, in points: what is still read at arm's length, under the lamp of a laundry.
# Beside it, how many units the smallest letters of a sign are tall in css/sign.css.
LEAST_POINTS = 7.0
SMALLEST: dict[SignForm, float] = {
    SignForm.POSTER: 1.25,
    SignForm.HALF: 1.7,
    SignForm.QUARTER: 1.7,
    SignForm.SHEET: 1.42,
}
# A handbill whose words are long is set anew, with small letters that are less small beside the large ones.
SMALLEST_DENSE = 2.0
# How wide a heavy letter is on average, in its own size, and how much of a poster's width a headline has.
LETTER_WIDE = 0.57
# Units that a headline's letters may be tall, largest first, and with how many lines of them it still looks like one.
HEADLINES = ((13.0, 1), (10.5, 2), (8.5, 3), (7.0, 4), (5.6, 5), (4.4, 7), (3.4, 9))


@dataclass(frozen=True)
class Layout:
    """One paper: its size in millimetres as it lies, how its signs stand, and the sizes of type to try, in points."""

    width: float
    height: float
    columns: int
    rows: int
    sizes: tuple[float, ...]

    @property
    def cell(self) -> tuple[float, float]:
        """The width and height of one sign, in millimetres."""
        return self.width / self.columns, self.height / self.rows

    @property
    def page(self) -> str:
        """The rules that tell a stylesheet how large the paper is, and each sign on it."""
        return _page(self.width, self.height, *self.cell)

    @property
    def page_of_one(self) -> str:
        """The same for one sign on a paper of its own size, with what the lines between signs take left out."""
        wide, tall = self.cell
        return _page(wide, tall - 0.5, wide, tall)


def _page(width: float, height: float, wide: float, tall: float) -> str:
    # Half a millimetre is left for the lines to cut along.
    return f"@page{{size:{width:g}mm {height:g}mm;margin:0}}.sign{{width:{wide - 0.5:g}mm;min-height:{tall - 0.5:g}mm}}"


def layout(form: SignForm, paper: Paper, *, dense: bool = False) -> Layout:
    """Return how signs of a form lie on a paper, with sizes in which their smallest letters can be read."""
    columns, rows, lying = GRID[form]
    width, height = MILLIMETRES[paper]
    if lying:
        width, height = height, width
    unit = width / columns * MM / UNITS[form]
    sizes = (round(unit * step, 2) for step in STEPS)
    least = LEAST_POINTS / (SMALLEST_DENSE if dense else SMALLEST[form])
    return Layout(width, height, columns, rows, tuple(size for size in sizes if size >= least))


def headline_step(words: str, width: float) -> int:
    """Return which of HEADLINES suits the words on a sign whose headline is so many units wide.

    Whole words: the longest must fit on a line, and all of them on the lines of that size.
    """
    for step, (size, lines) in enumerate(HEADLINES):
        if lines_of(words, int(width / (size * LETTER_WIDE))) <= lines:
            return step
    return len(HEADLINES) - 1


def lines_of(words: str, letters: int) -> int:
    """Return on how many lines of so many letters the words stand; a word that is longer makes it very many."""
    count, room = 1, letters
    for word in words.split():
        if len(word) > letters:
            return 1_000
        if len(word) + (room < letters) > room:
            count, room = count + 1, letters
        room -= len(word) + (room < letters)
    return count


def closes(starts: time, minutes: int) -> time:
    """Return what the clock on the wall shows at the end, also after midnight."""
    total = starts.hour * 60 + starts.minute + minutes
    return time(total // 60 % 24, total % 60)
