"""Promises: when each begins, by when it is due, by what it is kept, and what a recruiter's edit makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

import pytest

from sync.core.activity import Activity
from sync.core.facts import LinkedApplication, PersonFacts
from sync.core.model import Job, JobStage
from sync.core.plays import PLAYS, Case
from sync.core.policy import Policy
from sync.core.promise import Promise, StageMove
from sync.core.promise_policy import PromisePolicy, Sight
from sync.core.promise_terms import before, internal_due_at, public_due_at
from sync.core.promises import promises_of
from sync.core.reaction_groups import Group, Waiting, group_key, share_out
from tests.unit.core.make import CONTACT, NOW, OFFICE, POLICY, applied, moment, person

STAGES = (
    JobStage("s1", "j1", "Nieuw", "applied", 0),
    JobStage("s2", "j1", "Bekeken", "screening", 1),
    JobStage("s3", "j1", "Gesprek", "interview", 2),
    JobStage("s4", "j1", "Aanbod", "offer", 3),
)
JOB = Job("j1", "Kok", "open", stages=STAGES)
SEES_ALL = Sight("Recruitee", messages=True, told=True)
SEES_MOVES = Sight("Greenhouse")
CAME_IN = StageMove("recruitee", "77", None, "s1", moment("2026-11-12 10:00"))


def policy(sight: Sight = SEES_ALL, **more: object) -> Policy:
    """The policy with what the source shows."""
    promise = PromisePolicy(sees={"recruitee": sight}, **more)  # type: ignore[arg-type]
    return replace(POLICY, plays=replace(POLICY.plays, promise=promise))


def sanne(
    *, moves: tuple[StageMove, ...] = (CAME_IN,), more: Mapping[str, object] | None = None, **of: object
) -> PersonFacts:
    """Sanne, who applied on Thursday 12 November at 10:00. `more`: other facts."""
    one: LinkedApplication = applied(JOB, **{"stage_id": "s1", **of})  # type: ignore[arg-type]
    return person(applications=(one,), moves=moves, **(more or {}))


def moved(to: str, at: str, from_id: str | None = "s1") -> StageMove:
    """A move of Sanne's application."""
    return StageMove("recruitee", "77", from_id, to, moment(at))


def act(channel: str, at: str, **more: object) -> Activity:
    """Contact with Sanne."""
    return Activity("x1", channel, moment(at), ("501",), **more)  # type: ignore[arg-type]


def kinds(facts: PersonFacts, rules: Policy | None = None, now: datetime = NOW) -> dict[str, tuple[str, str]]:
    """State and evidence of each promise, by kind."""
    return {one.kind: (one.state(now), one.evidence) for one in promises_of(facts, rules or policy(), now)}


def test_the_two_terms_are_counted_in_working_days() -> None:
    applied_at = moment("2026-11-12 10:00")

    assert internal_due_at(applied_at, PromisePolicy(), OFFICE) == moment("2026-11-16 10:00")
    assert public_due_at(applied_at, 10, OFFICE) == moment("2026-11-26 17:30")


# What begins, and by when the team wants to have reacted.
NORMS = [
    ("2026-11-14 11:00", "2026-11-18 09:00"),  # on Saturday: it begins on Monday morning
    ("2026-11-12 22:00", "2026-11-17 09:00"),  # at night: it begins next morning
    ("2026-03-27 17:00", "2026-03-31 17:00"),  # the clock changes in between
]


@pytest.mark.parametrize(("began_at", "due_at"), NORMS)
def test_what_begins_outside_hours_begins_at_the_next_opening(began_at: str, due_at: str) -> None:
    assert internal_due_at(moment(began_at), PromisePolicy(), OFFICE) == moment(due_at)


# Moment, working minutes, and where those minutes begin.
LEADS = [
    ("2026-11-25 12:00", 60, "2026-11-25 11:00"),
    ("2026-11-25 09:30", 60, "2026-11-24 17:00"),  # over the night
    ("2026-11-23 09:30", 60, "2026-11-20 17:00"),  # over the weekend
    ("2026-11-22 12:00", 60, "2026-11-20 16:30"),  # a Sunday
]


@pytest.mark.parametrize(("due_at", "minutes", "starts_at"), LEADS)
def test_time_before_a_moment_is_working_time(due_at: str, minutes: int, starts_at: str) -> None:
    assert before(moment(due_at), minutes, OFFICE) == moment(starts_at)


