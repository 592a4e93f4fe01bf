"""One alert for what goes wrong, one notice when it is over, whoever looks and however often."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from config.settings import load
from connectors.messages import Delivery
from sync.bootstrap import App
from sync.bootstrap.watchdog import look
from sync.clock import Clock
from sync.store import metrics, runs
from sync.store.db import Mirror
from tests.conftest import NOW
from tests.new_mirror import primed

MOMENT = datetime.fromisoformat(NOW)


@dataclass
class Mailbox:
    """Takes messages, or does not."""

    answer: Delivery = Delivery.DONE
    messages: list[tuple[str, str]] = field(default_factory=list)

    def send(self, address: str, title: str, body: str) -> Delivery:
        assert address == "json://alerts"
        if self.answer is not Delivery.REFUSED:
            self.messages.append((title, body))
        return self.answer

    def flaw(self, address: str) -> str:
        return ""


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Mirror]:
    mirror = primed(tmp_path / "mirror.db")
    yield mirror
    mirror.close()


def at(db: Mirror, minutes: int, **more: str) -> App:
    """The application so many minutes after NOW."""
    environ = {"WARMLINE_MIRROR__PATH": str(db.path), "WARMLINE_ALERTS__URLS": "json://alerts", **more}
    return App(load(None, environ), Clock(MOMENT + timedelta(minutes=minutes)))


def complete_run(db: Mirror, run_id: str, minutes: int, command: str = "sync") -> None:
    started_at = MOMENT + timedelta(minutes=minutes)
    with db.write():
        runs.start_run(db, run_id, command, started_at)
        runs.finish_run(db, run_id, complete=True, reason="", report={}, now=started_at)


def test_one_alert_and_one_notice_of_recovery(db: Mirror) -> None:
    mailbox = Mailbox()
    complete_run(db, "1", 0)

    for minutes in (1, 46, 47, 48):
        look(at(db, minutes), mailbox)
    complete_run(db, "2", 49)
    for minutes in (50, 51):
        look(at(db, minutes), mailbox)

    end = "\n\nLook with: warmline status; warmline doctor"
    what = "- no complete run in the last 45 minutes (last: 2026-11-24T08:00:00.000Z)"
    assert mailbox.messages == [
        ("warmline, portal ?: needs a look", what + end),
        ("warmline, portal ?: is well again", f"{what} (over){end}"),
    ]


def test_an_alert_that_was_refused_is_sent_later_and_one_without_an_answer_is_not_repeated(db: Mirror) -> None:
    mailbox = Mailbox(Delivery.REFUSED)
    complete_run(db, "1", 0)

    look(at(db, 46), mailbox)
    mailbox.answer = Delivery.LOST
    for minutes in (47, 48):
        look(at(db, minutes), mailbox)

    assert [title for title, _ in mailbox.messages] == ["warmline, portal ?: needs a look"]


def test_what_was_never_told_is_over_without_a_word(db: Mirror) -> None:
    mailbox = Mailbox(Delivery.REFUSED)
    complete_run(db, "1", 0)
    look(at(db, 46), mailbox)
    mailbox.answer = Delivery.DONE
    complete_run(db, "2", 47)

    found = look(at(db, 48), mailbox)

    assert (found, mailbox.messages) == ({}, [])


def test_a_schedule_that_did_not_run_and_a_silent_stream_are_told_together(db: Mirror) -> None:
    mailbox = Mailbox()
    complete_run(db, "1", 0, "run hot")
    complete_run(db, "2", 4, "source ats")
    with db.write():
        for hours in range(24 * 21, 24, -1):
            moment = MOMENT - timedelta(hours=hours)
            metrics.add_news(db, {"ats.candidates": 3}, moment, MOMENT - timedelta(days=35))

    found = look(at(db, 10), mailbox)

    assert sorted(found) == ["schedule hot", "silent ats.candidates"]
    assert len(mailbox.messages) == 1
    assert mailbox.messages[0][1].count("\n- ") == 1


def test_a_mirror_that_never_saw_a_run_alarms_nobody(db: Mirror) -> None:
    mailbox = Mailbox()

    assert (look(at(db, 1000), mailbox), mailbox.messages) == ({}, [])


def test_without_addresses_it_looks_and_tells_nobody(db: Mirror) -> None:
    mailbox = Mailbox()
    complete_run(db, "1", 0)

    silent = look(at(db, 46, WARMLINE_ALERTS__URLS=""), mailbox)
    look(at(db, 47), mailbox)

    assert (list(silent), len(mailbox.messages)) == (["no complete run"], 1)
