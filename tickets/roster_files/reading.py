"""Values out of a JSON document, each error with the path of what is wrong. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from tickets.refusal import Refusal, gettext_noop

_UNKEPT: Final = re.compile("[\0\ud800-\udfff]")  # what JSON can say and no database keeps


@dataclass(frozen=True, slots=True)
class At:
    """A value and where it stands: "teams[0].rosters[1].name"."""

    value: Any
    path: str = ""

    def wrong(self, sentence: str, **values: object) -> Refusal:
        return Refusal(f"%(path)s: {sentence}", path=self.path or "/", **values)

    def field(self, name: str) -> At:
        """A field of an object; Refusal when this is none or lacks it."""
        if not isinstance(self.value, dict):
            raise self.wrong(gettext_noop("an object is expected here."))
        if name not in self.value:
            raise self.wrong(gettext_noop("“%(name)s” is missing."), name=name)
        return At(self.value[name], f"{self.path}.{name}" if self.path else name)

    def only(self, *names: str) -> None:
        """Refusal for fields there are none of: a misspelt one would be lost in silence."""
        if not isinstance(self.value, dict):
            raise self.wrong(gettext_noop("an object is expected here."))
        for name in self.value:
            if name not in names:
                shown = _UNKEPT.sub("\ufffd", name)[:60]
                raise self.wrong(gettext_noop("there is no field “%(name)s”."), name=shown)

    def items(self) -> Iterator[At]:
        if not isinstance(self.value, list):
            raise self.wrong(gettext_noop("a list is expected here."))
        for number, item in enumerate(self.value):
            yield At(item, f"{self.path}[{number}]")

    def text(self, longest: int) -> str:
        if not isinstance(self.value, str) or not self.value.strip() or _UNKEPT.search(self.value):
            raise self.wrong(gettext_noop("a text is expected here."))
        if len(self.value) > longest:
            raise self.wrong(gettext_noop("at most %(longest)d characters."), longest=longest)
        return self.value

    def one_of(self, *known: str) -> str:
        if self.value not in known or not isinstance(self.value, str):
            names = ", ".join(known)
            raise self.wrong(gettext_noop("one of these is expected: %(known)s."), known=names)
        return self.value

    def number(self, least: int, most: int) -> int:
        value = self.value
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            sentence = gettext_noop("a number from %(least)d to %(most)d is expected here.")
            raise self.wrong(sentence, least=least, most=most)
        return value

    def flag(self) -> bool:
        if not isinstance(self.value, bool):
            raise self.wrong(gettext_noop("true or false is expected here."))
        return self.value

    def date(self) -> dt.date:
        try:
            return dt.date.fromisoformat(self.text(10))
        except ValueError:
            raise self.wrong(gettext_noop("a date like 2026-01-05 is expected here.")) from None

    def time(self) -> dt.time:
        try:
            found = dt.time.fromisoformat(self.text(15))
        except ValueError:
            raise self.wrong(gettext_noop("a time like 08:00 is expected here.")) from None
        if found.tzinfo is not None:
            raise self.wrong(gettext_noop("a time like 08:00 is expected here."))
        return found

    @property
    def is_null(self) -> bool:
        return self.value is None
