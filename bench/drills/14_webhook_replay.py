"""Drill 14: the telephone provider's webhooks five times each, reordered, at once, and late.

    .venv/bin/python -m bench.drills.14_webhook_replay [--seeds 20] [--times 5] [--hands 4]

Each seed is one call with a key pressed and a message left. Its webhooks are sent five times in a
chance order over several connections; the whole of it again when all is over. It must be one
ticket, one ladder, one leg, one message and one fetched recording; every webhook gets one answer
only; and the last state is that of the highest sequence, whichever came last.
"""

from __future__ import annotations

import argparse
import random
import threading
from collections import defaultdict
from collections.abc import Callable
from queue import Empty, SimpleQueue

from accounts import hotline_pins
from accounts.models import Deadline, Delivery
from accounts.tenancy import DatabaseRole, acting_as
from accounts.viewer import Viewer
from bench import telephone_provider
from bench.harness import Verdict, django_on
from bench.telephone_provider import Line
from tests import factories, telephone
from tests.cast import make_cast
from tests.database import test_server
from tests.processes import processes, wait_until
from tests.telephone import Telephone
from tickets.models import Attachment, Call, CallLeg, CallRecording, Entry, Escalation, Inbound

Post = Callable[[], str]


class Hands:
    """Sends webhooks from several threads and keeps every answer under the webhook's name."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.answers: dict[str, set[str]] = defaultdict(set)
        self.sent = 0
        self.failures: list[str] = []

    def send(self, posts: list[tuple[str, Post]]) -> None:
        waiting: SimpleQueue[tuple[str, Post]] = SimpleQueue()
        for one in posts:
            waiting.put(one)
        threads = [threading.Thread(target=self._work, args=[waiting]) for _ in range(self.count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.sent += len(posts)

    def _work(self, waiting: SimpleQueue[tuple[str, Post]]) -> None:
        while True:
            try:
                name, post = waiting.get_nowait()
            except Empty:
                return
            try:
                self.answers[name].add(post())
            except Exception as problem:
                self.failures.append(f"{name}: {problem!r}"[:200])


def play(line: Line, pin: str, seed: int, times: int, hands: Hands) -> str:
    """One call, its webhooks `times` over and out of order; returns its number."""
    chance = random.Random(seed)
    call = Telephone(line, caller=f"+86139{seed:08d}")  # type: ignore[arg-type]

    def name(step: str) -> str:
        return f"{call.sid} {step}"

    first: list[tuple[str, Post]] = [
        (name("begin"), lambda: call.ring().xml),
        (name("pin"), lambda: call.pin(pin).xml),
    ]
    repeated = first * times
    chance.shuffle(repeated)
    hands.send(repeated)
    engineer = call.engineer(call.pin(pin))
    recording = telephone.sid("RE")
    statuses = ("initiated", "ringing", "in-progress", "completed")
    rest: list[tuple[str, Post]] = [
        *(
            (name(f"told {number}"), lambda s=status, n=number: engineer.told(s, n).xml)  # type: ignore[misc]
            for number, status in enumerate(statuses)
        ),
        (name("whisper"), lambda: engineer.picks_up().xml),
        (name("key"), lambda: engineer.presses("1").xml),
        (name("done"), lambda: engineer.done("completed").xml),
        (name("ended"), lambda: call.hang_up(sequence=9).xml),
        *(
            (
                name(f"ended {number}"),
                lambda n=number: (
                    call.say(  # type: ignore[misc]
                        "/hotline/call/ended/", CallStatus="in-progress", SequenceNumber=str(n)
                    ).xml
                ),
            )
            for number in (1, 2)
        ),
        (
            name("message"),
            lambda: (
                call.say(
                    "/hotline/call/message/", RecordingSid=recording, RecordingDuration="12"
                ).xml
            ),
        ),
        (
            name("recording"),
            lambda: (
                call.say(
                    "/hotline/call/message/recording/",
                    RecordingSid=recording,
                    RecordingStatus="completed",
                    RecordingDuration="12",
                ).xml
            ),
        ),
    ]
    repeated = rest * times
    chance.shuffle(repeated)
    hands.send(repeated)
    late = first + rest
    chance.shuffle(late)
    hands.send(late)
    return call.sid


def judge(sids: list[str], verdict: Verdict) -> None:
    """Count the effects of each call."""
    with acting_as(DatabaseRole.ENGINE):
        calls = list(Call.objects.filter(sid__in=sids))
        tickets = {call.ticket_id for call in calls if call.ticket_id}
        ladders = Escalation.objects.filter(ticket__in=tickets).count()
        legs = list(CallLeg.objects.filter(call__in=calls))
        said = Entry.objects.filter(ticket__in=tickets, by_staff=False).count()
        kept = CallRecording.objects.filter(call__in=calls).exclude(fetched_at=None).count()
        files = Attachment.objects.filter(ticket__in=tickets).count()
        odd = Inbound.objects.filter(channel="phone").exclude(outcome="call").count()
        stuck = Deadline.objects.exclude(failed_at=None).count()
    count = len(sids)
    print(
        f"calls {len(calls)}, tickets {len(tickets)}, ladders {ladders}, legs {len(legs)},"
        f" entries of customers {said}, recordings fetched {kept}, attached {files}"
    )
    verdict.expect(len(calls) == len(tickets) == ladders == count, "one ticket and ladder a call")
    verdict.expect(len(legs) == count, "one leg a call")
    verdict.expect(said == 2 * count, "the opening and one message a call")
    verdict.expect(kept == files == count, "one recording a call, fetched and attached once")
    states = {(call.state, call.sequence) for call in calls}
    verdict.expect(states == {("ended", 9)}, f"calls end in the highest sequence: {states}")
    ends = {(leg.outcome, leg.sequence) for leg in legs}
    verdict.expect(ends == {("taken", 3)}, f"legs end in the highest sequence: {ends}")
    verdict.expect(not odd and not stuck, f"in quarantine {odd + stuck}")


def main() -> None:
    ask = argparse.ArgumentParser()
    ask.add_argument("--seeds", type=int, default=20)
    ask.add_argument("--times", type=int, default=5)
    ask.add_argument("--hands", type=int, default=4)
    asked = ask.parse_args()
    verdict, hands = Verdict(), Hands(asked.hands)
    with (
        test_server() as server,
        server.fresh("drill") as urls,
        django_on(urls),
        telephone_provider.recordings() as store,
    ):
        with acting_as(DatabaseRole.ENGINE) as now:
            people = make_cast()
            number = "jsons://sms.example/+8613800000001"
            factories.contact_method(people.engineer, number, kind="phone", delay_seconds=3600)
            by = Viewer.of(people.owner)
            pin = hotline_pins.rotate(by=by, organization=people.star, now=now)
        with processes(urls, **telephone_provider.environment(store)) as run:
            run.start("web", "engine")
            line = telephone_provider.reach(run.url)
            sids = []
            for seed in range(1, asked.seeds + 1):
                sids.append(play(line, pin, seed, asked.times, hands))
                print(f"seed {seed}: {hands.sent} webhooks so far", flush=True)
            wait_until(nothing_to_fetch, "the recordings", 120)
            run.end("engine")
            run.end("web")
        several = [name for name, answers in hands.answers.items() if len(answers) > 1]
        print(
            f"webhooks sent {hands.sent}, of them different {len(hands.answers)},"
            f" failed {len(hands.failures)}, answered in two ways {len(several)}"
        )
        for failure in hands.failures[:5]:
            print(f"  {failure}")
        verdict.expect(not hands.failures, "every webhook was answered")
        verdict.expect(not several, f"the same answer each time {several[:3]}")
        judge(sids, verdict)
    verdict.end()


def nothing_to_fetch() -> bool:
    with acting_as(DatabaseRole.ENGINE):
        open_rows = Delivery.objects.filter(kind=Delivery.Kind.RECORDING, sent_at=None)
        return not open_rows.exists()


if __name__ == "__main__":
    main()
