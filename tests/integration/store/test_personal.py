"""No table may hold people without being on the list of what a forgotten person is purged from."""

from __future__ import annotations

from sync.core.model import RecordRef
from sync.store.db import Mirror
from sync.store.personal import ATS, CRM, OWN, PLACES, hits, purge, subject_of

# Tables that hold nobody who applies or is a contact, with all their columns. A new table, or a new column of one of
# these, belongs here only when it can never say anything of such a person, neither by id; else it belongs in PLACES.
IMPERSONAL = {
    "_sqlite_migrations": {"id", "migration_set", "name", "applied_at"},
    "ats_user": {"source", "remote_id", "name", "email", "active", "changed_at", "row_hash", "deleted_at"},
    "audit": {
        *("id", "subject", "at", "event", "actor", "inputs", "rules", "score", "band", "play", "outcome", "ground"),
        "task",
    },
    "band_day": {"day", "band", "people"},
    "breaker": {
        *("source", "version", "failures", "since", "reason", "retry_at", "vendor_asks", "parked_until", "zone")
    },
    "cursor": {"stream", "version", "since", "until", "token"},  # page tokens are given up by a purge
    "erasure": {"id", "scope", "state", "at", "look_until", "cause"},
    "erasure_proposal": {"source", "remote_id", "erasure_id", "ended_at"},  # the work list of what a person confirms
    "erasure_record": {"erasure_id", "source", "remote_id"},  # the work list of a purge; empty when it is done
    "file_ledger": {"source", "name", "sha256", "rows", "rejected", "at"},
    "job": {
        *("source", "remote_id", "name", "status", "confidential", "recruiter_email", "post_url", "apply_url"),
        *("opened_at", "closed_at", "remote_updated_at", "changed_at", "row_hash", "deleted_at", "location"),
    },
    "job_stage": {"source", "job_id", "remote_id", "name", "kind", "position"},
    "lease": {"name", "token", "host", "pid", "since", "renewed_at"},
    "incident": {"name", "sentence", "since", "told_at"},
    "metric": {"name", "labels", "value"},
    "stream_hour": {"stream", "hour", "rows"},
    "marketing_event": {"remote_id", "name", "starts_at", "ends_at", "mark", "changed_at"},
    "owner": {"remote_id", "email", "name", "active", "changed_at", "row_hash", "deleted_at"},
    "reaction_group": {"id", "source", "job_id", "owner_id", "key", "wanted", "is_left"},
    "rules_used": {"version", "rules", "since"},
    "run": {"id", "command", "started_at", "finished_at", "complete", "reason", "report"},
    "run_stream": {
        *("run_id", "stream", "fetched", "stored", "unchanged", "duplicate", "suppressed", "quarantined"),
        *("deleted", "error"),
    },
    "sqlite_sequence": {"name", "seq"},
    "tombstone": {"hash", "erasure_id", "is_contact"},
}
JAN = [RecordRef("ats", "c1"), RecordRef("hubspot", "501"), RecordRef("ats.attendance", "x1"), RecordRef("person", "1")]
LIA = [RecordRef("ats", "c2"), RecordRef("hubspot", "502"), RecordRef("ats.attendance", "x2"), RecordRef("person", "2")]

