"""`{{file: src/Main.kt}}` on a line of its own stands for that file of the article."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from markdown_it.token import Token

_FILE: Final = re.compile(r"\{\{\s*file:\s*(?P<path>[^{}\n]{1,200}?)\s*\}\}")


def placed(tokens: Sequence[Token]) -> list[Token]:
    """The tokens with each such paragraph made into a block that is a file."""
    made: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        match = _FILE.fullmatch(tokens[index + 1].content) if _begins(token) else None
        if match:
            made.append(Token("sample_file", "", 0, block=True, meta={"path": match["path"]}))
            index += 3
        else:
            made.append(token)
            index += 1
    return made


def paths_in(body: str) -> set[str]:
    """The files a text shows in their place."""
    found = (_FILE.fullmatch(line.strip()) for line in body.splitlines())
    return {match["path"] for match in found if match}


def _begins(token: Token) -> bool:
    return token.type == "paragraph_open" and not token.hidden
