"""Compile message catalogues in pure Python, so that nobody needs GNU gettext to run Vigil."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def compile_catalogues(locale: Path) -> list[Path]:
    """Write a `.mo` beside each `.po` below `locale` that is newer; return those written."""
    written = []
    for source in sorted(locale.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        with source.open("rb") as text:
            catalogue = read_po(text, locale=source.parts[-3].replace("-", "_"))
        partial = target.with_suffix(".mo.partial")
        with partial.open("wb") as binary:
            write_mo(binary, catalogue)
        partial.replace(target)
        written.append(target)
    return written
