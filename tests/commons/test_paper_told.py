"""A document that breaks the libraries: what broke is told, and none of its words."""

import subprocess
import sys

from commons.paper import child, press


def test_where_it_broke_is_told_without_a_word_of_the_document(tmp_path):
    job = '{"html": "<p>Zaqueline</p>", "css": [], "sizes": "zaq", "pages": 1, "trial": null}'
    done = subprocess.run(
        [sys.executable, "-m", "commons.paper.child", tmp_path / "out.pdf"],
        cwd=press.HOUSE, env=press.ENVIRONMENT, input=job.encode(), capture_output=True, check=True,
    )  # fmt: skip
    said = done.stdout.decode().splitlines()[-1]
    assert f'"problem": "{child.UNREADABLE}", "error": "' in said
    assert " in " in said
    assert "zaq" not in said.lower()