def test_an_applicant_who_heard_nothing_waits() -> None:
    assert kinds(sanne()) == {"first_reaction": ("open", "")}


# What happened, and the state of the first reaction.
HEARD = [
    ({"moves": (CAME_IN, moved("s2", "2026-11-13 10:00"))}, ("kept", "stage_move")),
    ({"moves": (moved("s2", "2026-11-13 10:00", None),)}, ("kept", "stage_move")),  # first seen where somebody put it
    ({"moves": (moved("s2", "2026-11-12 10:05", None),)}, ("open", "")),  # put there as it came in, by a machine
    ({"first_reply_at": moment("2026-11-13 10:00")}, ("kept", "ats_message")),
    ({"hired_at": moment("2026-11-13 10:00")}, ("kept", "hired")),
    ({"more": {"activities": (act("call", "2026-11-13 10:00", outcome="connected"),)}}, ("kept", "call")),
    ({"more": {"activities": (act("call", "2026-11-13 10:00", outcome="no_answer"),)}}, ("open", "")),
    (
        {"more": {"activities": (act("call", "2026-11-11 10:00", outcome="connected"),)}},
        ("open", ""),
    ),  # before applying
    ({"more": {"activities": (act("email", "2026-11-12 10:05", direction="out"),)}}, ("open", "")),  # the confirmation
    ({"more": {"activities": (act("email", "2026-11-12 10:05", direction="out", owner_id="71"),)}}, ("kept", "email")),
    ({"more": {"activities": (act("email", "2026-11-13 10:00", direction="in"),)}}, ("open", "")),
    ({"more": {"activities": (act("meeting", "2026-11-30 10:00", outcome="scheduled"),)}}, ("kept", "meeting")),
    ({"status": "withdrawn"}, ("ended", "")),
]


@pytest.mark.parametrize(("what", "expected"), HEARD)
def test_a_first_reaction_is_what_a_person_did(what: dict[str, object], expected: tuple[str, str]) -> None:
    assert kinds(sanne(**what))["first_reaction"] == expected  # type: ignore[arg-type]


def test_a_message_counts_only_where_the_source_shows_messages() -> None:
    facts = sanne(first_reply_at=moment("2026-11-13 10:00"))

    assert kinds(facts, policy(SEES_MOVES)) == {"first_reaction": ("open", "")}


def test_a_reaction_after_the_public_date_breaks_the_promise() -> None:
    late = sanne(more={"activities": (act("call", "2026-11-27 10:00", outcome="connected"),)})

    assert kinds(late, now=moment("2026-11-28 10:00")) == {"first_reaction": ("broken", "call")}


def test_a_prospect_is_promised_nothing() -> None:
    assert promises_of(sanne(status="prospect"), policy(), NOW) == ()


def test_a_rejection_that_cannot_be_seen_to_be_told_ends_the_wait_and_promises_nothing_more() -> None:
    rejected = sanne(status="rejected", rejected_at=moment("2026-11-20 10:00"))

    assert kinds(rejected, policy(SEES_MOVES)) == {"first_reaction": ("ended", "")}
    assert kinds(rejected) == {"first_reaction": ("open", ""), "decision": ("open", "")}


def test_a_rejection_told_in_the_moment_it_was_made_keeps_both() -> None:
    at = moment("2026-11-20 10:00")

    assert kinds(sanne(status="rejected", rejected_at=at, told_at=at)) == {
        "first_reaction": ("kept", "told"),
        "decision": ("kept", "told"),
    }


def test_news_is_promised_from_the_interview_and_from_a_later_meeting_anew() -> None:
    moves = (CAME_IN, moved("s3", "2026-11-19 10:00"))
    facts = sanne(moves=moves, stage_id="s3", stage_entered_at=moment("2026-11-19 10:00"))
    met = replace(facts, activities=(act("meeting", "2026-11-20 10:00", outcome="completed"),))

    began = [
        [one.began_at for one in promises_of(one, policy(), NOW) if one.kind == "interview"] for one in (facts, met)
    ]

    assert began == [[moment("2026-11-19 10:00")], [moment("2026-11-20 10:00")]]


def test_what_was_overdue_before_the_first_run_stands_apart_unless_somebody_moved_it() -> None:
    watched = {"watched_since": moment("2026-11-27 09:00")}
    now = moment("2026-11-28 09:00")

    assert kinds(sanne(more=watched), now=now) == {"first_reaction": ("backlog", "")}
    assert kinds(sanne(more={"watched_since": moment("2026-11-26 09:00")}), now=now) == {
        "first_reaction": ("broken", "")
    }


