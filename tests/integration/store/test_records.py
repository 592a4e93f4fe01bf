"""Pages of records: what is stored, left, restored; and that order and repetition change nothing."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from sync.core.model import Application, AtsUser, Attendance, Contact, Job, JobStage, Owner, RecordRef, Task
from sync.store import ats_nouns, crm, links, rows
from sync.store.db import Mirror, open_mirror
from sync.store.rows import Saved
from tests.integration.store import mirror
from tests.integration.store.values import (
    ATS,
    EARLIER,
    LATER,
    NOW,
    SANNE,
    SANNE_CONTACT,
    contact_ref,
    dump,
    ref,
)

STAGES = (JobStage("s1", "j1", "New", "applied", 0), JobStage("s2", "j1", "Talk", "interview", 1))
JOB = Job(
    "j1",
    "Baker",
    "open",
    True,
    "kim@example.org",
    "https://e.org/j",
    "https://e.org/a",
    EARLIER,
    LATER,
    STAGES,
)
APPLICATION = Application(
    "a1",
    "c1",
    "j1",
    "rejected",
    EARLIER,
    "s1",
    EARLIER,
    NOW,
    "no_licence",
    LATER,
    NOW,
    EARLIER,
    "site",
    EARLIER,
)


def contacts(db: Mirror) -> list[Contact]:
    return rows.live_by_id(db, crm.CONTACT, ["101", "102"])


def test_a_contact_comes_back_as_it_went_in(db: Mirror) -> None:
    with db.write():
        saved = mirror.save_contacts(db, [SANNE_CONTACT, Contact("102")], NOW)

    assert saved == Saved(2, 0, 0, ("101", "102"))
    assert contacts(db) == [SANNE_CONTACT, Contact("102")]


def test_ats_records_come_back_as_they_went_in(db: Mirror) -> None:
    line = Attendance("x1", "open day", "attended", NOW, "s@example.org", "0612345678", "Sanne", "van de", "Haterd")
    with db.write():
        mirror.save_candidates(db, ATS, [SANNE], NOW)
        mirror.save_jobs(db, ATS, [JOB], NOW)
        mirror.save_applications(db, ATS, [APPLICATION], NOW)
        mirror.save_users(db, ATS, [AtsUser("u1", "Kim", "kim@example.org", False)], NOW)
        mirror.save_attendance(db, f"{ATS}.attendance", [line], NOW)

    refs = [ref("c1"), ref("x1", f"{ATS}.attendance"), contact_ref("101")]
    assert links.load_identities_rows(db, refs) == ([(ATS, SANNE)], [], [(f"{ATS}.attendance", line)])
    assert mirror.load_jobs(db, [ref("j1")]) == {ref("j1"): JOB}
    assert mirror.load_applications_of(db, ATS, ["c1", "c2"]) == {"c1": (APPLICATION,), "c2": ()}
    assert rows.live_by_ref(db, ats_nouns.USER, [ref("u1")]) == [(ATS, AtsUser("u1", "Kim", "kim@example.org", False))]


def test_an_equal_record_with_a_newer_stamp_is_unchanged(db: Mirror) -> None:
    with db.write():
        mirror.save_contacts(db, [SANNE_CONTACT], NOW)
        before = dump(db)
        saved = mirror.save_contacts(db, [replace(SANNE_CONTACT, updated_at=LATER)], LATER)

    assert (saved, dump(db)) == (Saved(0, 1, 0, ()), before)


def test_an_older_record_does_not_overwrite(db: Mirror) -> None:
    newer = replace(SANNE_CONTACT, first_name="Sanna", updated_at=LATER)
    with db.write():
        mirror.save_contacts(db, [newer], NOW)
        saved = mirror.save_contacts(db, [SANNE_CONTACT], NOW)

    assert (saved, contacts(db)) == (Saved(0, 1, 0, ()), [newer])


def test_an_id_twice_in_a_page_counts_as_duplicate_and_the_newest_stands(db: Mirror) -> None:
    newer = replace(SANNE_CONTACT, first_name="Sanna", updated_at=LATER)
    with db.write():
        saved = mirror.save_contacts(db, [newer, SANNE_CONTACT, newer], NOW)

    assert (saved, contacts(db)) == (Saved(1, 0, 2, ("101",)), [newer])


def test_a_deleted_contact_seen_again_is_restored(db: Mirror) -> None:
    with db.write():
        mirror.save_contacts(db, [SANNE_CONTACT], NOW)
        gone = (
            mirror.mark_contacts_deleted(db, ["101", "102"], NOW),
            mirror.mark_contacts_deleted(db, ["101"], NOW),
        )
        hidden = contacts(db)
        saved = mirror.save_contacts(db, [SANNE_CONTACT], LATER)

    assert (gone, hidden) == ((["101"], []), [])
    assert (saved, contacts(db)) == (Saved(1, 0, 0, ("101",)), [SANNE_CONTACT])


@pytest.mark.parametrize("gone", [{"deleted_at": NOW}, {"anonymised_at": NOW}])
def test_a_candidate_the_ats_deleted_or_anonymised_is_not_live_and_said_again_is_unchanged(db: Mirror, gone) -> None:
    with db.write():
        mirror.save_candidates(db, ATS, [SANNE], NOW)
        first = mirror.save_candidates(db, ATS, [replace(SANNE, **gone)], NOW)
        second = mirror.save_candidates(db, ATS, [replace(SANNE, **gone)], LATER)

    assert (first.stored, second.unchanged) == (1, 1)
    assert links.load_identities_rows(db, [ref("c1")]) == ([], [], [])


def test_shuffled_and_repeated_pages_give_the_same_mirror(db: Mirror, tmp_path) -> None:
    people = [replace(SANNE_CONTACT, remote_id=str(n), first_name=f"N{n % 40}") for n in range(60)]
    old = [replace(one, first_name="old", updated_at=EARLIER.replace(year=2020)) for one in people[:20]]
    mixed = people + old + people[30:]
    random.Random(4).shuffle(mixed)
    other = open_mirror(tmp_path / "other.db")

    with db.write():
        mirror.save_contacts(db, people, NOW)
    for start in range(0, len(mixed), 7):
        with other.write():
            mirror.save_contacts(other, mixed[start : start + 7], NOW)

    columns = "remote_id, first_name, row_hash, remote_updated_at, deleted_at"
    assert other.rows(f"SELECT {columns} FROM contact") == db.rows(f"SELECT {columns} FROM contact")
    other.close()


def test_a_record_without_a_field_empties_only_its_own(db: Mirror) -> None:
    """Traps 1 and 2: a batch with missing keys writes NULL to its neighbours, replace drops columns."""
    with db.write():
        mirror.save_contacts(db, [SANNE_CONTACT, replace(SANNE_CONTACT, remote_id="102")], NOW)
        mirror.save_tasks(db, [Task("t1", ("101",), "ab" * 6)], NOW)
        mirror.mark_own_task(db, "t1", person_id=5, play="fan", written_hash="h")
        mirror.save_contacts(db, [Contact("101", updated_at=LATER), replace(SANNE_CONTACT, remote_id="102")], NOW)
        mirror.save_tasks(db, [Task("t1", ("101",), "ab" * 6, status="COMPLETED")], LATER)

    assert contacts(db) == [Contact("101", updated_at=LATER), replace(SANNE_CONTACT, remote_id="102")]
    assert db.rows("SELECT status, person_id, play, written_hash FROM task") == [("COMPLETED", 5, "fan", "h")]


def test_a_job_without_stages_keeps_those_it_had(db: Mirror) -> None:
    fewer = replace(JOB, name="Chef", stages=STAGES[:1])
    with db.write():
        mirror.save_jobs(db, ATS, [JOB], NOW)
        mirror.save_jobs(db, ATS, [replace(JOB, name="Cook", stages=())], NOW)
        kept = mirror.load_jobs(db, [ref("j1")])
        mirror.save_jobs(db, ATS, [fewer], NOW)

    assert kept == {ref("j1"): replace(JOB, name="Cook")}
    assert mirror.load_jobs(db, [ref("j1")]) == {ref("j1"): fewer}


def test_a_move_to_another_stage_is_exact_when_the_ats_says_when(db: Mirror) -> None:
    pages = [
        replace(APPLICATION, updated_at=EARLIER),
        replace(APPLICATION, stage_id="s2", stage_entered_at=None, updated_at=NOW),
        replace(APPLICATION, stage_id="s2", stage_entered_at=None, status="hired", updated_at=LATER),
    ]
    with db.write():
        for page in pages:
            mirror.save_applications(db, ATS, [page], NOW)

    assert db.rows("SELECT * FROM stage_transition ORDER BY at") == [
        (ATS, "a1", None, "s1", "2026-11-18T09:30:15.250Z", 1),
        (ATS, "a1", "s1", "s2", "2026-11-21T09:30:15.250Z", 0),
    ]


def test_an_application_that_changed_hands_names_both_candidates(db: Mirror) -> None:
    moved = replace(APPLICATION, candidate_id="c2", updated_at=NOW)
    with db.write():
        first = mirror.save_applications(db, ATS, [APPLICATION, Application("a2")], NOW)
        second = mirror.save_applications(db, ATS, [moved, Application("a2")], NOW)

    assert first == Saved(2, 0, 0, ("a1", "a2"), ("c1",))
    assert second == Saved(1, 1, 0, ("a1",), ("c1", "c2"))
    assert mirror.application_candidates(db, ATS, ["a1", "a2"]) == ["c2"]


def test_a_snapshot_marks_what_it_has_not_shown_as_deleted(db: Mirror) -> None:
    candidates = [replace(SANNE, remote_id=f"c{n}") for n in range(4)]
    with db.write():
        mirror.save_candidates(db, ATS, candidates, NOW)
        mirror.save_candidates(db, "other", candidates, NOW)
        mirror.begin_snapshot(db, "acme.candidates")
        mirror.mark_seen(db, "acme.candidates", ["c0", "c1", "c1", "unknown"])
        counted = mirror.count_missing(db, "candidates", ATS)
        gone = mirror.delete_missing(db, "candidates", ATS, NOW)

    live = [
        source
        for source, _ in rows.live_by_ref(
            db, ats_nouns.CANDIDATE, [RecordRef(s, f"c{n}") for s in (ATS, "other") for n in range(4)]
        )
    ]
    assert (counted, gone, sorted(live)) == ((4, 2), ["c2", "c3"], [ATS] * 2 + ["other"] * 4)
    assert db.rows("SELECT * FROM snapshot_seen") == []


def test_a_snapshot_of_contacts_and_of_sign_in_sheets_works_alike(db: Mirror) -> None:
    source = f"{ATS}.attendance"
    with db.write():
        mirror.save_contacts(db, [SANNE_CONTACT, Contact("102")], NOW)
        mirror.save_attendance(db, source, [Attendance("x1", "e", "attended"), Attendance("x2", "e", "attended")], NOW)
        mirror.save_owners(db, [Owner("7"), Owner("8")], NOW)
        mirror.mark_seen(db, "hubspot.contacts", ["101"])
        mirror.mark_seen(db, source, ["x2"])
        gone = [mirror.delete_missing(db, *which, NOW) for which in (("contacts", "hubspot"), ("attendance", source))]

    assert gone == [["102"], ["x1"]]


def test_list_members_are_replaced_and_the_difference_told(db: Mirror) -> None:
    with db.write():
        first = mirror.replace_list_members(db, "9", ["1", "2"])
        second = mirror.replace_list_members(db, "9", ["2", "3"])
        mirror.replace_list_members(db, "8", ["1"])

    assert (first, second) == ((["1", "2"], []), (["3"], ["1"]))
    assert db.rows("SELECT list_id, contact_id FROM list_member ORDER BY 1, 2") == [("8", "1"), ("9", "2"), ("9", "3")]


def test_quarantine_keeps_the_reason_until_the_record_can_be_mapped(db: Mirror) -> None:
    with db.write():
        mirror.quarantine(db, "acme.candidates", [("c1", "email", "no_at"), ("c2", "id", "missing")], NOW)
        mirror.quarantine(db, "acme.candidates", [("c1", "phone", "letters")], LATER)
        cleared = mirror.clear_quarantine(db, "acme.candidates", ["c2", "c3"])

    assert (cleared, mirror.list_quarantine(db)) == (
        1,
        [("acme.candidates", "c1", "phone", "letters", LATER)],
    )


def test_a_file_is_known_by_name_and_content(db: Mirror) -> None:
    with db.write():
        mirror.save_receipt(db, ATS, "candidates.csv", "abc", 10, 1, NOW)

    asked = [(ATS, "abc", "candidates.csv"), (ATS, "abd", "candidates.csv"), (ATS, "abc", "other.csv")]
    assert [mirror.file_read(db, *one) for one in asked] == [True, False, False]
