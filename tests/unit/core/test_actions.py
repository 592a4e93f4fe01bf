"""What is planned for one person, and that nothing is when nothing differs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sync.core.actions import action_key, hubspot_datetime, marker, plan_person, task_body, task_key
from sync.core.engagement import score
from sync.core.facts import LinkedCandidate, OwnTask, PersonFacts
from sync.core.keys import primary_candidate
from sync.core.model import Action, ActionKind, Band, Decision, Job, PersonId, Refusal, Score
from sync.core.policy import Policy
from sync.core.wording_templates import TaskText
from tests.unit.core.make import (
    CONTACT,
    NOW,
    POLICY,
    SANNE,
    SCORING,
    TODAY,
    applied,
    granted,
    person,
    touched,
)

NURSE = Job("8", "Verpleegkundige", status="open")
VISITS = touched("site_visit", "2026-11-19", "2026-11-21", "2026-11-23")
FAN = person(touches=VISITS)
WARM = score(VISITS, SCORING, today=TODAY, seen=True, previous=None)
WHY = "Gezien op de website 19, 21, 23 nov; niet gesolliciteerd; stand 24 nov 2026"
WRITTEN = {
    "warmline_candidate_id": "recruitee:9",
    "warmline_score": str(WARM.value),
    "warmline_band": "warm",
    "warmline_why": "iets van gisteren",
    "warmline_last_touch_at": "2026-11-23T12:00:00.000Z",
}


def plan(
    facts: PersonFacts, *decisions: Decision, policy: Policy = POLICY, found: Score | None = WARM
) -> tuple[Action, ...]:
    return plan_person(replace(facts, previous=decisions), policy, now=NOW, score=found)


def written(facts: PersonFacts = FAN, **changes: str) -> PersonFacts:
    return replace(facts, written=tuple((WRITTEN | changes).items()))


def creating(mode: str) -> Policy:
    return replace(POLICY, write=replace(POLICY.write, create_contacts=mode))


NEW = person(contact=None, links=(), applications=(applied(NURSE),))


def test_two_writes_of_a_contact_at_one_moment_have_keys_of_their_own() -> None:
    (first,), (again,) = plan(FAN), plan(FAN)
    (other,) = plan(replace(FAN, written=(("warmline_score", "99"),)))

    assert first.key == again.key != other.key


def test_a_first_write_sets_the_candidate_id_and_the_engagement_together() -> None:
    (action,) = plan(FAN)

    after = {
        "warmline_candidate_id": "recruitee:9",
        "warmline_score": "37",
        "warmline_band": "warm",
        "warmline_why": WHY,
        "warmline_last_touch_at": "2026-11-23T12:00:00.000Z",
    }
    assert action == Action(
        kind=ActionKind.UPDATE_CONTACT,
        key=action.key,
        person_id=PersonId(3),
        contact_id="501",
        object_id="501",
        after=after,
        before=dict.fromkeys(after, ""),
        reason=", ".join(sorted(after)),
    )


def test_nothing_new_is_nothing_to_write() -> None:
    assert plan(written()) == ()


@pytest.mark.parametrize(
    ("changes", "written_again"),
    [
        ({}, False),
        ({"warmline_score": "33"}, False),  # rose by less than five
        ({"warmline_score": "32"}, True),  # by five
        ({"warmline_score": "59"}, False),  # fell inside its band
        ({"warmline_band": "cool"}, True),
        ({"warmline_band": "unscored", "warmline_score": ""}, True),
    ],
)
def test_engagement_is_written_on_another_band_or_a_rise(changes: dict[str, str], written_again: bool) -> None:
    actions = plan(written(**changes))

    assert bool(actions) is written_again
    for action in actions:
        assert set(action.after) == {*WRITTEN} - {"warmline_candidate_id"}
        assert action.before == {name: (WRITTEN | changes)[name] for name in action.after}


def test_a_property_a_person_edited_makes_no_news_every_run() -> None:
    without_band = tuple(item for item in WRITTEN.items() if item[0] != "warmline_band")

    assert plan(replace(FAN, written=without_band)) == ()


def test_an_unscored_person_is_written_as_unscored_without_a_number() -> None:
    (action,) = plan(person(), found=Score(None, 0.0, Band.UNSCORED, ()))

    assert action.after["warmline_band"] == "unscored"
    assert action.after["warmline_score"] == ""
    assert action.after["warmline_last_touch_at"] == ""


def test_only_properties_that_may_be_written_are_planned() -> None:
    policy = replace(POLICY, write=replace(POLICY.write, properties=frozenset({"warmline_score"})))

    assert [action.after for action in plan(FAN, policy=policy)] == [{"warmline_score": "37"}]
    assert plan(FAN, policy=replace(policy, write=replace(policy.write, properties=frozenset()))) == ()


def test_a_contact_that_shows_its_candidate_id_is_left_alone() -> None:
    shown = replace(FAN, contact=replace(CONTACT, stored_candidate_id="recruitee:9"))

    assert plan(shown, found=None) == ()


def test_the_primary_candidate_is_the_lowest_that_still_exists() -> None:
    twice = (
        LinkedCandidate("teamtailor", replace(SANNE, remote_id="1")),
        LinkedCandidate("recruitee", SANNE),
        LinkedCandidate("recruitee", replace(SANNE, remote_id="10", deleted_at=NOW)),
    )

    (action,) = plan(person(candidates=twice), found=None)

    assert action.after == {"warmline_candidate_id": "recruitee:9"}
    assert primary_candidate(person(candidates=())) is None


def test_who_objects_to_profiling_loses_what_was_written() -> None:
    objects = replace(CONTACT, no_profiling=True)

    (action,) = plan(written(replace(FAN, contact=objects)))

    assert action.after == dict.fromkeys({*WRITTEN} - {"warmline_candidate_id"}, "")
    assert plan(replace(FAN, contact=replace(objects, stored_candidate_id="recruitee:9"))) == ()


def test_who_is_not_in_the_audience_gets_nothing() -> None:
    assert plan(replace(FAN, contact=replace(CONTACT, lifecycle_stage="customer")), granted()) == ()


@pytest.mark.parametrize(
    ("mode", "facts", "created"),
    [
        ("never", NEW, False),
        ("applicants", NEW, True),
        ("applicants", replace(NEW, applications=(applied(NURSE, status="prospect"),)), False),
        ("applicants", replace(NEW, applications=()), False),
        ("all", replace(NEW, applications=()), True),
        ("all", replace(NEW, review_open=True), False),  # first find out who this is
        ("all", replace(NEW, candidates=()), False),
        (
            "all",
            replace(NEW, candidates=(LinkedCandidate("recruitee", replace(SANNE, email_addresses=())),)),
            False,
        ),
        # a role box is no person's address
        (
            "all",
            replace(
                NEW,
                candidates=(LinkedCandidate("recruitee", replace(SANNE, email_addresses=("hr@a.example",))),),
            ),
            False,
        ),
    ],
)
def test_contacts_are_made_only_as_far_as_the_team_wants(mode: str, facts: PersonFacts, created: bool) -> None:
    assert bool(plan(facts, policy=creating(mode))) is created


def test_a_new_contact_carries_the_name_as_registered_and_its_candidate_id() -> None:
    assert plan(NEW, granted(), policy=creating("applicants")) == (
        Action(
            kind=ActionKind.CREATE_CONTACT,
            key=action_key("12345", "create_contact", "recruitee:9"),
            person_id=PersonId(3),
            contact_id=None,
            after={
                "email": "Sanne@post.example",
                "firstname": "Sanne",
                "lastname": "van de Haterd",
                "phone": "06-12345678",
                "warmline_candidate_id": "recruitee:9",
            },
            reason="no contact in HubSpot",
        ),
    )


def test_a_granted_decision_becomes_a_task_with_its_marker_last() -> None:
    (action,) = plan(written(), granted())

    key = action_key("12345", "fan", "2026-11-23", "recruitee:9")
    body = action.after.pop("hs_task_body")
    assert action == Action(
        kind=ActionKind.CREATE_TASK,
        key=key,
        person_id=PersonId(3),
        contact_id="501",
        play="fan",
        after={
            "hs_task_subject": "Bel Sanne van de Haterd",
            "hs_task_status": "NOT_STARTED",
            "hs_task_priority": "MEDIUM",
            "hs_task_type": "CALL",
            "hs_timestamp": "2026-11-24T12:00:00.000Z",
            "hubspot_owner_id": "71",
        },
        reason="hot",
    )
    assert body.startswith("Waarom nu: gezien op de website op 19, 21 en 23 nov. Niet gesolliciteerd.<br>")
    assert body.endswith(f"<br>[wl:{key[:12]}]")


@pytest.mark.parametrize(
    "decision",
    [
        granted(refused=Refusal.REST, owner_id=None),
        granted(wanted=False),
    ],
)
def test_a_refused_or_ended_wish_makes_no_task(decision: Decision) -> None:
    assert plan(written(), decision) == ()


def test_an_occasion_that_has_its_task_gets_no_second() -> None:
    key = task_key(FAN, "12345", "fan", "2026-11-23")
    made = OwnTask("t1", key[:12], "fan", "71", open=False, made_at=NOW)

    assert plan(replace(written(), tasks=(made,)), granted()) == ()


def test_planning_twice_names_the_same_task() -> None:
    later = replace(FAN, touches=(), contact=replace(CONTACT, remote_id="777"))  # merged meanwhile

    assert task_key(FAN, "12345", "fan", "2026-11-23") == task_key(later, "12345", "fan", "2026-11-23")
    assert task_key(FAN, "12345", "fan", "2026-11-23") != task_key(FAN, "12345", "fan", "2026-11-24")
    assert task_key(FAN, "12345", "fan", "x") != task_key(FAN, "99", "fan", "x")


def test_keys_do_not_run_together() -> None:
    assert action_key("1", "fan", "a", "b") != action_key("1", "fan", "ab")
    assert len(action_key("1", "fan")) == 64
    assert marker(action_key("1", "fan")) == f"[wl:{action_key('1', 'fan')[:12]}]"


def test_what_people_typed_is_no_html() -> None:
    body = task_body(TaskText("x", ("a <b> & c", 'zeg "hoi"')), "0123456789abcdef")

    assert body == 'a &lt;b&gt; &amp; c<br>zeg "hoi"<br>[wl:0123456789ab]'


def test_the_due_moment_is_spelled_in_utc() -> None:
    (action,) = plan(written(), granted())

    due_at = granted().due_at
    assert due_at is not None
    assert action.after["hs_timestamp"] == hubspot_datetime(due_at)