WRITTEN = "2026-11-26T16:30:00.000Z"
FRIDAY = moment("2026-11-27 12:00")


def edited(shown: datetime | None, written: str = WRITTEN, stored: tuple[Promise, ...] = ()) -> PersonFacts:
    """Sanne's contact shows another date than warmline wrote."""
    more = {
        "contact": replace(CONTACT, reply_due_at=shown),
        "written": (("warmline_reply_due_at", written),),
        "promises": stored,
    }
    return sanne(more=more)


def stored(**more: object) -> Promise:
    """The promise as the mirror has it."""
    [one] = promises_of(sanne(), policy(), NOW)
    return replace(one, **more)  # type: ignore[arg-type]


# What the contact shows, what the mirror knows, and where the promise is moved to.
EDITS = [
    (edited(FRIDAY), FRIDAY),
    (edited(moment("2026-11-26 17:30")), None),  # what warmline wrote
    (edited(FRIDAY, "2026-11-27T11:00:00.000Z", (stored(moved_at=FRIDAY),)), FRIDAY),  # taken over before
    (edited(None, "2026-11-27T11:00:00.000Z", (stored(moved_at=FRIDAY),)), None),  # emptied: back to the rule
    (edited(FRIDAY, WRITTEN, (stored(was_due_at=FRIDAY),)), None),  # a late echo of what warmline wrote before
    (edited(moment("2026-11-10 12:00")), None),  # before the person applied
    (edited(FRIDAY, ""), FRIDAY),  # a rebuilt mirror
]


@pytest.mark.parametrize(("facts", "moved_at"), EDITS)
def test_another_date_than_warmline_wrote_moves_the_promise(facts: PersonFacts, moved_at: datetime | None) -> None:
    assert [one.moved_at for one in promises_of(facts, policy(), NOW)] == [moved_at]


def test_a_task_is_wished_a_working_day_before_the_norm_and_once_more_before_the_public_date() -> None:
    at = "2026-11-19 10:00"
    facts = sanne(moves=(CAME_IN, moved("s3", at)), stage_id="s3", stage_entered_at=moment(at))
    play = PLAYS["promise"]
    rules = policy(ahead_working_minutes=510)

    moments = ("2026-11-20 09:59", "2026-11-20 10:00", "2026-12-03 08:59", "2026-12-03 09:00")
    cases = [Case(facts, rules, moment(one)) for one in moments]
    wishes = [play.wish(case) for case in cases]

    assert [one.occasion if one else None for one in wishes] == [
        None,
        "interview:recruitee:77:2026-11-23",
        "interview:recruitee:77:2026-11-23",
        "interview:recruitee:77:2026-12-03",
    ]
    assert [play.next_at(case) for case in cases] == [
        moment("2026-11-20 10:00"),
        moment("2026-12-03 09:00"),
        moment("2026-12-03 09:00"),
        None,
    ]


def waiting(number: int, owner_id: str = "71", group_id: int | None = None) -> Waiting:
    """Somebody who waits."""
    return Waiting("ats", f"a{number}", "j1", owner_id, number, f"50{number}", NOW, NOW, NOW, group_id)


def test_everybody_goes_into_the_open_task_of_their_vacancy_and_who_was_seen_stays_out() -> None:
    open_one = Group(1, "ats", "j1", "71", "k1", task_id="9")
    taken = Group(2, "ats", "j1", "72", "k2", task_id="8", untouched=False)
    people = (waiting(1, group_id=1), waiting(2), waiting(3, "72", 2), waiting(4, "72"), waiting(5, group_id=7))

    shared = share_out(people, [open_one, taken])

    assert shared.members == {1: [people[0], people[1]]}
    assert shared.joined == {1: [people[1]]}
    assert shared.without == {("ats", "j1", "72"): [people[3]]}


def test_a_grouped_task_is_named_after_vacancy_recruiter_and_who_waited_longest() -> None:
    place = ("ats", "j1", "71")
    keys = {
        group_key("12345", place, "a1"),
        group_key("12345", place, "a2"),
        group_key("12345", ("ats", "j1", "72"), "a1"),
        group_key("12345", ("ats", "j2", "71"), "a1"),
        group_key("12345", place, "a1", 1),
        group_key("999", place, "a1"),
    }

    assert len(keys) == 6
