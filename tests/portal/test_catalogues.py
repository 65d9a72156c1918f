"""Message catalogues are compiled without GNU gettext, and only when they changed."""

import gettext
import os
from pathlib import Path

from portal.catalogues import compile_catalogues

SOURCE = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

msgid "ticket"
msgstr "工单"
"""


def test_only_what_is_newer_is_compiled(tmp_path: Path) -> None:
    folder = tmp_path / "zh_Hans" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    source = folder / "django.po"
    source.write_text(SOURCE)
    assert compile_catalogues(tmp_path) == [folder / "django.mo"]
    assert compile_catalogues(tmp_path) == []
    later = (folder / "django.mo").stat().st_mtime + 5
    os.utime(source, (later, later))
    assert compile_catalogues(tmp_path) == [folder / "django.mo"]
    assert gettext.translation("django", tmp_path, ["zh_Hans"]).gettext("ticket") == "工单"
