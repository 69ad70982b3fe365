"""The server in front: what a form says may be handed in gets past it."""

import re
from pathlib import Path

from django.urls import reverse

from sites.forms.places import UPLOAD_MOST

CADDYFILE = Path(__file__).parents[2] / "Caddyfile"


def test_a_map_as_big_as_the_form_allows_gets_in():
    said = CADDYFILE.read_text(encoding="utf-8")
    paths = dict(re.findall(r"^\t@(\w+) ((?:not )?path .+)$", said, re.MULTILINE))
    most = dict(re.findall(r"^\trequest_body @(\w+) {\s+max_size (\d+)MB", said, re.MULTILINE))
    assert paths["map"] == f"path {reverse('place_imports')}"
    assert paths["other"] == f"not {paths['map']}", "a limit for all would hold for maps too"
    # Around the file stand the form's other parts.
    assert int(most["map"]) * 1_000_000 >= UPLOAD_MOST + 500_000
    assert int(most["other"]) < int(most["map"])
