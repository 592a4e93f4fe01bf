"""Who was in touch with whom: calls, meetings, e-mails, messages and finished tasks, from HubSpot to the mirror."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner, Result

from sandbox.activities import DISPOSITIONS, PRIVATE
from sandbox.errors import bad_request, missing_scopes
from sandbox.store import human
from sync.bootstrap import open_session, open_view
from sync.cli.app import warmline
from sync.core.activity import Activity, task_activity
from sync.core.model import Task
from sync.stages.pull import pull_stream
from sync.store import activities, work
from sync.store.db import Mirror, open_mirror
from sync.store.sql import query
from tests.integration.conftest import Stage

NOUNS = ("calls", "meetings", "emails", "communications")
AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Amsterdam")
HEADERS = "source, remote_id, contact_id, channel, direction, at, outcome, owner_id, duration_s"


def rows(stage: Stage) -> list[tuple[Any, ...]]:
    """Every activity in the mirror, without the bookkeeping columns."""
    with open_view(stage.app()) as view:
        return view.db.rows(f"SELECT {HEADERS} FROM activity ORDER BY source, remote_id, contact_id")


def whole(stage: Stage) -> list[tuple[Any, ...]]:
    """Every activity in the mirror, bookkeeping included."""
    return stage.tables("activity")["activity"]


def run(stage: Stage, *args: str) -> Result:
    """A command as ops run it."""
    env = {f"WARMLINE_{name}": value for name, value in stage.env.items()}
    return CliRunner().invoke(warmline, args, env={**env, "WARMLINE_CLOCK__NOW": stage.now.isoformat()})


def forbid(stage: Stage, noun: str, times: int = 999) -> None:
    """The token may not read this noun."""
    body = missing_scopes([f"crm.objects.{noun}.read"]).body("c")
    stage.portal.plan_fault("status", f"/{noun}/", status=403, body=body, times=times)


def test_every_kind_of_contact_is_kept_as_headers_with_its_contacts(stage: Stage) -> None:
    jan, lia = stage.person(1, "Jan", "de Vries"), stage.person(2, "Lia", "Los")
    portal, day = stage.portal, stage.now - timedelta(days=1)
    call = portal.log_call([jan, lia], day, disposition="no_answer", direction="out", duration_s=21, owner_id="701")
    meeting = portal.log_meeting(jan, day, start=day + timedelta(days=4), owner_id="702")
    email = portal.log_email(lia, day, direction="in")
    message = portal.log_message(jan, day, channel="whatsapp", owner_id="701")
    stage.later(minutes=1)
    report = stage.sync()

    at, start = "2026-11-22T08:00:00.000Z", "2026-11-26T08:00:00.000Z"
    assert rows(stage) == [
        ("hubspot.calls", call.id, jan, "call", "out", at, "no_answer", "701", 21),
        ("hubspot.calls", call.id, lia, "call", "out", at, "no_answer", "701", 21),
        ("hubspot.communications", message.id, jan, "whatsapp", None, at, None, "701", None),
        ("hubspot.emails", email.id, lia, "email", "in", at, None, None, None),
        ("hubspot.meetings", meeting.id, jan, "meeting", None, start, "scheduled", "702", None),
    ]
    counts = {"unchanged": 0, "duplicate": 0, "suppressed": 0, "quarantined": 0, "deleted": 0}
    assert {noun: report["streams"][f"hubspot.{noun}"] for noun in NOUNS} == {
        noun: {"fetched": 1, "stored": 1, **counts} for noun in NOUNS
    }
    with open_view(stage.app()) as view:
        found = activities.activities_of(view.db, [jan])[jan]
    assert [(one.source, one.channel, one.at) for one in found] == [
        ("hubspot.meetings", "meeting", datetime(2026, 11, 26, 8, tzinfo=UTC)),
        ("hubspot.calls", "call", datetime(2026, 11, 22, 8, tzinfo=UTC)),
        ("hubspot.communications", "whatsapp", datetime(2026, 11, 22, 8, tzinfo=UTC)),
    ]


def test_nothing_that_was_said_reaches_the_disk(stage: Stage) -> None:
    jan = stage.person(1, "Jan", "de Vries")
    for log in ("log_call", "log_meeting", "log_email", "log_message"):
        getattr(stage.portal, log)(jan)
    stage.later(minutes=1)
    stage.sync()

    on_disk = b"".join(path.read_bytes() for path in stage.folder.glob("mirror.db*"))
    assert len(rows(stage)) == 4
    assert PRIVATE.encode() not in on_disk and b"+31612345678" not in on_disk


def test_each_disposition_becomes_its_word_and_the_portals_own_by_their_label(stage: Stage) -> None:
    jan = stage.person(1, "Jan", "de Vries")
    own = {"0f01": "Terugbellen: niet opgenomen", "0f02": "Spoke with candidate", "0f03": "Wil nadenken"}
    for value, label in own.items():
        stage.portal.add_disposition(value, label)
    for disposition in (*DISPOSITIONS, *own, ""):
        stage.portal.log_call(jan, disposition=disposition)
    stage.later(minutes=1)
    stage.sync()

    assert [row[6] for row in rows(stage)] == [*DISPOSITIONS, "no_answer", "connected", "other", None]


def test_the_first_read_goes_back_the_days_of_the_setting(stage: Stage) -> None:
    jan, now = stage.person(1, "Jan", "de Vries"), stage.now
    made = {}
    for days in (200, 170, 40, 20):
        stage.at(now - timedelta(days=days))
        made[days] = stage.portal.log_call(jan).id
    stage.at(now)
    stage.sync()
    by_default = [row[1] for row in rows(stage)]
    stage.mirror.unlink()
    stage.set(HUBSPOT__ACTIVITIES_DAYS="30")
    stage.sync()
    of_thirty_days = [row[1] for row in rows(stage)]
    stage.set(HUBSPOT__ACTIVITIES_DAYS="365")
    stage.sync()

    assert (by_default, of_thirty_days) == ([made[170], made[40], made[20]], [made[20]])
    assert [row[1] for row in rows(stage)] == [*made.values()], "a longer setting reads anew"


def test_a_first_read_cut_short_goes_on_and_ends_the_same(stage: Stage) -> None:
    jan = stage.person(1, "Jan", "de Vries")
    for number in range(450):
        stage.portal.log_email(jan, stage.now - timedelta(minutes=number))
    stage.later(minutes=1)
    stage.portal.plan_fault("status", "emails/search", status=503, skip=1, times=6)
    first = stage.sync()
    after_first = len(rows(stage))
    stage.later(minutes=1)
    second = stage.sync()

    assert (first["complete"], after_first) == (False, 200)
    assert (second["complete"], second["streams"]["hubspot.emails"]["fetched"]) == (True, 250)
    assert len(rows(stage)) == 450


def test_a_run_with_no_news_costs_one_search_a_stream_and_writes_nothing(stage: Stage) -> None:
    jan = stage.person(1, "Jan", "de Vries")
    for log in ("log_call", "log_meeting", "log_email", "log_message"):
        getattr(stage.portal, log)(jan)
    stage.later(minutes=1)
    stage.sync()
    before = whole(stage)
    stage.later(minutes=30)
    stage.sync()  # what the first run wrote comes back here
    stage.later(minutes=30)
    stage.writes()
    stage.sync()

    stats = stage.portal.stats
    asked = {noun: stats.count(contains=f"/{noun}") for noun in NOUNS}
    assert asked == dict.fromkeys(NOUNS, 1)
    assert {noun: stats.count("POST", f"/{noun}/search") for noun in NOUNS} == asked
    assert (stats.total <= 15, stats.writes, whole(stage)) == (True, 0, before)


def test_news_read_twice_in_the_overlap_changes_nothing(stage: Stage) -> None:
    jan = stage.person(1, "Jan", "de Vries")
    stage.portal.log_call(jan)
    stage.later(minutes=1)
    stage.sync()
    before = whole(stage)
    stage.later(minutes=5)
    report = stage.sync()

    assert report["streams"]["hubspot.calls"] == {
        **dict.fromkeys(("stored", "duplicate", "suppressed", "quarantined", "deleted"), 0),
        "fetched": 1,
        "unchanged": 1,
    }
    assert whole(stage) == before


def test_a_corrected_outcome_replaces_the_old_one(stage: Stage) -> None:
    jan = stage.person(1, "Jan", "de Vries")
    call = stage.portal.log_call(jan, disposition="connected")
    stage.later(minutes=1)
    stage.sync()
    stage.portal.edit("calls", call.id, {"hs_call_disposition": DISPOSITIONS["voicemail"]})
    stage.later(minutes=1)
    stage.sync()

    [row] = rows(stage)
    assert (row[1], row[6]) == (call.id, "voicemail")


def test_a_contact_that_left_an_activity_loses_its_row_and_one_that_joined_gets_one(stage: Stage) -> None:
    jan, lia, bo = (stage.person(n, first, "Los") for n, first in enumerate(("Jan", "Lia", "Bo"), 1))
    call = stage.portal.log_call([jan, lia])
    stage.later(minutes=1)
    stage.sync()
    stage.portal.associations.remove("calls", call.id, "contacts", jan)
    stage.portal.link("calls", call.id, "contacts", bo)
    stage.portal.edit("calls", call.id, {"hubspot_owner_id": "702"})
    stage.later(minutes=1)
    stage.sync()

    assert [(row[2], row[7]) for row in rows(stage)] == [(lia, "702"), (bo, "702")]


def test_a_merged_contact_takes_its_activities_along(stage: Stage) -> None:
    jan, lia = stage.person(1, "Jan", "de Vries"), stage.contact("Jan", "Vries", email="jv@example.org")
    both = stage.portal.log_call([jan, lia]).id
    own = stage.portal.log_email(lia).id
    stage.later(minutes=1)
    stage.sync()
    survivor = stage.portal.merge(jan, lia).id
    stage.later(hours=1)
    stage.sync()
    after_merge = whole(stage)
    stage.portal.edit("calls", both, {"hubspot_owner_id": "702"})
    stage.portal.edit("calls", both, {"hubspot_owner_id": ""})
    stage.later(minutes=1)
    stage.sync()

    assert [(row[1], row[2]) for row in rows(stage)] == [(both, survivor), (own, survivor)]
    assert whole(stage) == after_merge, "what followed the merge is no news when it is read again"


@pytest.mark.parametrize("noun", NOUNS)
def test_a_missing_scope_switches_one_stream_off_and_says_so(stage: Stage, noun: str) -> None:
    jan = stage.person(1, "Jan", "de Vries")
    for log in ("log_call", "log_meeting", "log_email", "log_message"):
        getattr(stage.portal, log)(jan)
    stage.later(minutes=1)
    forbid(stage, noun)

    doctor, synced, status = run(stage, "doctor"), run(stage, "sync"), run(stage, "status")

    line = f"hubspot.{noun} is off: The token lacks a scope: one of crm.objects.{noun}.read. Add it in HubSpot."
    found = [text for text in doctor.output.splitlines() if f"hubspot {noun} " in text]
    assert [text.split()[0] for text in found] == ["warning"] and "off: the token may not read" in found[0]
    assert f"Add the scope crm.objects.{noun}.read." in doctor.output
    assert (doctor.exit_code, synced.exit_code, status.exit_code) == (0, 0, 0)
    assert f"note: {line}" in synced.output
    assert [text for text in status.output.splitlines() if f"hubspot.{noun} " in text and "lacks a scope" in text]
    assert {row[0] for row in rows(stage)} == {f"hubspot.{one}" for one in NOUNS if one != noun}

    stage.portal.faults.clear()
    stage.later(minutes=30)
    stage.sync()
    assert len(rows(stage)) == 4, "once the scope is there the stream starts from its first read"


def test_a_portal_that_does_not_serve_a_noun_switches_it_off_too(stage: Stage) -> None:
    jan = stage.person(1, "Jan", "de Vries")
    stage.portal.log_call(jan)
    stage.later(minutes=1)
    body = bad_request("Unable to infer object type from: communications").body("c")
    stage.portal.plan_fault("status", "communications/search", status=400, body=body, times=99)
    report = stage.sync()

    assert (report["complete"], len(rows(stage))) == (True, 1)
    assert [note for note in stage.notes if "hubspot.communications is off: 400 VALIDATION_ERROR" in note]
    assert [text for text in run(stage, "doctor").output.splitlines() if "hubspot communications off: 400" in text]


def test_doctor_reads_no_activity(stage: Stage) -> None:
    stage.portal.log_call(stage.contact("Jan", "de Vries"))
    stage.writes()

    doctor = run(stage, "doctor")

    assert [text.split()[0] for text in doctor.output.splitlines() if "hubspot calls" in text] == ["ok"]
    assert stage.portal.stats.count("POST", "calls/contacts/batch/read") == 0


def test_people_whose_contact_was_in_touch_are_decided_anew_and_nobody_else(stage: Stage) -> None:
    jan, _ = stage.person(1, "Jan", "de Vries"), stage.person(2, "Lia", "Los")
    stage.sync()
    person = stage.explain(jan)["person"]["id"]
    stage.later(hours=1)
    stage.sync()
    call = stage.portal.log_call(jan)
    stage.later(minutes=1)

    def due_after_pull() -> list[str]:
        with open_session(stage.app(), "sync") as session:
            feed = next(feed for feed in session.feeds if feed.spec.noun == "calls")
            pull_stream(session.run, feed.source, feed.spec, feed.intake)
            due = work.due_people(session.run.db, "decide", session.run.now, None)
            with session.run.db.write(session.run.lease):
                work.finish_people(session.run.db, "decide", due, {})
            return [f"p{one}" for one in due]

    assert due_after_pull() == [person]
    stage.later(minutes=1)
    assert due_after_pull() == [], "seen again, nothing new"
    stage.portal.associations.remove("calls", call.id, "contacts", jan)
    stage.later(minutes=1)
    assert due_after_pull() == [person], "who left is decided anew too"


def test_a_finished_call_or_mail_task_of_anyone_is_an_activity(stage: Stage) -> None:
    jan = stage.person(1, "Jan", "de Vries")
    link = [{"to": {"id": jan}, "types": [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 204}]}]
    tasks = {}
    for kind in ("CALL", "EMAIL", "TODO"):
        for status in ("COMPLETED", "NOT_STARTED"):
            properties = {"hs_timestamp": "2026-11-20T09:00:00Z", "hs_task_type": kind, "hs_task_status": status}
            made = stage.portal.create_by_hand("tasks", {**properties, "hubspot_owner_id": "703"}, link)
            tasks[kind, status] = made.id
    stage.later(minutes=1)
    first = stage.sync()
    after_first = rows(stage)
    stage.portal.edit("tasks", tasks["CALL", "COMPLETED"], {"hs_task_status": "NOT_STARTED"})
    stage.portal.complete_task(tasks["EMAIL", "NOT_STARTED"])
    stage.later(minutes=1)
    stage.sync()

    at = "2026-11-23T08:00:00.000Z"
    assert after_first == [
        ("hubspot.tasks", tasks[kind, "COMPLETED"], jan, "task", "out", at, "completed", "703", None)
        for kind in ("CALL", "EMAIL")
    ]
    assert first["streams"]["hubspot.tasks"]["fetched"] == 6
    assert (first["streams"]["hubspot.tasks"]["stored"], first["streams"]["hubspot.tasks"]["unchanged"]) == (2, 4)
    assert [row[1] for row in rows(stage)] == [tasks["EMAIL", "COMPLETED"], tasks["EMAIL", "NOT_STARTED"]]


def test_warmlines_own_call_task_counts_once_it_is_done(stage: Stage) -> None:
    jan = stage.person(1, "Jan", "de Vries")
    stage.fan_signs(jan)
    stage.sync()
    [task] = stage.tasks()
    stage.later(minutes=1)
    stage.sync()
    open_rows = rows(stage)
    stage.portal.edit("tasks", task.id, {"hs_task_status": "COMPLETED"}, human(9001).user_id or 0)
    stage.later(minutes=1)
    stage.sync()

    [row] = rows(stage)
    assert (open_rows, row[:5], row[6]) == ([], ("hubspot.tasks", task.id, jan, "task", "out"), "completed")


def task(**more: Any) -> Task:
    known = {"type": "CALL", "status": "COMPLETED", "contact_ids": ("51",), "completed_at": AT, "updated_at": AT}
    return Task("9", **{**known, **more})


@pytest.mark.parametrize(
    ("given", "is_contact", "at"),
    [
        (task(), True, AT),
        (task(type="EMAIL"), True, AT),
        (task(type="TODO"), False, AT),
        (task(type="MEETING"), False, AT),
        (task(type=None), False, AT),
        (task(status="NOT_STARTED"), False, AT),
        (task(archived=True), False, AT),
        (task(completed_at=None, due_at=AT - timedelta(hours=1)), True, AT - timedelta(hours=1)),
        (task(completed_at=AT - timedelta(days=31)), False, AT - timedelta(days=31)),
    ],
)
def test_which_tasks_are_contact(given: Task, is_contact: bool, at: datetime) -> None:
    found = task_activity(given, now=AT, days=30)

    assert (not found.archived, found.at, found.channel, found.outcome) == (is_contact, at, "task", "completed")


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Mirror]:
    mirror = open_mirror(tmp_path / "own.db")
    yield mirror
    mirror.close()


def save(db: Mirror, *some: Activity) -> tuple[int, int, int, set[str]]:
    """Stored, unchanged, duplicate, and the contacts concerned."""
    with db.write():
        saved, contact_ids = activities.save_activities(db, "hubspot.calls", some, AT, ZONE)
    return saved.stored, saved.unchanged, saved.duplicate, contact_ids


def kept(db: Mirror) -> list[tuple[Any, ...]]:
    return db.rows("SELECT * FROM activity ORDER BY source, remote_id, contact_id")


def test_shuffled_and_repeated_pages_end_in_the_same_rows(db: Mirror) -> None:
    old = Activity("1", "call", AT, ("51", "52"), outcome="no_answer", updated_at=AT)
    new = replace(old, contact_ids=("52", "53"), outcome="connected", updated_at=AT + timedelta(minutes=5))
    other = Activity("2", "call", AT, ("51",), updated_at=AT)
    ends = []
    for order in itertools.permutations((old, new, other, new, old)):
        save(db, *order[:2])
        save(db, *order[2:])
        save(db, *order)
        ends.append(kept(db))
        with db.write():
            db.change("DELETE FROM activity")

    assert all(end == ends[0] for end in ends)
    assert [(*row[1:3], row[6]) for row in ends[0]] == [
        ("1", "52", "connected"),
        ("1", "53", "connected"),
        ("2", "51", None),
    ]


def test_a_page_counts_activities_and_names_the_contacts_concerned(db: Mirror) -> None:
    call = Activity("1", "call", AT, ("51", "52"), updated_at=AT)

    assert save(db, call, call) == (1, 0, 1, {"51", "52"})
    assert save(db, call) == (0, 1, 0, set())
    touched = replace(call, updated_at=AT + timedelta(minutes=1))
    assert save(db, touched) == (0, 1, 0, set()), "touched, and nothing we keep changed"
    assert save(db, replace(touched, contact_ids=("52",))) == (1, 0, 0, {"51"})
    assert save(db, Activity("2", "call", AT, ())) == (0, 1, 0, set()), "an activity with nobody is not kept"


def test_an_archived_activity_takes_its_rows_along(db: Mirror) -> None:
    call = Activity("1", "call", AT, ("51",), updated_at=AT)
    save(db, call, Activity("2", "call", AT, ("51",)))

    assert save(db, replace(call, archived=True)) == (1, 0, 0, {"51"})
    assert [row[1] for row in kept(db)] == ["2"]


def test_ids_are_of_their_stream_only(db: Mirror) -> None:
    with db.write():
        for noun in ("calls", "emails"):
            activities.save_activities(db, f"hubspot.{noun}", [Activity("1", noun[:-1], AT, ("51",))], AT, ZONE)

    assert [row[:4] for row in kept(db)] == [
        ("hubspot.calls", "1", "51", "call"),
        ("hubspot.emails", "1", "51", "email"),
    ]


def test_a_record_that_cannot_be_read_is_quarantined_and_the_page_goes_on(stage: Stage) -> None:
    jan = stage.person(1, "Jan", "de Vries")
    bad, good = stage.portal.log_call(jan), stage.portal.log_call(jan)
    bad.properties["hs_call_duration"] = "geheim"
    stage.later(minutes=1)
    stage.sync()

    assert [row[1] for row in rows(stage)] == [good.id]
    assert stage.quarantine() == [("hubspot.calls", "hs_call_duration", "not a number")]


@pytest.mark.parametrize("name", ["stored_activities", "activities_of", "people_of_contacts"])
def test_a_query_over_activities_scans_no_table(db: Mirror, name: str) -> None:
    values = {"source": "hubspot.calls", "ids": "[]", "contacts": "[]"}
    plan = [line for *_, line in db.rows(f"EXPLAIN QUERY PLAN {query(name)}", values)]

    assert [line for line in plan if line.startswith("SCAN") and "VIRTUAL TABLE" not in line] == []
