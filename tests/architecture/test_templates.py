"""What no template may hold, because the policy would block it, a reader would not understand it, or a script could."""

import re

import pytest

from tests.architecture.house import ROOT, templates

FORBIDDEN = {
    "a script of htmx's own": r"\bhx-on\b|\bhx-on[:=-]",
    "a value that is a script": r"""["'\s]js:|javascript:""",
    "an inline style": r"<style\b|\sstyle\s*=",
    "an event handler": r"<[^<>%{]*\son[a-z]+\s*=",
    "a filtered event": r"""hx-trigger\s*=\s*["'][^"']*\[""",
    "unescaped text": r"\|\s*(safe|safeseq)\b|{%\s*autoescape\s+off|{%\s*filter\s+safe",
    "something from elsewhere": r"""(?:src|href|action)\s*=\s*["'](?:https?:)?//(?!\{)""",
}
# Words in every language alike.
NAMES = {"Casserole", "English", "Español", "AGPL", "UTC"}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_template_holds(what):
    sign = re.compile(FORBIDDEN[what], re.IGNORECASE)
    assert [(path, found[0]) for path, text in templates().items() if (found := sign.search(text))] == []


def test_scripts_are_files_only():
    """Each <script> names a file of ours and has nothing inside."""
    script = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.DOTALL | re.IGNORECASE)
    for path, text in templates().items():
        for attributes, inside in script.findall(text):
            assert "src=" in attributes, path
            assert not inside.strip(), path


def test_scripts_write_no_markup():
    for path in (ROOT / "static").rglob("*.js"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", text), (
            path
        )


def test_every_form_that_posts_is_guarded_against_forgery():
    """But those behind a link: whoever posts holds the token in the address, and no cookie counts."""
    form = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL | re.IGNORECASE)
    bare = [
        path
        for path, text in templates().items()
        for attributes, inside in form.findall(text)
        if re.search(r"method\s*=\s*.post", attributes, re.IGNORECASE) and "csrf_token" not in inside
    ]
    by_link = {"templates/pods/answered.html", "templates/pods/answer.html", "templates/pods/parts/answer_form.html"}
    by_link |= {"templates/gatherings/gathering_open.html", "templates/gatherings/gathering_guest.html"}
    by_link |= {"templates/sites/shift_answer.html"}
    by_link |= {"templates/sites/asset_link.html"}
    assert set(bare) - by_link - {"templates/people/join.html", "templates/parts/foot.html"} == set()


def without_translated(text: str) -> str:
    """The template without what gettext sees, without tags of either kind."""
    # What a page says of its own class is no word.
    text = re.sub(r"{%\s*block \w*class\s*%}.*?{%\s*endblock", "{% endblock", text)
    text = re.sub(r"{%\s*blocktrans(late)?\b.*?{%\s*endblocktrans(late)?\s*%}", " ", text, flags=re.DOTALL)
    return re.sub(r"{%.*?%}|{{.*?}}", " ", text, flags=re.DOTALL)


def words(text: str) -> list[str]:
    return [word for word in re.findall(r"[^\W\d_]{3,}", text) if word not in NAMES]


def test_every_word_that_is_shown_can_be_translated():
    found = {}
    for path, text in templates().items():
        plain = re.sub(
            r"<!doctype.*?>|<!--.*?-->|<svg.*?</svg>|<(code|pre)\b.*?</(code|pre)>",
            " ",
            without_translated(text),
            flags=re.DOTALL | re.I,
        )
        shown = words(re.sub(r"&\w+;", " ", re.sub(r"<[^>]*>", " ", plain, flags=re.DOTALL)))
        if shown:
            found[path] = shown
    assert found == {}


def test_every_word_that_is_read_out_can_be_translated():
    """Labels, titles and placeholders are words too."""
    label = re.compile(r"""\s(?:aria-label|aria-description|title|alt|placeholder|hx-confirm)\s*=\s*"([^"]*)\"""")
    found = [
        (path, spoken)
        for path, text in templates().items()
        for value in label.findall(without_translated(text))
        if (spoken := words(value))
    ]
    assert found == []


def test_no_sentence_is_glued_from_pieces():
    """A translated piece that ends in the middle of a sentence, before a value, can be said in English alone."""
    piece = re.compile(r"""{%\s*translate\s+(["'])([^"']*?[a-z,])\s+\1\s*%}\s*{{""")
    assert [(path, found[2]) for path, text in templates().items() for found in piece.finditer(text)] == []
