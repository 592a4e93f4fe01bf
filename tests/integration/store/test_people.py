"""Links, reviews, scores, and the facts of a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from sync.core.facts import (
    Beside,
    LinkedApplication,
    LinkedCandidate,
    Load,
    Owners,
    OwnTask,
    PersonFacts,
    StoredScore,
)
from sync.core.model import Band, Contact, Decision, OutboxState, Owner, Point, Refusal, Score, Task
from sync.core.promise import StageMove
from sync.store import baselines, decisions, links, loads, outbox, people, reads, reviews, scores
from sync.store.db import Mirror
from sync.store.people import Found
from sync.store.reads import CallListRow, PeopleCounts
from sync.store.reviews import Review
from sync.store.scores import Scored, ScoreRow
from tests.integration.store import mirror
from tests.integration.store.test_outbox import claim, plan, task
from tests.integration.store.test_records import APPLICATION, JOB
from tests.integration.store.test_touches import APPLIED, VISIT
from tests.integration.store.values import (
    ATS,
    EARLIER,
    LATER,
    NOW,
    SANNE,
    SANNE_CONTACT,
    TODAY,
    contact_ref,
    ref,
)

C1, C2, H1, H2 = ref("c1"), ref("c2"), contact_ref("101"), contact_ref("102")
HOT = Score(72, 3.8, Band.HOT, (Point("click", date(2026, 11, 20), 2, 1, 1.5, 1.25, "j1"),))
UNSCORED = Score(None, 0.0, Band.UNSCORED, ())


def link(db: Mirror, record, person_id: int, rule: str = "email") -> None:
    links.set_link(db, record, person_id, rule, {"email": "equal"}, 1, NOW)


def save_scores(db: Mirror, found, today=TODAY, now=NOW) -> list[int]:
    with db.write():
        return scores.save_scores(db, found, rules_version="v1", today=today, now=now)


def test_each_record_gets_a_person_once(db: Mirror) -> None:
    with db.write():
        first = links.ensure_people(db, [C2, C1, C2], NOW)
        second = links.ensure_people(db, [C1, H1], NOW)

    assert (first, second) == ({C1: 1, C2: 2}, {C1: 1, H1: 3})
    assert links.links_of(db, [C1, H2]) == {C1: (1, "self")}


def test_a_link_that_is_undone_leaves_the_record_free(db: Mirror) -> None:
    with db.write():
        links.ensure_people(db, [C1, C2], NOW)
        link(db, H1, 1)
        link(db, C2, 1)
        linked = links.records_of(db, [1, 2])
        lost = (links.unlink(db, C2), links.unlink(db, C2))
        again = links.ensure_people(db, [C2], NOW)

    assert linked == {1: [(C1, "self"), (C2, "email"), (H1, "email")], 2: []}
    assert (lost, again) == ((1, None), {C2: 3})


def test_keys_are_replaced_and_the_difference_told(db: Mirror) -> None:
    with db.write():
        first = links.save_keys(db, {C1: frozenset({"email:a", "id:1"}), H1: frozenset({"email:a"})})
        second = links.save_keys(db, {C1: frozenset({"email:a", "email:b"}), H1: frozenset()})

    assert (first, second) == ({"email:a", "id:1"}, {"id:1", "email:b", "email:a"})
    assert links.keys_of(db, [C1, H1]) == {C1: frozenset({"email:a", "email:b"})}
    assert links.refs_sharing(db, ["email:a", "email:x"]) == {C1}


def test_open_reviews_are_replaced_and_a_ruling_stays_for_ever(db: Mirror) -> None:
    with db.write():
        reviews.replace_reviews(db, [C1], [], [Review(C1, "101", "name"), Review(C1, "102", "phone")], EARLIER)
        ruled = reviews.rule_review(db, C1, "102", state="refused", by="kim", now=NOW)
        missing = reviews.rule_review(db, C2, "102", state="accepted", by="kim", now=NOW)
        rows = [Review(C1, "101", "name", {"last_name": "equal"}), Review(C1, "102", "name")]
        reviews.replace_reviews(db, [C1], ["101"], rows, LATER)
        kept = reviews.list_reviews(db)
        reviews.replace_reviews(db, [], ["101", "102"], [], LATER)

    assert (ruled, missing) == (True, False)
    assert [(one.review, one.at) for one in kept] == [(rows[0], EARLIER)]
    assert [(one.review.contact_id, one.state, one.made_by) for one in reviews.list_reviews(db, None)] == [
        ("102", "refused", "kim")
    ]
    assert reviews.rulings(db, [C1], []) == reviews.rulings(db, [], ["102"]) == (set(), {(C1, "102")})
    assert reviews.rulings(db, [C2], ["101"]) == (set(), set())


def test_a_score_keeps_the_day_its_band_was_entered(db: Mirror) -> None:
    with db.write():
        links.ensure_people(db, [C1, C2], NOW)
    first = save_scores(db, {1: Scored(HOT, EARLIER), 2: Scored(UNSCORED)})
    same = save_scores(db, {1: Scored(HOT, EARLIER), 2: Scored(UNSCORED)}, TODAY + timedelta(days=1))
    other = save_scores(db, {1: Scored(replace(HOT, value=71)), 2: Scored(HOT)}, TODAY + timedelta(days=2), LATER)

    assert (first, same, other) == ([1, 2], [], [1, 2])
    assert scores.load_score(db, 1) == ScoreRow(replace(HOT, value=71, points=()), TODAY, None, "v1", LATER)
    assert scores.load_score(db, 2) == ScoreRow(replace(HOT, points=()), TODAY + timedelta(days=2), None, "v1", LATER)
    assert scores.load_score(db, 3) is None


@pytest.fixture
def known(db: Mirror) -> Mirror:
    """Person 1: a candidate with an application, an older and a newer contact, touches, tasks, a decision.

    Person 2: nothing.
    """
    newer = replace(SANNE_CONTACT, remote_id="102", updated_at=NOW)
    wish = Decision("fan", "hot:2026-11-20", True, Refusal.REST, LATER, "7", NOW, "application", ("3 visits",))
    with db.write():
        mirror.save_candidates(db, ATS, [SANNE], NOW)
        mirror.save_jobs(db, ATS, [JOB], NOW)
        mirror.save_applications(db, ATS, [APPLICATION, replace(APPLICATION, remote_id="a0", job_id=None)], NOW)
        mirror.save_contacts(db, [SANNE_CONTACT, newer], NOW)
        links.ensure_people(db, [C1, C2], NOW)
        link(db, H1, 1)
        link(db, H2, 1, "phone")
        mirror.add_touch_days(db, [(H2, VISIT), (C1, APPLIED), (contact_ref("9"), VISIT)])
        decisions.save_decisions(db, {1: [wish]}, NOW)
        mirror.replace_list_members(db, "55", ["102"])
        baselines.save(
            db,
            "contact",
            {"102": {"warmline_score": "70", "email": "x"}, "101": {"warmline_score": "1"}},
            NOW,
        )
        reviews.replace_reviews(db, [C1], [], [Review(C1, "300", "name")], NOW)
    save_scores(db, {1: Scored(HOT)})
    return db


def test_all_that_is_known_of_a_person_comes_in_one_piece(known: Mirror) -> None:
    facts = people.load_facts(known, [1, 2])

    assert facts[2] == PersonFacts(person_id=2, links=((C2, "self"),))
    assert facts[1] == PersonFacts(
        person_id=1,
        links=((C1, "self"), (H1, "email"), (H2, "phone")),
        candidates=(LinkedCandidate(ATS, SANNE),),
        contact=replace(SANNE_CONTACT, remote_id="102", updated_at=NOW),
        beside=(Beside("101", (("warmline_candidate_id", "acme:c1"), ("warmline_score", "1"))),),
        applications=(
            LinkedApplication(ATS, replace(APPLICATION, remote_id="a0", job_id=None), None),
            LinkedApplication(ATS, APPLICATION, JOB),
        ),
        touches=(APPLIED, VISIT),
        score=StoredScore(72, 3.8, Band.HOT, TODAY),
        tasks=(),
        previous=(
            Decision("fan", "hot:2026-11-20", True, Refusal.REST, LATER, "7", NOW, "application", ("3 visits",)),
        ),
        list_ids=frozenset({"55"}),
        written=(("warmline_score", "70"),),
        review_open=True,
        viewed=(replace(JOB, stages=()),),
        moves=(StageMove(ATS, "a0", None, "s1", EARLIER, True), StageMove(ATS, "a1", None, "s1", EARLIER, True)),
    )


def test_facts_take_the_same_number_of_queries_for_one_and_for_five_hundred(known: Mirror) -> None:
    with known.write():
        links.ensure_people(known, [ref(f"x{n}") for n in range(499)], NOW)
    last = known.rows("SELECT max(id) FROM person")[0][0]
    counts = []
    for ids in ([last], range(last - 499, last + 1)):
        seen: list[str] = []
        known._connection.set_trace_callback(seen.append)
        people.load_facts(known, ids)
        known._connection.set_trace_callback(None)
        counts.append(len(seen))

    assert counts[0] == counts[1]


def test_tasks_are_known_before_and_after_the_mirror_has_read_them(db: Mirror) -> None:
    key, other = "ab" * 16, "cd" * 16
    with db.write():
        links.ensure_people(db, [ref("c1"), ref("c2")], NOW)
    plan(db, task(key, 1), task(other, 2))
    claim(db)
    with db.write():
        outbox.settle(db, key, OutboxState.DONE, now=NOW, object_id="900")
    marker = key[:12]
    before = people.load_facts(db, [1, 2])
    read = Task("900", ("101",), marker, "COMPLETED", "CALL", "8", completed_at=LATER)
    with db.write():
        mirror.save_tasks(db, [read, Task("901", ("101",))], LATER)
    after = people.load_facts(db, [1])

    assert before[1].tasks == (OwnTask("900", marker, "fan", "7", True, NOW, untouched=False),)
    assert before[2].tasks == (OwnTask("", other[:12], "fan", "7", True, NOW, untouched=False),)
    assert after[1].tasks == (OwnTask("900", marker, "fan", "8", False, NOW, LATER, untouched=False),)


def test_a_recruiters_load_counts_planned_sent_and_open_tasks_once(db: Mirror) -> None:
    keys = [letter * 32 for letter in "abcde"]
    plan(db, *[task(key, n) for n, key in enumerate(keys)])
    plan(db, task("f" * 32, 9), day=TODAY - timedelta(days=1))
    with db.write():
        outbox.settle(db, keys[0], OutboxState.DONE, now=NOW, object_id="900")
        outbox.settle(db, keys[1], OutboxState.DONE, now=NOW, object_id="901")
        outbox.settle(db, keys[2], OutboxState.WITHDRAWN, now=NOW)
        done = Task("901", (), keys[1][:12], "COMPLETED", owner_id="7")
        mirror.save_tasks(db, [Task("900", (), keys[0][:12], "NOT_STARTED", owner_id="8"), done], NOW)

    assert loads.load_loads(db, TODAY) == {"7": Load(new_today=4, open=3), "8": Load(new_today=0, open=1)}
    assert loads.load_loads(db, TODAY, free=["fan"]) == {}


def test_only_active_owners_are_known(db: Mirror) -> None:
    kim = Owner("7", "Kim@Example.org", "Kim")
    with db.write():
        mirror.save_owners(db, [kim, Owner("8", "left@example.org", active=False)], NOW)

    assert people.load_owners(db) == Owners(by_email={"kim@example.org": kim}, by_id={"7": kim})


@pytest.mark.parametrize(
    ("who", "found"),
    [
        ("p1", Found((1,))),
        ("p99", Found()),
        ("101", Found((1,))),  # a contact
        ("c1", Found((1,))),  # a candidate of any source
        ("acme:c1", Found((1,))),
        ("other:c1", Found()),
        ("S@Example.NL", Found((1,))),  # a second address, of candidate and contacts
        ("500", Found((), ("500",))),  # a contact that belongs to no person
        ("nobody@example.org", Found()),
    ],
)
def test_a_person_is_found_by_whatever_id_is_at_hand(known: Mirror, who: str, found: Found) -> None:
    with known.write():
        mirror.save_contacts(known, [Contact("500")], NOW)

    assert people.find_person(known, who) == found


def test_an_equal_decision_keeps_its_moment_and_other_plays_stay(known: Mirror) -> None:
    same = people.load_facts(known, [1])[1].previous[0]
    with known.write():
        decisions.save_decisions(known, {1: [same, Decision("promise", "a1", False)]}, LATER)

    assert decisions.load_decisions(known, [1, 2]) == {1: (same, Decision("promise", "a1", False))}
    assert known.rows("SELECT play, at FROM decision") == [
        ("fan", "2026-11-21T09:30:15.250Z"),
        ("promise", "2026-11-21T10:30:15.250Z"),
    ]


def test_status_counts_live_rows_and_the_call_list_is_in_order(known: Mirror) -> None:
    save_scores(known, {2: Scored(replace(HOT, raw=4.0))})

    assert reads.people_counts(known) == PeopleCounts(candidates=1, contacts=2, linked=1, review=1)
    assert reads.call_list(known, 10) == [
        CallListRow(2, 72, Band.HOT, 4.0),
        CallListRow(1, 72, Band.HOT, 3.8),
    ]
    assert reads.call_list(known, 10, 1) == [CallListRow(1, 72, Band.HOT, 3.8)]
    assert reads.scores_by_band(known) == dict.fromkeys(Band, 0) | {Band.HOT: 2}
    assert reads.histogram(known) == dict.fromkeys(range(0, 100, 10), 0) | {70: 2}


def test_a_play_that_wants_nothing_any_more_loses_its_decision(db: Mirror) -> None:
    with db.write():
        links.ensure_people(db, [ref("c1"), ref("c2")], NOW)
        fan = Decision("fan", "2026-11-24", wanted=True)
        decisions.save_decisions(db, {1: [fan], 2: [fan]}, NOW)
        decisions.save_decisions(db, {1: []}, NOW)

    assert decisions.load_decisions(db, [1, 2]) == {2: (fan,)}


def test_who_joined_another_person_has_no_facts(db: Mirror) -> None:
    with db.write():
        links.ensure_people(db, [ref("c1")], NOW)

    assert list(people.load_facts(db, [1, 77])) == [1]
