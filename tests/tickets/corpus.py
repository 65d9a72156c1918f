"""Cases collected from other programs; they lie beside a checkout or are not there at all."""

import json
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "corpora"


def load(name: str) -> Any:
    """The collection `name`, such as "promises/cases.json"; skips the test without it."""
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"no {name} beside this checkout", allow_module_level=True)
    return json.loads(path.read_text())
