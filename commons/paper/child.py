"""Lays one document out in a process of its own, within limits: `python -m commons.paper.child OUT < job`.

What is printed holds what people typed, and the libraries that lay it out are large and partly written in C: nothing of
the server is here, no database and no settings, and no way to a file or to another machine. The job comes as JSON:
`html`, `css` (a list of texts), `pages` (at most), `sizes` (of the root's type in points, largest first: the largest is
taken in which the text fits), `trial` (another such job, on which the size is found; or nothing). What came of it is
said as a line of JSON; the PDF is written to OUT.
"""

import json
import os
import resource
import sys
import traceback
from collections.abc import Iterable
from pathlib import Path
from typing import Any

MEMORY = 1_000_000_000
# Of work; how long it may take by the clock is limited outside.
SECONDS = 8
OUT_BYTES = 8_000_000
# What may be read once all is loaded: the program, and what it was given.
READABLE = {sys.prefix, sys.base_prefix}
NO_PANGO, TOO_LONG, TOO_BIG, UNREADABLE = "no_pango", "too_long", "too_big", "unreadable"


class Unprinted(Exception):
    """Nothing was printed, and why: one word."""


def limit() -> None:
    """Take the means away that a hostile text would use up."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (OUT_BYTES, OUT_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def lock(folder: Path) -> None:
    """Forbid Python to reach anything but the program and the folder; cannot be undone.

    The fetcher below refuses already. This is the second lock on the same door, for what doesn't ask the fetcher: an
    image library that would start another program, or whatever a new release brings.
    """
    readable = tuple(f"{os.path.realpath(one)}/" for one in (*READABLE, str(folder)))

    def refuse(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path = arguments[0]
            if isinstance(path, str | bytes) and not os.path.realpath(os.fsdecode(path)).startswith(readable):
                raise PermissionError("Not for paper.")
        elif event.startswith(
            ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system", "ftplib.")
        ):
            raise PermissionError("Not for paper.")

    sys.addaudithook(refuse)


def lay_out(job: dict[str, Any]) -> Any:
    """Return the document in the largest type that fits; sizes come largest first. Raises `Unprinted`."""
    size = _fitting(job["trial"] or job) if job["sizes"] else None
    document = _document(job, size)
    if len(document.pages) > job["pages"] or (size and not _inside(document.pages)):
        raise Unprinted(TOO_BIG)
    return document


def _fitting(job: dict[str, Any]) -> float:
    """Return the largest size in which the job fits; what fits in one fits in every smaller one. Raises `Unprinted`."""
    sizes = job["sizes"]
    low, high = 0, len(sizes)
    while low < high:
        middle = (low + high) // 2
        document = _document(job, sizes[middle])
        if len(document.pages) <= job["pages"] and _inside(document.pages):
            high = middle
        else:
            low = middle + 1
    if low == len(sizes):
        raise Unprinted(TOO_BIG)
    return float(sizes[low])


def _document(job: dict[str, Any], size: float | None) -> Any:
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    fetcher, fonts = _fetcher(), FontConfiguration()
    texts = [*job["css"], *([f"html{{font-size:{size}pt}}"] if size else [])]
    sheets = [CSS(string=text, url_fetcher=fetcher, font_config=fonts) for text in texts]
    html = HTML(string=job["html"], url_fetcher=fetcher)
    return html.render(stylesheets=sheets, font_config=fonts, pdf_tags=True)


def _fetcher() -> Any:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Refusing(URLFetcher):
        """Gives what is in the document itself (`data:`) and nothing else."""

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
            if not url[:5].lower() == "data:":
                raise ValueError("Only what is in the document is printed.")
            return super().fetch(url, headers)

    return Refusing(allowed_protocols={"data"}, allow_redirects=False)


def _inside(pages: Iterable[Any]) -> bool:
    """Whether all text lies on the paper: a long word may leave it without needing another page."""
    for page in pages:
        for box in page._page_box.descendants():
            if hasattr(box, "text") and box.text.strip():
                right, bottom = box.position_x + box.width, box.position_y + box.height
                # A hundredth of an inch: rounding.
                if box.position_x < -1 or box.position_y < -1 or right > page.width + 1 or bottom > page.height + 1:
                    return False
    return True


def print_to(out: Path, job: dict[str, Any]) -> int:
    """Write the PDF and return its number of pages. Raises `Unprinted`."""
    try:
        import weasyprint  # noqa: F401 - loads pango
    except OSError:
        raise Unprinted(NO_PANGO) from None
    limit()
    os.chdir(out.parent)
    lock(out.parent)
    document = lay_out(job)
    document.write_pdf(out, pdf_tags=True)
    return len(document.pages)


def _place_of(error: BaseException) -> str:
    """Return the file and line that raised it: enough to look it up, and none of the document's words."""
    *_before, (frame, line) = traceback.walk_tb(error.__traceback__)
    return f"{Path(frame.f_code.co_filename).name}:{line}"


def main(out: Path) -> None:
    """Print, and say what came of it."""
    try:
        said: dict[str, Any] = {"pages": print_to(out, json.loads(sys.stdin.buffer.read()))}
    except Unprinted as unprinted:
        said = {"problem": str(unprinted)}
    except MemoryError:
        said = {"problem": TOO_BIG}
    except Exception as error:  # noqa: BLE001 - whatever the text made of the libraries, it is told as one word
        said = {"problem": UNREADABLE, "error": f"{type(error).__name__} in {_place_of(error)}"}
    sys.stdout.write(json.dumps(said) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
