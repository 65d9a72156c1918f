"""Play whole calls against real processes, signed as the provider signs, and print the trail.

    .venv/bin/python -m bench.hotline_play

Five calls: one that a mailbox answers first and an engineer then takes; one nobody takes, with a
message; one without a PIN; one replayed; one forged. The engine fetches the recordings. Half a
minute of the first is spent talking, since only that is an answer.
"""

from __future__ import annotations

import time

import requests
from django.utils import translation

from accounts import hotline_pins
from accounts.models import Delivery, Event
from accounts.tenancy import DatabaseRole, acting_as
from accounts.viewer import Viewer
from bench import telephone_provider
from bench.harness import Verdict, django_on, reachable_by
from bench.harness import telephone as paging_gateway
from bench.telephone_provider import SOUND, Line
from tests import factories, telephone
from tests.cast import make_cast
from tests.database import test_server
from tests.processes import processes, wait_until
from tests.telephone import Heard, Telephone
from tickets.models import Attachment, Call, Enquiry, Escalation, Page, Ticket
from tickets.presentation.call_lines import call_item
from tickets.presentation.trail import trail

TALK_SECONDS = 33.0
NUMBERS = {"engineer": "+8613800000001", "second": "+8613800000002", "lead": "+8613800000003"}


def hear(who: str, heard: Heard) -> Heard:
    print(f"    {who} hears: {heard.words or '—'}  [{' '.join(heard.verbs)}]")
    return heard


def taken(line: Line, pin: str) -> Telephone:
    """The first engineer's mailbox answers, the second presses the key, and they talk."""
    call = Telephone(line, called=telephone.ENGLISH)  # type: ignore[arg-type]
    hear("caller", call.ring())
    asked = time.monotonic()
    heard = hear("caller", call.pin(pin))
    print(f"    the PIN was answered after {(time.monotonic() - asked) * 1000:.0f} ms")
    mailbox = call.engineer(heard)
    mailbox.told("in-progress", 2)
    hear("mailbox", mailbox.picks_up())
    heard = hear("caller", mailbox.done("completed"))
    engineer = call.engineer(heard)
    engineer.told("ringing", 1)
    hear("engineer", engineer.picks_up())
    hear("engineer", engineer.presses("1"))
    print(f"    they talk for {TALK_SECONDS:g} s")
    time.sleep(TALK_SECONDS)
    hear("caller", engineer.done("completed"))
    call.hang_up()
    return call


def nobody(line: Line, pin: str) -> Telephone:
    """Nobody picks up; the caller leaves a message, in Chinese."""
    call = Telephone(line, called=telephone.CHINESE)  # type: ignore[arg-type]
    hear("caller", call.ring())
    heard = hear("caller", call.pin(pin))
    for status in ("no-answer", "busy", "failed"):
        heard = hear("caller", call.engineer(heard).done(status))
    leave(call, heard)
    return call


def unknown(line: Line) -> Telephone:
    """Three wrong PINs, and a message."""
    call = Telephone(line, called=telephone.EITHER, caller="+8613911112222")  # type: ignore[arg-type]
    heard = hear("caller", call.ring())
    heard = hear("caller", call.say(heard.action(), Digits="2"))
    for number in (1, 2, 3):
        heard = hear("caller", call.pin("00000000", number))
    leave(call, heard)
    return call


def leave(call: Telephone, heard: Heard) -> None:
    sid = telephone.sid("RE")
    hear(
        "caller",
        call.say(heard.action("Record"), RecordingSid=sid, RecordingDuration="21"),
    )
    call.say(
        "/hotline/call/message/recording/",
        RecordingSid=sid,
        RecordingStatus="completed",
        RecordingDuration="21",
    )
    call.hang_up()


