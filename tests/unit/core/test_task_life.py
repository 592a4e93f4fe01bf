"""What becomes of an open task: every way it ends or changes, and what nobody may undo."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.core import plays
from sync.core.actions import plan_person
from sync.core.activity import Activity
from sync.core.contact_policy import allow
from sync.core.engagement import score
from sync.core.facts import OwnTask, PersonFacts
from sync.core.keys import MARKER_HEX, action_key, task_key
from sync.core.model import Action, ActionKind, Owner, Refusal
from sync.core.play_policy import FanPolicy, PlaysPolicy
from sync.core.plays import Play, Wish
from sync.core.plays.precedence import precedence
from sync.core.task_life import Change, changes, expires_at, next_look, overrules_people
from tests.unit.core.make import (
    ANNA,
    BRAM,
    CONTACT,
    NOW,
    OWNERS,
    POLICY,
    SCORING,
    TODAY,
    granted,
    moment,
    person,
    touched,
)

MADE_AT = moment("2026-11-23 09:00")
DUE_AT = moment("2026-11-24 13:00")
TASK = OwnTask("900", "ab" * 6, "fan", "71", True, MADE_AT, due_at=DUE_AT)
VISITS = touched("site_visit", "2026-11-19", "2026-11-21", "2026-11-23")
WARM = score(VISITS, SCORING, today=TODAY, seen=True, previous=None)
OFF = replace(POLICY, plays=PlaysPolicy(fan=FanPolicy(enabled=False)))
NO_GROUND = replace(POLICY, contact=replace(POLICY.contact, grounds=frozenset()))


def waiting(*tasks: OwnTask, **more: Any) -> PersonFacts:
    return person(tasks=tasks or (TASK,), touches=VISITS, **more)


def act(channel: str, at: str = "2026-11-24 08:00", **more: Any) -> dict[str, Any]:
    return {"activities": (Activity("1", channel, moment(at), ("501",), **more),)}


def told(facts: PersonFacts, policy: Any = POLICY, *, now: datetime = NOW, owner: Owner | None = ANNA) -> list[str]:
    return [
        f"{one.kind.value} {one.task.remote_id} {one.reason}" for one in changes(facts, policy, now=now, owner=owner)
    ]


def test_an_untouched_task_of_a_person_nothing_happened_to_stays() -> None:
    assert told(waiting()) == []


@pytest.mark.parametrize(
    ("activity", "expected"),
    [
        (act("call", outcome="no_answer", direction="out"), True),  # we tried
        (act("call"), True),  # HubSpot need not say which way
        (act("call", direction="in", outcome="connected"), True),
        (act("call", direction="in", outcome="voicemail"), False),  # they tried
        (act("meeting", outcome="scheduled"), True),  # its time has come, nobody noted how it went
        (act("meeting", outcome="no_show"), False),
        (act("meeting", outcome="rescheduled"), False),
        (act("email", direction="out"), True),
        (act("email", direction="in"), False),
        (act("email"), False),  # forwarded by hand: nobody knows who wrote it
        (act("whatsapp"), True),  # HubSpot keeps no direction of messages
        (act("sms", direction="in"), False),
        (act("task", direction="out", outcome="completed"), True),  # another call task of anyone
        (act("call", "2026-11-23 09:00"), False),  # not after the task was made
        (act("call", "2026-11-24 09:01"), False),  # still to come
    ],
)
def test_a_task_is_completed_once_the_team_did_something_with_the_person(
    activity: dict[str, Any], expected: bool
) -> None:
    channel = activity["activities"][0].channel

    assert told(waiting(**activity)) == ([f"complete_task 900 acted:{channel}"] if expected else [])


@pytest.mark.parametrize(
    ("facts", "policy", "reason"),
    [
        (waiting(), OFF, "play_off:fan"),
        (waiting(), NO_GROUND, "refused:no_call_ground"),
        (waiting(contact=replace(CONTACT, lifecycle_stage="customer")), POLICY, "refused:customer"),
        (waiting(contact=replace(CONTACT, deals=1)), POLICY, "refused:open_deal"),
        (waiting(contact=replace(CONTACT, channel_preference="email")), POLICY, "refused:channel_preference"),
        (waiting(candidates=()), POLICY, "refused:not_in_audience"),
        (waiting(replace(TASK, lost=True)), POLICY, "unlinked"),
        (waiting(replace(TASK, lost=True), contact=None), POLICY, "unlinked"),
    ],
)
def test_a_task_whose_reason_vanished_is_archived_unless_a_person_touched_it(
    facts: PersonFacts, policy: Any, reason: str
) -> None:
    touched_one = replace(facts, tasks=tuple(replace(one, untouched=False) for one in facts.tasks))

    assert told(facts, policy) == [f"archive_task 900 {reason}"]
    assert told(touched_one, policy) == []


@pytest.mark.parametrize(
    ("preference", "type_", "expected"),
    [
        ("email", "CALL", ["archive_task 900 refused:channel_preference"]),
        ("email", "EMAIL", []),
        ("phone", "EMAIL", ["archive_task 900 refused:channel_preference"]),
        ("phone", "TODO", []),  # the person does not notice it
    ],
)
def test_a_preference_for_a_channel_ends_the_tasks_of_the_others(
    preference: str, type_: str, expected: list[str]
) -> None:
    contact = replace(CONTACT, channel_preference=preference)

    assert told(waiting(replace(TASK, type=type_), contact=contact)) == expected


def test_a_call_that_ended_with_leave_me_alone_archives_a_task_a_person_edited() -> None:
    facts = waiting(replace(TASK, untouched=False), **act("call", outcome="do_not_contact", direction="out"))

    assert told(facts) == ["archive_task 900 objection:do_not_call"]


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"contact": replace(CONTACT, do_not_call=True)}, "objection:do_not_call"),
        ({"contact": replace(CONTACT, opted_out=True)}, "objection:opted_out"),
        ({"contact": replace(CONTACT, no_profiling=True, lifecycle_stage="customer")}, "objection:no_profiling"),
        ({"candidates": (), "contact": None, "erased": True}, "erased"),
    ],
)
def test_objection_and_erasure_archive_what_a_person_touched_too(facts: dict[str, Any], reason: str) -> None:
    other = replace(TASK, remote_id="901", untouched=False)

    assert told(waiting(TASK, other, **facts)) == [f"archive_task 900 {reason}", f"archive_task 901 {reason}"]
    assert overrules_people(reason)


def test_a_contact_that_is_not_read_yet_after_a_merge_closes_nothing() -> None:
    assert told(waiting(contact=None, candidates=())) == []


def test_a_person_with_another_living_candidate_is_not_erased() -> None:
    assert told(waiting(erased=True)) == []


@pytest.mark.parametrize(
    ("due", "expires"),
    [
        ("2026-11-23 13:00", "2026-11-26 13:00"),  # Monday to Thursday
        ("2026-11-27 16:30", "2026-12-02 16:30"),  # Friday to Wednesday
        ("2026-10-22 11:00", "2026-10-27 11:00"),  # over the night the clock goes back
    ],
)
def test_a_task_expires_three_working_days_after_its_due_date(due: str, expires: str) -> None:
    task = replace(TASK, due_at=moment(due))
    end = moment(expires)

    assert expires_at(task, POLICY.time) == end
    assert told(waiting(task), now=end - timedelta(minutes=1)) == []
    assert told(waiting(task), now=end) == ["archive_task 900 expired"]
    assert next_look(waiting(task), POLICY, end - timedelta(minutes=1)) == end
    assert next_look(waiting(task), POLICY, end) is None


def test_a_holiday_is_no_working_day() -> None:
    closed = replace(POLICY.time, holidays=frozenset({moment("2026-11-25 12:00").date()}))

    assert expires_at(replace(TASK, due_at=moment("2026-11-24 13:00")), closed) == moment("2026-11-30 13:00")


def test_a_planned_meeting_is_looked_at_when_it_begins() -> None:
    facts = waiting(**act("meeting", "2026-11-25 10:00", outcome="scheduled"))

    assert next_look(facts, POLICY, NOW) == moment("2026-11-25 10:00")
    assert next_look(waiting(replace(TASK, untouched=False)), POLICY, NOW) is None
    assert next_look(person(), POLICY, NOW) is None


def test_of_two_open_tasks_the_touched_then_the_stronger_then_the_older_stays() -> None:
    older = replace(TASK, remote_id="901", marker="cd" * 6, made_at=MADE_AT - timedelta(hours=1))
    marker = task_key(waiting(), "12345", "call_back", "2026-11-25T14:00")[:MARKER_HEX]
    asked = (granted(play="call_back", occasion="2026-11-25T14:00", refused=Refusal.ALREADY_DONE),)
    strong = replace(TASK, remote_id="902", marker=marker, play="call_back")
    edited = replace(TASK, remote_id="903", marker="01" * 6, untouched=False, made_at=NOW)
    unknown = replace(TASK, remote_id="", marker="23" * 6, untouched=False)

    assert told(waiting(TASK, older)) == ["archive_task 900 second_task"]
    assert told(waiting(older, strong, previous=asked)) == ["archive_task 901 second_task"]
    assert told(waiting(strong, edited, previous=asked)) == ["archive_task 902 second_task"]
    assert told(waiting(edited, replace(edited, remote_id="904"))) == []
    assert told(waiting(TASK, unknown)) == []


def test_the_second_of_two_open_tasks_stays_when_the_first_ends_by_itself() -> None:
    expired = replace(TASK, remote_id="901", due_at=moment("2026-11-18 13:00"), made_at=moment("2026-11-17 09:00"))

    assert told(waiting(expired, TASK)) == ["archive_task 901 expired"]


def test_a_task_goes_to_the_recruiter_of_now_and_is_due_anew_when_it_is_late() -> None:
    late = replace(TASK, due_at=moment("2026-11-23 17:00"))
    moved = Change(ActionKind.UPDATE_TASK, TASK, "rerouted:72", "72")

    assert changes(waiting(), POLICY, now=NOW, owner=BRAM) == (moved,)
    assert changes(waiting(late), POLICY, now=NOW, owner=BRAM) == (
        replace(moved, task=late, due_at=moment("2026-11-24 13:00")),
    )
    assert changes(waiting(replace(TASK, untouched=False)), POLICY, now=NOW, owner=BRAM) == ()
    assert changes(waiting(), POLICY, now=NOW, owner=None) == ()


def planned(facts: PersonFacts, owner: Owner = ANNA) -> list[Action]:
    written = plan_person(facts, POLICY, now=NOW, score=WARM, owner=owner)
    return [one for one in written if one.kind not in (ActionKind.UPDATE_CONTACT, ActionKind.CREATE_CONTACT)]


def test_a_stronger_plays_granted_decision_rewrites_the_untouched_task() -> None:
    call_back = granted(play="call_back", occasion="2026-11-24T14:00", owner_id="72", due_at=moment("2026-11-24 14:00"))
    (action,) = planned(waiting(previous=(granted(refused=Refusal.ALREADY_DONE), call_back)))

    key = task_key(waiting(), "12345", "call_back", "2026-11-24T14:00")
    body = action.after.pop("hs_task_body")
    assert action == Action(
        kind=ActionKind.UPDATE_TASK,
        key=action_key("12345", "update_task", "900", "0", "72", key),
        person_id=action.person_id,
        contact_id="501",
        object_id="900",
        play="call_back",
        before={"hubspot_owner_id": "71", "hs_timestamp": "2026-11-24T12:00:00.000Z"},
        after={
            "hs_task_subject": "Terugbellen di 24 nov 14:00: Sanne van de Haterd",
            "hs_task_priority": "MEDIUM",
            "hs_task_type": "CALL",
            "hs_timestamp": "2026-11-24T13:00:00.000Z",
            "hubspot_owner_id": "72",
            "hs_task_reminders": "1795524300000",  # a quarter of an hour before
        },
        reason="stronger:call_back",
    )
    assert body.endswith(f"<br>[wl:{key[:12]}]")
    assert planned(waiting(replace(TASK, untouched=False), previous=(call_back,))) == []
    own = replace(TASK, play="call_back", marker=key[:12])
    assert planned(waiting(own, previous=(granted(), replace(call_back, refused=Refusal.ALREADY_DONE)))) == []


def test_contact_policy_lets_a_stronger_play_take_over_an_open_task_and_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(plays.PLAYS, "call_back", Play(lambda _: None, lambda _: True))  # type: ignore[arg-type]
    stronger, same = Wish("call_back", "2026-11-24T14:00", ("asked",), NOW), Wish("fan", "2026-11-30", ("hot",), NOW)

    def decide(wish: Wish, facts: PersonFacts) -> Refusal | None:
        return allow(wish, facts, POLICY, owners=OWNERS, load={}, now=NOW).refused

    assert decide(stronger, waiting()) is None
    assert decide(stronger, waiting(replace(TASK, untouched=False))) is Refusal.OPEN_TASK
    assert decide(same, waiting()) is Refusal.OPEN_TASK


def test_plays_come_in_this_order() -> None:
    names = ["fan", "silver_medalist", "promise", "call_back", "abandoned_application", "unanswered", None]

    assert sorted(names, key=precedence) == [
        "call_back",
        "promise",
        "unanswered",
        "abandoned_application",
        "fan",
        "silver_medalist",
        None,
    ]


def test_the_occasion_a_rewritten_task_was_made_for_has_had_its_task() -> None:
    first = task_key(waiting(), "12345", "fan", "2026-11-23")[:MARKER_HEX]
    rewritten = replace(TASK, play="call_back", first_marker=first, open=False)

    decision = allow(
        Wish("fan", "2026-11-23", ("hot",), NOW), waiting(rewritten), POLICY, owners=OWNERS, load={}, now=NOW
    )

    assert decision.refused is Refusal.ALREADY_DONE
    assert planned(waiting(rewritten, previous=(granted(),))) == []


def test_a_play_that_does_not_cool_archives_its_task_when_its_wish_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    promise = Play(lambda *_: None, lambda _: True, cools=False)
    monkeypatch.setitem(plays.PLAYS, "promise", promise)  # type: ignore[arg-type]
    marker = task_key(waiting(), "12345", "promise", "a1")[:MARKER_HEX]
    task = replace(TASK, play="promise", marker=marker)
    wanted = granted(play="promise", occasion="a1", refused=Refusal.ALREADY_DONE)

    assert told(waiting(task, previous=(wanted,))) == []
    assert told(waiting(task)) == ["archive_task 900 not_wanted:promise"]


def test_the_keys_of_changes_are_named_by_task_and_by_what_changes() -> None:
    def key(facts: PersonFacts, owner: Owner = ANNA) -> str:
        (action,) = planned(facts, owner)
        return action.key

    closing = [waiting(**act("call")), waiting(replace(TASK, lost=True))]
    objecting = waiting(contact=replace(CONTACT, do_not_call=True))
    again = replace(TASK, revision=2)

    assert [key(one) for one in closing] == [
        action_key("12345", "complete_task", "900", ""),
        action_key("12345", "archive_task", "900", ""),
    ]
    assert key(objecting) == action_key("12345", "archive_task", "900", "objection:do_not_call")
    assert key(waiting(), BRAM) == action_key("12345", "update_task", "900", "0", "72", "")
    assert key(waiting(again), BRAM) == action_key("12345", "update_task", "900", "2", "72", "")


def test_who_has_an_open_task_gets_no_second_one() -> None:
    assert planned(waiting(previous=(granted(),))) == []
    assert [one.kind for one in planned(person(touches=VISITS, previous=(granted(),)))] == [ActionKind.CREATE_TASK]


TASKS = st.lists(
    st.builds(
        OwnTask,
        remote_id=st.sampled_from(["", "900", "901", "902", "903"]),
        marker=st.sampled_from(["ab" * 6, "cd" * 6]),
        play=st.sampled_from(["fan", "call_back", None]),
        owner_id=st.sampled_from(["71", "72", None]),
        open=st.booleans(),
        made_at=st.integers(0, 200).map(lambda hours: NOW - timedelta(hours=hours)),
        due_at=st.none() | st.just(DUE_AT),
        untouched=st.booleans(),
        lost=st.booleans(),
    ),
    max_size=4,
    unique_by=lambda task: task.remote_id,
)
CONTACTS = st.none() | st.builds(replace, st.just(CONTACT), do_not_call=st.booleans(), deals=st.sampled_from([0, 0, 1]))


@given(
    tasks=TASKS,
    contact=CONTACTS,
    owner=st.sampled_from([None, ANNA, BRAM]),
    called=st.booleans(),
    wanted=st.sampled_from([(), (granted(),), (granted(play="call_back"),)]),
)
def test_whatever_stands_one_untouched_task_is_left_each_task_changes_once_and_edits_stand(
    tasks: list[OwnTask], contact: Any, owner: Owner | None, called: bool, wanted: Any
) -> None:
    facts = waiting(contact=contact, previous=wanted, **(act("call") if called else {}))
    facts = replace(facts, tasks=tuple(tasks))

    found = changes(facts, POLICY, now=NOW, owner=owner)

    changed = [one.task.remote_id for one in found]
    closed = {one.task.remote_id for one in found if one.kind is not ActionKind.UPDATE_TASK}
    left = [task for task in tasks if task.open and task.remote_id and task.remote_id not in closed]
    assert len(changed) == len(set(changed)) and all(changed)
    assert all(one.task.open for one in found)
    assert all(one.task.untouched or overrules_people(one.reason) for one in found)
    assert sum(task.untouched for task in left) <= 1
    assert not (any(task.untouched for task in left) and any(not task.untouched for task in left))
    assert found == changes(facts, POLICY, now=NOW, owner=owner)
