"""Tells every class of a list that it starts in ten minutes.

    VIGIL_APP=8841 VIGIL_KID=k4 VIGIL_CERTIFICATE=… python remind_classes.py classes.csv
"""

from __future__ import annotations

import base64
import csv
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from vigil_api import Api, VigilError


def reminders(path: Path) -> Iterator[dict[str, Any]]:
    """One message for each row: group, lesson, starts_at."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield {
                "conversation": f"group:{row['group']}",
                "sender": "school_notice",
                # Run it twice by mistake and nobody is reminded twice.
                "client_id": f"remind-{row['group']}-{row['starts_at']}",
                "priority": "high",
                "body": {"type": "text", "text": f"{row['lesson']} starts in 10 minutes"},
            }


def main() -> int:
    api = Api(
        os.environ["VIGIL_APP"],
        os.environ["VIGIL_KID"],
        base64.b64decode(os.environ["VIGIL_CERTIFICATE"]),
    )
    failed = 0
    try:
        for result in api.send_many(reminders(Path(sys.argv[1]))):
            if result.get("code"):
                failed += 1
                print(f"{result['conversation']}: {result['code']} {result['name']}")
    except VigilError as error:
        print(f"stopped: {error} (request {error.request_id})", file=sys.stderr)
        return 2
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