def show(call: Telephone) -> Ticket | None:
    """Print what is left of a call, as the workspace words it."""
    with acting_as(DatabaseRole.ENGINE):
        row = Call.objects.prefetch_related("legs").select_related("ticket").get(sid=call.sid)
        item = call_item(row, row.legs.all(), staff=True)
        print(f"    {item.text} · {item.length} · {row.state}")
        for leg in item.legs:
            print(f"      {leg.name}: {leg.outcome}{', ' + leg.length if leg.length else ''}")
        ticket = row.ticket
        if ticket is None:
            return None
        ticket.organization  # noqa: B018  read here, in this role
        pages = list(Page.objects.filter(ticket=ticket).select_related("escalation"))
        runs = list(Escalation.objects.filter(ticket=ticket))
        found = trail(runs, pages, list(Event.objects.about(ticket.event_subject)))
        for told in found.lines if found else ():
            print(f"      {told.at:%H:%M:%S} {told.step} {told.names} {told.channels}")
        for entry in ticket.entries.order_by("at", "pk"):
            side = "us" if entry.by_staff else "customer"
            print(f"      {entry.at:%H:%M:%S} {entry.author_name} ({side}): {entry.body}")
        promise = ticket.promises.get(kind="response")
        print(f"      response: {promise.state}, kept {promise.kept}")
        return ticket


def main() -> None:
    verdict = Verdict()
    translation.activate("en")
    with (
        test_server() as server,
        server.fresh("hotline") as urls,
        django_on(urls),
        telephone_provider.recordings() as store,
        paging_gateway() as gateway,
    ):
        with acting_as(DatabaseRole.ENGINE) as now:
            people = make_cast()
            for who, number in NUMBERS.items():
                person = getattr(people, who)
                reachable_by(person, gateway)
                address = f"{gateway.address}{number}"
                factories.contact_method(person, address, kind="phone", delay_seconds=60)
            by = Viewer.of(people.owner)
            pin = hotline_pins.rotate(by=by, organization=people.star, now=now)
        with processes(urls, **telephone_provider.environment(store)) as run:
            run.start("web", "engine")
            line = telephone_provider.reach(run.url)
            print("1. A mailbox answers, then an engineer")
            ticket = show(taken(line, pin))
            print("2. Nobody answers")
            missed = nobody(line, pin)
            wait_until(lambda: len(store.fetched) >= 1, "the recording", 60)
            unanswered = show(missed)
            print("3. Three wrong PINs")
            stranger = unknown(line)
            wait_until(lambda: len(store.fetched) >= 2, "the second recording", 60)
            show(stranger)
            print("4. The second call's webhooks again, and 5. a forged one")
            again = missed.pin(pin)
            forged = requests.post(
                f"{run.url}/hotline/call/",
                {"CallSid": telephone.sid(), "AccountSid": telephone.ACCOUNT},
                headers={"X-Twilio-Signature": "x"},
                timeout=30,
            )
            print(f"    replayed: {' '.join(again.verbs)}; forged: {forged.status_code}")
            wait_until(lambda: attached() == 1, "the attachment", 30)
            run.end("engine")
            run.end("web")
        with acting_as(DatabaseRole.ENGINE):
            verdict.expect(Ticket.objects.count() == 2, "two tickets of five calls")
            verdict.expect(
                ticket is not None and ticket.promises.get(kind="response").kept is True,
                "the talk was the answer",
            )
            verdict.expect(
                unanswered is not None
                and Escalation.objects.get(ticket=unanswered).state == "ringing",
                "the ladder of the unanswered call rings on",
            )
            file = Attachment.objects.get()
            verdict.expect(file.size == len(SOUND), f"attached: {file.name}, {file.size} bytes")
            verdict.expect(Enquiry.objects.count() == 1, "one enquiry")
            told = Delivery.objects.filter(key__startswith="hotline:").exclude(sent_at=None)
            verdict.expect(told.exists(), "whoever is on duty was told of it")
            verdict.expect(forged.status_code == 403, "the forged one is refused")
        print(f"    the paging gateway took {len(gateway.calls)} messages meanwhile")
    verdict.end()


def attached() -> int:
    with acting_as(DatabaseRole.ENGINE):
        return Attachment.objects.count()


if __name__ == "__main__":
    main()
