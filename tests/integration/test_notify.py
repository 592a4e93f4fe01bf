"""Recruiters are told at once what cannot wait: once, in one message, with first names only."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from connectors.notify import AppriseNotifier
from sync.bootstrap import open_view
from sync.bootstrap.telling import telling_findings
from sync.reports.status import status_report
from tests.integration.conftest import NOOR, SAM, Stage
from tests.integration.promised import put, vacancy

RECORD = "https://app-eu1.hubspot.com/contacts/4242/record/0-1/"  # of the sandbox's portal


@dataclass
class Sink:
    """A service that takes messages: `answer` is its status, 0 to hang up without one."""

    port: int = 0
    answer: int = 200
    got: list[tuple[str, str, str]] = field(default_factory=list)

    def address(self, who: str) -> str:
        """Where somebody is told, with a secret."""
        return f"json://user:geheim-woord@127.0.0.1:{self.port}/{who}"

    def take(self) -> list[tuple[str, str, list[str]]]:
        """Path, title and lines of what came since the last time this was asked."""
        told = [(path, title, text.splitlines()) for path, title, text in self.got]
        self.got.clear()
        return told


@pytest.fixture
def sink() -> Iterator[Sink]:
    found = Sink()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            found.got.append((self.path, said["title"], said["message"]))
            if found.answer:
                self.send_response(found.answer)
                self.send_header("Content-Length", "0")
                self.end_headers()
            else:
                self.close_connection = True

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.port = server.server_port
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield found
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def told(stage: Stage, sink: Sink) -> Stage:
    """The stage on Monday at nine, with a service that takes Noor's messages and Sam's; the mirror began on Friday."""
    stage.set(
        NOTIFY__URLS=f"{NOOR}={sink.address('noor')}, {SAM}={sink.address('sam')}", NOTIFY__WHAT="call_back,promise,fan"
    )
    stage.at("2026-11-20T17:00:00+01:00")
    stage.sync()
    stage.at("2026-11-23T09:00:00+01:00")
    return stage


def fan(stage: Stage, number: int = 1, first: str = "Lia") -> str:
    contact = stage.person(number, first, "Los")
    stage.fan_signs(contact)
    stage.later(minutes=1)  # HubSpot's search shows it a moment later
    return contact


def counts(stage: Stage) -> dict[str, int]:
    with open_view(stage.app()) as view:
        found: dict[str, int] = status_report(view.db)["notifications"]
        return found


FAN = {"nl": ("warmline: 1 voor jou", "nu warm"), "en": ("warmline: 1 for you", "warm now")}


@pytest.mark.parametrize("language", FAN)
def test_a_fan_is_told_in_the_run_that_makes_the_task_and_never_again(told: Stage, sink: Sink, language: str) -> None:
    lia = fan(told)
    told.set(ROUTING__LANGUAGES=f"{NOOR}={language}")

    told.sync()
    first = sink.take()
    told.later(minutes=2)
    told.sync()

    title, words = FAN[language]
    assert first == [("/noor", title, [f"{words}: Lia {RECORD}{lia}"])]
    assert (sink.take(), counts(told)) == ([], {"told": 1, "failed": 0, "uncertain": 0})


def test_all_of_one_run_is_one_message_with_what_is_due_first_on_top(told: Stage, sink: Sink) -> None:
    vacancy(told)
    jan = told.person(2, "Jan", "de Vries")
    put(told, 2, at=told.now.replace(day=16, hour=10), stage_id="s3", stage_entered_at="2026-11-20T11:00:00+01:00")
    told.at("2026-11-23T12:00:00+01:00")
    bo = told.person(3, "Bo", "Kok", warmline_call_back_at="2026-11-23T12:10:00+01:00")
    lia = fan(told)

    told.sync()

    assert sink.take() == [
        (
            "/noor",
            "warmline: 3 voor jou",
            [
                f"12:10 terugbelafspraak: Bo {RECORD}{bo}",
                f"di 11:00 antwoord beloofd: Jan {RECORD}{jan}",
                f"nu warm: Lia {RECORD}{lia}",
            ],
        )
    ]


def test_first_reactions_are_told_on_the_day_they_are_due(told: Stage, sink: Sink) -> None:
    vacancy(told)
    for number, first in ((1, "Jan"), (2, "Bo")):
        told.person(number, first, "de Vries")
        put(told, number, at=told.now.replace(hour=8, minute=30))
    seen = []
    for moment in ("2026-11-23T09:05", "2026-11-24T12:00", "2026-11-25T08:00", "2026-11-25T09:00"):
        told.at(f"{moment}:00+01:00")
        told.sync()
        seen.append(sink.take())

    lines = ["09:00 eerste reactie: 2 wachten https://app-eu1.hubspot.com/tasks/4242"]
    assert seen == [[], [], [("/noor", "warmline: 1 voor jou", lines)], []]


def test_an_agreed_call_is_told_a_quarter_before_and_not_when_it_is_over(told: Stage, sink: Sink) -> None:
    bo = told.person(1, "Bo", "Kok", warmline_call_back_at="2026-11-23T14:30:00+01:00")
    told.sync()
    seen = [sink.take()]
    for moment in ("14:14", "14:15", "14:20"):
        told.at(f"2026-11-23T{moment}:00+01:00")
        told.sync()
        seen.append(sink.take())

    message = ("/noor", "warmline: 1 voor jou", [f"14:30 terugbelafspraak: Bo {RECORD}{bo}"])
    assert seen == [[], [], [message], []]


def test_what_is_found_in_the_evening_waits_for_the_morning_and_is_told_together(told: Stage, sink: Sink) -> None:
    told.at("2026-11-23T19:00:00+01:00")
    lia = fan(told)
    told.sync()
    told.at("2026-11-24T06:00:00+01:00")
    bo = fan(told, 2, "Bo")
    told.sync()
    at_night = sink.take()

    told.at("2026-11-24T07:30:00+01:00")
    told.sync()

    [(path, title, lines)] = sink.take()
    assert (at_night, path, title) == ([], "/noor", "warmline: 2 voor jou")
    assert sorted(lines) == sorted([f"nu warm: Lia {RECORD}{lia}", f"nu warm: Bo {RECORD}{bo}"])


def test_a_refused_message_is_told_by_the_next_run_and_ends_no_run(told: Stage, sink: Sink) -> None:
    fan(told)
    sink.answer = 500

    report = told.sync()
    refused, notes, before = sink.take(), told.notes, counts(told)
    sink.answer = 200
    told.later(minutes=2)
    told.sync()

    assert (report["complete"], before) == (True, {"told": 0, "failed": 1, "uncertain": 0})
    assert notes[-1] == "1 messages to recruiters were not delivered for sure: warmline doctor"
    assert (sink.take(), counts(told)) == (refused, {"told": 1, "failed": 0, "uncertain": 0})


def test_a_message_whose_answer_is_lost_is_not_told_again(told: Stage, sink: Sink) -> None:
    fan(told)
    sink.answer = 0

    report = told.sync()
    lost = len(sink.take())
    sink.answer = 200
    told.later(minutes=2)
    told.sync()

    assert (report["complete"], lost) == (True, 1)
    assert (sink.take(), counts(told)) == ([], {"told": 0, "failed": 0, "uncertain": 1})


class Killed(BaseException):
    """The worker is gone."""


def test_a_worker_that_dies_between_sending_and_noting_tells_nobody_twice(
    told: Stage, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    fan(told)
    send = AppriseNotifier.send

    def send_and_die(self: AppriseNotifier, address: str, title: str, body: str) -> None:
        send(self, address, title, body)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(AppriseNotifier, "send", send_and_die)
        with pytest.raises(Killed):
            told.sync()
    arrived = len(sink.take())
    told.later(minutes=10)
    told.sync()

    assert (arrived, sink.take()) == (1, [])


def test_nobody_is_told_while_nothing_is_written_or_of_another_than_a_pilots_people(told: Stage, sink: Sink) -> None:
    fan(told)
    told.set(WRITES__ENABLED="false")
    told.sync()
    told.set(WRITES__ENABLED="true", WRITES__OWNERS=SAM)
    told.sync()

    assert sink.take() == []


def test_the_first_run_over_tasks_of_before_tells_nothing_of_them(stage: Stage, sink: Sink) -> None:
    fan(stage)
    stage.sync()
    stage.mirror.unlink()
    stage.later(minutes=5)
    stage.set(NOTIFY__URLS=f"{NOOR}={sink.address('noor')}", NOTIFY__WHAT="fan")

    stage.sync()

    assert sink.take() == []


def test_the_list_of_the_day_is_told_once_each_working_day(told: Stage, sink: Sink) -> None:
    told.set(NOTIFY__WHAT="morning")
    lia = fan(told)
    bo = told.person(2, "Bo", "Kok", warmline_call_back_at="2026-11-24T14:30:00+01:00")
    told.sync()
    sink.take()
    seen = []
    for moment in ("07:29", "07:31", "08:30"):
        told.at(f"2026-11-24T{moment}:00+01:00")
        told.sync()
        seen.append(sink.take())

    lines = ["Bellijst di 24 nov", f"1. 14:30 terugbelafspraak: Bo {RECORD}{bo}", f"2. nu warm: Lia {RECORD}{lia}"]
    assert seen == [[], [("/noor", "warmline: 2 voor jou", lines)], []]


def test_no_secret_and_nobody_is_in_the_notes_or_what_doctor_says(
    told: Stage, sink: Sink, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    sink.answer = 403
    fan(told)
    told.sync()
    fit = [(one.status, one.message) for one in telling_findings(told.app())]
    told.set(NOTIFY__URLS=f"{NOOR}=nonsense://geheim-woord")
    unfit = [(one.status, one.message) for one in telling_findings(told.app())]

    assert (fit, unfit) == (
        [("ok", "2 recruiters are told: call_back, promise, fan")],
        [("fix", "1 of 1 addresses cannot be used: apprise does not know this kind of address")],
    )
    assert "geheim" not in caplog.text + repr(told.notes) + repr(told.app().settings)
    assert "Lia" not in caplog.text
