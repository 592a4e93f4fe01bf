"""Play unanswered: what came in waits until anybody of the team does something."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sync.core.activity import Activity
from sync.core.facts import OwnTask
from sync.core.keys import MARKER_HEX, task_key
from sync.core.plays import Case, Wish
from sync.core.plays.unanswered import counts, next_at, wish
from sync.core.policy import Policy
from tests.unit.core.make import POLICY, moment, person

NOON = "2026-11-24 12:00"


def one(id: str, at: str, channel: str = "email", direction: str | None = "in", outcome: str | None = None) -> Activity:
    return Activity(id, channel, moment(at), ("501",), direction, outcome)


MAIL = one("31", "2026-11-24 10:00")
MISSED = one("41", "2026-11-24 11:00", "call", "in", "no_answer")
ANSWER = one("32", "2026-11-24 10:30", direction="out")


def asked(*activities: Activity, now: str = NOON, policy: Policy = POLICY, tasks: tuple[OwnTask, ...] = ()) -> Case:
    facts = person(activities=activities, tasks=tasks, watched_since=moment("2026-10-01 09:00"))
    return Case(facts, policy, moment(now))


def test_a_mail_nobody_answered_is_a_mail_due_four_working_hours_later() -> None:
    assert wish(asked(MAIL)) == Wish(
        "unanswered", "email:31", ("in:email:2026-11-24",), moment("2026-11-24 14:00"), type="EMAIL"
    )


@pytest.mark.parametrize(
    ("activities", "expected"),
    [
        ((), None),
        ((MAIL, ANSWER), None),
        ((MAIL, one("33", "2026-11-24 10:30", "call", "out", "voicemail")), None),  # we tried
        ((MAIL, one("33", "2026-11-24 10:30", "task", "out", "completed")), None),  # ticked off
        ((MAIL, one("33", "2026-11-24 10:30", "whatsapp", None)), None),  # HubSpot does not say who wrote
        ((MAIL, one("33", "2026-11-24 10:30", "email", None)), ("email:31", "EMAIL")),  # forwarded by hand
        ((MAIL, one("33", "2026-11-24 13:00", "meeting", None, "scheduled")), ("email:31", "EMAIL")),  # to come
        ((MAIL, MISSED), ("email:31", "CALL")),  # the first names it, the last says how
        ((MISSED,), ("call:41", "CALL")),
        ((one("34", "2026-11-24 10:00", "whatsapp"),), ("whatsapp:34", "TODO")),
        ((ANSWER, one("35", "2026-11-24 11:30")), ("email:35", "EMAIL")),
        ((one("36", "2026-11-10 11:59"),), None),  # over two weeks
        ((one("36", "2026-11-10 11:59"), MAIL), ("email:31", "EMAIL")),
        ((one("37", "2026-11-24 12:01"),), None),  # a clock that runs ahead
    ],
)
def test_what_waits_is_what_came_in_since_the_team_last_did_something(
    activities: tuple[Activity, ...], expected: tuple[str, str] | None
) -> None:
    found = wish(asked(*activities))

    assert ((found.occasion, found.type) if found else None) == expected


@pytest.mark.parametrize(
    ("came", "now", "due"),
    [
        ("2026-11-20 17:00", "2026-11-20 17:00", "2026-11-23 12:30"),  # Friday evening
        ("2026-11-21 22:00", "2026-11-21 22:05", "2026-11-23 13:00"),  # Saturday night
        ("2026-11-20 10:00", "2026-11-24 12:00", "2026-11-24 12:00"),  # late already
        ("2026-11-20 10:00", "2026-11-21 12:00", "2026-11-23 09:00"),
    ],
)
def test_it_is_due_in_working_hours_and_never_in_the_past(came: str, now: str, due: str) -> None:
    found = wish(asked(one("31", came), now=now))

    assert found is not None
    assert found.due_at == moment(due)


def test_what_came_in_before_an_earlier_task_ended_was_in_that_task() -> None:
    ended = OwnTask(
        "900", "ab" * 6, "unanswered", "71", False, moment("2026-11-24 10:05"), closed_at=moment("2026-11-24 11:30")
    )
    later = one("38", "2026-11-24 11:45")

    assert wish(asked(MAIL, tasks=(ended,))) is None
    found = wish(asked(MAIL, later, tasks=(ended,)))
    assert found is not None
    assert found.occasion == "email:38"
    assert wish(asked(MAIL, tasks=(replace(ended, play="fan"),))) is not None
    assert wish(asked(MAIL, tasks=(replace(ended, open=True, closed_at=None),))) is not None


@pytest.mark.parametrize(
    ("came", "expected"),
    [
        ("2026-11-19 00:01", True),  # Thursday: its third working day is the day warmline began
        ("2026-11-18 23:59", False),
    ],
)
def test_what_was_old_when_warmline_began_is_no_task(came: str, expected: bool) -> None:
    began = replace(person(activities=(one("31", came),)), watched_since=None)
    later = replace(began, watched_since=moment(NOON))

    assert (wish(Case(began, POLICY, moment(NOON))) is not None) is expected
    assert (wish(Case(later, POLICY, moment("2026-11-25 12:00"))) is not None) is expected


def test_a_team_that_answers_from_its_mailbox_may_wait_first() -> None:
    own = replace(POLICY.plays.unanswered, wait_working_minutes=180)
    patient = replace(POLICY, plays=replace(POLICY.plays, unanswered=own))

    assert wish(asked(MAIL, policy=patient)) is None
    assert next_at(asked(MAIL, policy=patient)) == moment("2026-11-24 13:00")
    assert wish(asked(MAIL, policy=patient, now="2026-11-24 13:00")) is not None
    assert next_at(asked(MAIL)) is None
    assert next_at(asked()) is None


def test_an_answer_seen_late_ends_the_task_all_the_same() -> None:
    facts = person()
    marker = task_key(facts, "12345", "unanswered", "email:31")[:MARKER_HEX]
    task = OwnTask("900", marker, "unanswered", "71", True, moment("2026-11-24 10:45"))
    at_hand = asked(MAIL, ANSWER)

    assert counts(at_hand, task, ANSWER)  # after the mail, before the task
    assert not counts(at_hand, task, replace(ANSWER, at=moment("2026-11-24 09:59")))
    assert not counts(at_hand, task, MISSED)
    assert not counts(at_hand, replace(task, marker="cd" * 6), ANSWER)  # about something else: since it was made
