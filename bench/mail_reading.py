"""How much of real mail is read right, and how fast.

    .venv/bin/python -m bench.mail_reading [folder of the corpus]

Of replies: what the sender newly wrote, by our rules, and beside it by the library
mail-parser-reply with all its languages. Of bounces: how many are recognised as what they are.
Of a normal mail: milliseconds for parsing and splitting. The corpus is not part of the project;
without it only the speed is measured, on mails of the tests.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from tests.tickets.intake.mail import replies, reply_shapes
from tickets.intake.mail import automatic, newly_written, parsing

ROOT: Final = Path(__file__).resolve().parent.parent
PLACES: Final = [
    *(Path(one) for one in sys.argv[1:]),
    *(parent / "shared" / "corpora" / "mail" for parent in ROOT.parents),
]
ROUNDS: Final = 20
MOST_MILLISECONDS: Final = 2.0
FEWEST_REPLIES: Final = 60 / 68

Reader = Callable[[str], str]


def is_right(case: dict[str, Any], new: str) -> bool:
    if "expected" in case and case["expected"] is not None:
        return bool(new.strip() == case["expected"].strip())
    wanted, unwanted = case.get("contains", []), case.get("not_contains", [])
    return all(one in new for one in wanted) and not any(one in new for one in unwanted)


def by_library() -> Reader | None:
    try:
        from mailparser_reply import EmailReplyParser
        from mailparser_reply.constants import MAIL_LANGUAGES
    except ImportError:
        return None
    parser = EmailReplyParser(languages=list(MAIL_LANGUAGES))

    def read(text: str) -> str:
        found = parser.read(text).replies
        return found[0].body if found else ""

    return read


def count_replies(name: str, cases: list[dict[str, Any]], read: Reader) -> int:
    right = sum(is_right(case, read(case["input"])) for case in cases)
    print(f"replies {right} of {len(cases)} ({name})")
    return right


def count_bounces(folder: Path) -> bool:
    files = sorted(folder.glob("*.eml"))
    kinds = {file.name: automatic.kind_of(parsing.parse(file.read_bytes())) for file in files}
    known = {name: kind for name, kind in kinds.items() if kind is not None}
    by_kind = ", ".join(f"{kind} {count}" for kind, count in Counter(known.values()).most_common())
    print(f"bounces {len(known)} of {len(files)} recognised ({by_kind})")
    for name in sorted(set(kinds) - set(known)):
        print(f"  taken for a person's: {name}")
    return len(known) == len(files)


def measure_speed() -> bool:
    samples = [file.read_bytes() for file in (ROOT / "tests/samples/mail").glob("*.eml")]
    for raw in samples:  # what is loaded when first needed
        newly_written.split(parsing.parse(raw))
    times = []
    for _round in range(ROUNDS):
        for raw in samples:
            start = time.perf_counter()
            newly_written.split(parsing.parse(raw))
            times.append(1000 * (time.perf_counter() - start))
    times.sort()
    median, most = times[len(times) // 2], times[int(len(times) * 0.95)]
    print(f"parse and split a mail: median {median:.2f} ms, 95th percentile {most:.2f} ms")
    return median < MOST_MILLISECONDS


def main() -> int:
    own = [
        {"input": text, "expected": new} for _name, text, new in replies.CHINESE + replies.OTHERS
    ] + [
        {"input": text, "expected": text}
        for text in replies.CHINESE_TO_STAY + replies.OTHERS_TO_STAY
    ]

    for new, texts in (
        (reply_shapes.N, reply_shapes.CHINESE),
        (reply_shapes.E, reply_shapes.OTHERS),
    ):
        own += [{"input": text, "expected": new} for text in texts]

    def by_rules(text: str) -> str:
        return newly_written.split(text).new

    is_good = count_replies("the project's own cases", own, by_rules) == len(own)
    library = by_library()
    if library is not None:
        count_replies("the project's own cases, mail-parser-reply", own, library)
    place = next((one for one in PLACES if (one / "replies.json").is_file()), None)
    if place is None:
        print("no corpus here: only the project's own cases were read")
    else:
        cases = json.loads((place / "replies.json").read_text(encoding="utf-8"))
        right = count_replies("corpus", cases, by_rules)
        if library is not None:
            count_replies("corpus, mail-parser-reply", cases, library)
        is_good = right >= FEWEST_REPLIES * len(cases) and is_good
        is_good = count_bounces(place / "bounces") and is_good
    return 0 if measure_speed() and is_good else 1


if __name__ == "__main__":
    sys.exit(main())