ROWS = """
INSERT INTO person (id, created_at) VALUES ({n}, '');
INSERT INTO person_link (source, remote_id, person_id, rule, rule_version, at)
VALUES ('ats', 'c{n}', {n}, 'self', 1, '');
INSERT INTO candidate (source, remote_id, changed_at, row_hash) VALUES ('ats', 'c{n}', '', '');
INSERT INTO contact (remote_id, changed_at, row_hash) VALUES ('50{n}', '', '');
INSERT INTO attendance (source, remote_id, event, kind, changed_at, row_hash)
VALUES ('ats.attendance', 'x{n}', '', 'attended', '', '');
INSERT INTO application (source, remote_id, candidate_id, status, changed_at, row_hash)
VALUES ('ats', 'a{n}', 'c{n}', 'active', '', '');
INSERT INTO promise
(source, application_id, kind, person_id, job_id, began_at, internal_due_at, public_due_at, backlog, group_id)
VALUES ('ats', 'a{n}', 'decision', {n}, 'j', '', '', '', 0, 5);
INSERT INTO stage_transition VALUES ('ats', 'a{n}', NULL, 's', '', 1);
INSERT INTO comeback VALUES ('ats', 'c{n}');
INSERT INTO contact_counter (contact_id, visits, clicks, replies, forms) VALUES ('50{n}', 1, 1, 1, 1);
INSERT INTO touch_event (id_hash, stream, contact_id, kind, day) VALUES ('h{n}', 'hubspot.visits', '50{n}', 'k', '');
INSERT INTO form_due VALUES ('50{n}', 1, '');
INSERT INTO activity (source, remote_id, contact_id, channel, at, changed_at, row_hash)
VALUES ('hubspot.calls', '9', '50{n}', 'call', '', '', '');
INSERT INTO list_member (list_id, contact_id) VALUES ('1', '50{n}');
INSERT INTO participation VALUES ('7', '50{n}', 'attended', NULL, '');
INSERT INTO attendance_write (event_id, contact_id, at, state, planned_at) VALUES ('7', '50{n}', '', 'DONE', '');
INSERT INTO contact_trigger VALUES ('50{n}', 'abandoned_application', 'j1', '', '', NULL, '');
INSERT INTO touch_day (source, remote_id, kind, day, count) VALUES ('hubspot', '50{n}', 'k', '', 1);
INSERT INTO identity_key VALUES ('ats', 'c{n}', 'email:x{n}');
INSERT INTO undone_link VALUES ('person', '{n}', '');
INSERT INTO link_review (candidate_source, candidate_id, contact_id, rule, state, at)
VALUES ('ats', 'c{n}', '50{n}', 'r', 'open', '');
INSERT INTO score (person_id, raw, band, band_since, rules_version, computed_at) VALUES ({n}, 1.0, 'hot', '', '', '');
INSERT INTO decision (person_id, play, occasion, wanted, at) VALUES ({n}, 'fan', '', 1, '');
INSERT INTO audit_subject VALUES ('s{n}', {n});
INSERT INTO outbox (key, kind, person_id, contact_id, payload, state, planned_day, planned_at)
VALUES ('k{n}', 'update_contact', {n}, '50{n}', '{{}}', 'PENDING', '', '');
INSERT INTO baseline VALUES ('contact', '50{n}', 'p', 'v', '');
INSERT INTO conflict (object, object_id, property, ours, theirs, at) VALUES ('contact', '50{n}', 'p', 'v', 'w', '');
INSERT INTO task (remote_id, contact_ids, marker, archived, changed_at, row_hash, person_id)
VALUES ('80{n}', '["50{n}"]', 'm', 0, '', '', {n});
INSERT INTO work VALUES ('score', 'person', '{n}', '');
INSERT INTO quarantine VALUES ('ats.candidates', 'c{n}', 'f', 'r', '');
INSERT INTO snapshot_seen VALUES ('hubspot.contacts', '50{n}');
INSERT INTO call_rank VALUES ('', '71', {n}, {n});
INSERT INTO notification VALUES ('71', 'fan:80{n}:m', '80{n}', 'DONE', '');
INSERT INTO consent (source, remote_id, field, purpose, channel, given, seen_at)
VALUES ('hubspot', '50{n}', 'f', 'talent_pool', 'phone', 1, '');
INSERT INTO retention VALUES ({n}, '');
INSERT INTO hint (source, noun, remote_id, at, received_at) VALUES ('ats', 'candidates', 'c{n}', '', '');
INSERT INTO setting VALUES ('sample {n}', '50{n}');
"""


def filled(db: Mirror) -> None:
    with db.write():
        for number in (1, 2):
            for statement in ROWS.format(n=number).strip().split(";\n"):
                db.change(statement.rstrip(";"))


def test_every_table_is_either_purged_or_known_to_hold_nobody(db: Mirror) -> None:
    columns = {name: set(db.tables[name].columns_dict) for name in db.tables.table_names()}

    unknown = {name: found - IMPERSONAL.get(name, set()) for name, found in columns.items()}
    covered = {place.table for place in PLACES}

    assert {name: more for name, more in unknown.items() if more and name not in covered} == {}
    assert covered <= columns.keys()
    assert not covered & IMPERSONAL.keys()


def test_a_person_is_purged_from_every_place_and_nobody_else_is(db: Mirror) -> None:
    filled(db)
    jan, lia = subject_of(db, JAN), subject_of(db, LIA)
    before = hits(db, jan)
    with db.write():
        purge(db, jan, (ATS, CRM, OWN))

    assert {table for table, number in before.items() if number} == {place.table for place in PLACES}
    assert set(hits(db, jan).values()) == {0}
    assert hits(db, lia) == before


def test_one_side_leaves_the_records_of_the_other(db: Mirror) -> None:
    filled(db)
    jan = subject_of(db, JAN)
    before = hits(db, jan)
    with db.write():
        purge(db, jan, (ATS, OWN), keep=("candidate",))

    left = {table: number for table, number in hits(db, jan).items() if number}
    crm = {place.table for place in PLACES if place.side == CRM}
    assert left == {table: before[table] for table in (*crm, "candidate")}


GROUP = """
INSERT INTO reaction_group (id, source, job_id, owner_id, key, wanted) VALUES (5, 'ats', 'j', '7', 'g', 'h');
INSERT INTO task (remote_id, contact_ids, marker, archived, changed_at, row_hash, person_id)
VALUES ('900', '["501","502"]', 'm', 0, '', '', -5);
INSERT INTO outbox (key, kind, person_id, object_id, payload, state, planned_day, planned_at, contact_ids)
VALUES ('g', 'create_task', -5, '900', 'Jan and Lia', 'DONE', '', '', '["501","502"]');
"""


def test_a_task_about_several_people_stays_without_the_one(db: Mirror) -> None:
    filled(db)
    with db.write():
        for statement in GROUP.strip().split(";\n"):
            db.change(statement.rstrip(";"))
        purge(db, subject_of(db, JAN), (ATS, CRM, OWN))

    assert db.rows("SELECT contact_ids FROM task WHERE remote_id = '900'") == [('["502"]',)]
    assert db.rows("SELECT payload, contact_ids FROM outbox WHERE key = 'g'") == [("{}", '["502"]')]
    assert db.rows("SELECT wanted FROM reaction_group") == [("",)]
    assert set(hits(db, subject_of(db, JAN)).values()) == {0}
