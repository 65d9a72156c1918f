"""What a list of articles may be narrowed by. Nonsense in an address narrows nothing."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from knowledge import versions
from knowledge.models import ArticleKind, Platform


@dataclass(frozen=True, slots=True)
class ListFilter:
    """`typed` is what stands in the field of the version, `problem` why it is none."""

    kind: str = ""
    platform: str = ""
    typed: str = ""
    version: versions.Version | None = None
    problem: str = ""

    @classmethod
    def asked(cls, query: QueryDict) -> ListFilter:
        kind, platform = query.get("kind", ""), query.get("platform", "")
        typed = query.get("version", "").strip()[: versions.LONGEST].replace("\x00", "")
        version, problem = None, ""
        try:
            version = versions.parse(typed) if typed else None
        except ValueError:
            problem = _("Write the version like 5.2.1 or 5.3.0-rc.1.")
        return cls(
            kind if kind in ArticleKind.values else "",
            platform if platform in Platform.values else "",
            typed,
            version,
            problem,
        )

    def query(self, **changes: str) -> str:
        """The query of this list, with these changes; an empty one takes a filter away."""
        version = str(self.version) if self.version else ""
        asked = {"kind": self.kind, "platform": self.platform, "version": version} | changes
        kept = {name: value for name, value in asked.items() if value}
        return f"?{urlencode(kept)}" if kept else "?"

    @property
    def narrows(self) -> bool:
        return bool(self.kind or self.platform or self.version)
