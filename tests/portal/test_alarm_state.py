"""Customers and staff are told when paging is delayed, and only then."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from django.template.loader import render_to_string
from django.utils import translation

from portal import alarm_state, process_beats
from portal.alarm_state import AlarmState
from portal.engine.health import EngineStatus
from portal.process_beats import ProcessBeat
from tests import factories

OK = EngineStatus("ok", 1, 1.0, None)
SILENT = EngineStatus("silent", 0, 130.0, None)
LATE = EngineStatus("late", 1, 1.0, 45.0)
SENTENCE = "Our alarm system is delayed at the moment."


def state(
    engine: EngineStatus = OK,
    *troubles: str,
    watchdog: float = 2.0,
    worker: float = 20.0,
    mail: float = 3.0,
) -> AlarmState:
    beats = {
        "watchdog": ProcessBeat("watchdog", watchdog, troubles),
        "worker": ProcessBeat("worker", worker, ()),
        "mail": ProcessBeat("mail", mail, ()),
    }
    return AlarmState(engine, beats)


@pytest.mark.parametrize(
    ("found", "delayed", "line"),
    [
        (state(), False, None),
        (state(SILENT), True, "Paging is delayed: engine silent for 2 min."),
        (state(EngineStatus("silent", 0, None, None)), True, "Paging is delayed: no engine"),
        (state(LATE), True, "Paging is delayed: something due has waited for 45 s."),
        (state(OK, "canary"), True, "Paging is delayed: a trial page"),
        (state(OK, "pages", "worker"), True, "Paging is delayed"),
        (state(OK, "worker", "disk"), False, None),
        (state(OK, "mail-out"), False, "A trial page by mail does not come through"),
        (state(OK, "canary", "mail-out"), True, "Paging is delayed: a trial page"),
        (state(OK, "canary", watchdog=31.0), False, "The watchdog is silent for 31 s"),
        (state(worker=91.0), False, None),
        (state(mail=31.0), False, "The mail process is silent for 31 s: no mail is taken in."),
        (state(OK, "mail"), False, "Mail that came in waits to be understood"),
        (state(OK, "mailboxes"), False, "A mailbox cannot be read"),
    ],
)
def test_what_is_said_of_it(found: AlarmState, delayed: bool, line: str | None) -> None:
    assert found.paging_is_delayed is delayed
    assert [text for text in found.lines if line and text.startswith(line)] == found.lines


def test_a_mail_process_that_never_ran_is_named() -> None:
    beats = {name: beat for name, beat in state().beats.items() if name != "mail"}
    assert AlarmState(OK, beats).lines == ["No mail process is running: no mail is taken in."]


def test_mail_in_trouble_stands_below_paging_in_trouble() -> None:
    first, second = state(SILENT, mail=200.0).lines
    assert first.startswith("Paging is delayed")
    assert second == "The mail process is silent for 3 min: no mail is taken in."


def test_the_bar_is_one_box_however_much_is_wrong() -> None:
    wrong = state(SILENT, watchdog=200.0, mail=200.0)
    bar = render_to_string("tickets/_alarm_bar.html", {"alarm_state": wrong})
    assert bar.count("notice-warning") == 1
    assert bar.count("<p>") == 3


def test_two_chinese_sentences_have_no_space_between_them() -> None:
    with translation.override("zh-hans"):
        assert "。请盯住队列" in state(SILENT).lines[0]


def test_all_is_well_only_when_each_part_is() -> None:
    assert state().is_ok
    for wrong in (
        state(SILENT),
        state(OK, "disk"),
        state(watchdog=31.0),
        state(worker=91.0),
        state(mail=31.0),
    ):
        assert not wrong.is_ok


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/down/", "/tickets/STAR-1/"])
def test_customers_read_a_plain_sentence_while_paging_is_delayed(
    cast: SimpleNamespace, browser_of: Any, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    factories.ticket(cast.owner)
    browser = browser_of(cast.owner)
    for found, told in ((state(), False), (state(SILENT), True), (None, False)):
        monkeypatch.setattr(alarm_state, "current", lambda found=found: found)
        assert (SENTENCE in browser.get(path).content.decode()) is told


@pytest.mark.django_db
def test_the_operators_own_line_is_named_where_there_is_one(
    cast: SimpleNamespace, browser_of: Any, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.EMERGENCY_LINE = "+86 10 1234 5678"
    monkeypatch.setattr(alarm_state, "current", lambda: state(SILENT))
    assert "also reach us at +86 10 1234 5678" in browser_of(cast.owner).get("/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/admin/queue/", "/admin/duty/"])
def test_staff_see_a_bar_in_the_frame(
    cast: SimpleNamespace, browser_of: Any, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    browser = browser_of(cast.engineer)
    monkeypatch.setattr(alarm_state, "current", lambda: state(SILENT))
    assert "engine silent for 2 min" in browser.get(path).content.decode()
    monkeypatch.setattr(alarm_state, "current", lambda: state(watchdog=200.0))
    assert "nobody is told when paging stops" in browser.get(path).content.decode()
    monkeypatch.setattr(alarm_state, "current", lambda: state(mail=45.0))
    assert "The mail process is silent for 45 s" in browser.get(path).content.decode()
    monkeypatch.setattr(alarm_state, "current", lambda: state())
    assert "Paging is delayed" not in browser.get(path).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["owner", "engineer"])
def test_pages_that_stay_open_ask_for_it_again(
    cast: SimpleNamespace, browser_of: Any, monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    browser = browser_of(getattr(cast, who))
    start, told, src = {
        "owner": ("/", SENTENCE, "/alarm/"),
        "engineer": ("/admin/queue/", "engine silent for 2 min", "/admin/alarm/"),
    }[who]
    monkeypatch.setattr(alarm_state, "current", lambda: state())
    assert f'data-refresh-src="{src}"' in browser.get(start).content.decode()
    assert browser.get(src).content.strip() == b""
    monkeypatch.setattr(alarm_state, "current", lambda: state(SILENT))
    assert told in browser.get(src).content.decode()


class TestKeeping:
    """`current` itself, which the other tests do without."""

    current = staticmethod(alarm_state.current)

    @pytest.fixture(autouse=True)
    def forget(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(alarm_state, "_kept", alarm_state._Kept())

    def test_pages_of_the_same_seconds_ask_once(
        self, db: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked: list[int] = []
        monkeypatch.setattr(alarm_state, "read", lambda cursor: asked.append(1) or state())
        assert self.current() == self.current()
        assert len(asked) == 1

    def test_it_reads_as_the_login_itself(self, db: None) -> None:
        found = self.current()
        assert found is not None
        assert found.engine.state in ("ok", "late", "silent")

    def test_a_database_that_does_not_answer_is_no_sentence(
        self, db: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def away(cursor: object) -> None:
            raise psycopg.OperationalError("away")

        monkeypatch.setattr(process_beats, "read", away)
        assert self.current() is None
