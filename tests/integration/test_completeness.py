"""What a pull does not show by itself is found all the same: deletions between two full reads, lost rows, changes the
index kept back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from click.testing import CliRunner, Result

from connectors.hubspot.connector import HubSpot
from sandbox.clock import to_iso
from sandbox.store import Record
from sync.bootstrap import open_session, open_view
from sync.cli.app import warmline
from sync.errors import SourceEmptied
from sync.reports.runs import outcome_report
from sync.stages import census
from tests.integration.conftest import IMPORT, Stage, candidate

CONTACTS = "hubspot.contacts"


def utc(moment: datetime) -> str:
    """A moment as HubSpot writes it."""
    return to_iso(moment.astimezone(UTC))


def requests(stage: Stage) -> int:
    """Requests HubSpot got since the last time this was asked."""
    count = stage.portal.stats.total
    stage.portal.stats.__init__()  # type: ignore[misc]
    return count


def reasons(stage: Stage) -> list[str]:
    assert stage.outcome is not None
    return stage.outcome.reasons


def whole(stage: Stage) -> dict[str, Any]:
    """A run that reads everything, as at night; its report."""
    with open_session(stage.app(), "sync --full") as session:
        stage.outcome = session.execute(session.limits(writes=True), full=True)
        report = outcome_report(session, stage.outcome, duration_s=0.0)
        session.finish(stage.outcome, report)
        return report


def slip(record: Record, stamp: str, **properties: str) -> None:
    """A change the search index shows under an older moment than the windows that are still to come."""
    record.properties |= {**properties, "lastmodifieddate": stamp}
    record.updated_at = datetime.fromisoformat(stamp)


def row(stage: Stage, table: str, record_id: str) -> dict[str, Any]:
    with open_view(stage.app()) as view:
        names = [one[1] for one in view.db.rows(f"PRAGMA table_info({table})")]
        [found] = view.db.rows(f"SELECT * FROM {table} WHERE remote_id = ?", (record_id,))
        return dict(zip(names, found, strict=True))


@pytest.fixture
def people(stage: Stage) -> list[str]:
    """Twelve people in both systems, synced an hour ago."""
    ids = [stage.person(number, f"Jan{number}", "de Vries") for number in range(12)]
    stage.sync()
    stage.later(hours=1)
    stage.sync()
    stage.later(hours=1)
    requests(stage)
    return ids


@pytest.fixture
def no_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a portal of many the sample comes by late."""
    monkeypatch.setattr(census, "SAMPLE", 0)


def test_a_run_without_news_pays_one_request_for_the_count_and_one_for_the_sample(
    stage: Stage, people: list[str]
) -> None:
    report = stage.sync()

    assert requests(stage) <= 12
    assert (report["complete"], report["streams"][CONTACTS]["fetched"]) == (True, 0)


@pytest.mark.parametrize("way", ["archive", "gdpr"])
def test_a_contact_deleted_in_hubspot_is_gone_after_the_next_run(
    stage: Stage, people: list[str], way: str, no_sample: None
) -> None:
    gone = people[4]
    stage.portal.archive("contacts", gone) if way == "archive" else stage.portal.gdpr_delete(gone)

    report = stage.sync()
    spent = requests(stage)
    stage.later(hours=1)
    quiet = stage.sync()

    assert (report["complete"], report["streams"][CONTACTS]["deleted"]) == (True, 1)
    assert report["people"] == {"candidates": 12, "contacts": 11, "linked": 11, "review": 0}
    assert stage.links("ats:c4") == {("ats", "c4", "self")}
    assert spent < 30
    assert (quiet["complete"], quiet["streams"][CONTACTS]["deleted"], requests(stage) <= 12) == (True, 0, True)


@pytest.mark.parametrize("way", ["archive", "gdpr"])
def test_when_most_contacts_are_gone_the_run_stops_with_the_figure_and_deletes_nobody(
    stage: Stage, people: list[str], way: str
) -> None:
    people += [stage.contact("Piet", f"Vos{number}") for number in range(18)]
    whole(stage)
    for one in people[:20]:
        stage.portal.archive("contacts", one) if way == "archive" else stage.portal.gdpr_delete(one)
    stage.later(hours=1)

    with pytest.raises(SourceEmptied, match="shows 10 of the 30 records"):
        stage.sync()

    with open_view(stage.app()) as view:
        assert view.db.rows("SELECT count(*) FROM contact WHERE deleted_at IS NULL") == [(30,)]


@pytest.mark.parametrize("way", ["archive", "gdpr"])
def test_of_a_contact_that_is_gone_no_name_or_address_is_kept(
    stage: Stage, people: list[str], way: str, no_sample: None
) -> None:
    stage.portal.archive("contacts", people[0]) if way == "archive" else stage.portal.gdpr_delete(people[0])

    stage.sync()

    kept = row(stage, "contact", people[0])
    personal = ("email", "additional_emails", "first_name", "last_name", "phone", "mobile_phone")
    assert {name: kept[name] for name in personal} == dict.fromkeys(personal) | {"additional_emails": "[]"}


def test_what_waited_to_be_written_for_a_contact_that_is_gone_is_withdrawn(stage: Stage) -> None:
    jan = stage.person(1, "Jan", "de Vries")
    stage.fan_signs(jan)
    planned = stage.plan()
    stage.portal.archive("contacts", jan)
    stage.later(hours=1)

    left = stage.plan()

    assert {one["kind"] for one in planned} == {"update_contact", "create_task"}
    assert left == []


def test_a_contact_restored_without_a_new_stamp_is_back_after_the_next_run(stage: Stage, people: list[str]) -> None:
    store = stage.portal.stores["contacts"]
    record = store.records[people[2]]
    stamp = record.properties["lastmodifieddate"]
    stage.portal.archive("contacts", people[2])
    stage.sync()
    stage.later(hours=1)
    stage.portal.restore("contacts", people[2])
    record.properties["lastmodifieddate"] = stamp

    report = stage.sync()

    assert (report["complete"], report["people"]["contacts"]) == (True, 12)
    assert ("hubspot", people[2]) in {one[:2] for one in stage.links("ats:c2")}


def test_contacts_that_came_while_the_run_was_busy_are_no_gap(stage: Stage, people: list[str]) -> None:
    made = utc(stage.now + timedelta(seconds=5))
    stage.portal.load("contacts", {"email": "new@example.com", "createdate": made, "lastmodifieddate": made}, IMPORT)

    report = stage.sync()

    assert (report["complete"], report["streams"][CONTACTS]["fetched"]) == (True, 0)
    assert requests(stage) <= 13


def test_a_contact_the_index_does_not_count_yet_is_no_gap(stage: Stage, people: list[str]) -> None:
    stage.portal.search_lag_s = 600
    stage.contact("Piet", "Vos", createdate=utc(stage.now), lastmodifieddate=utc(stage.now))
    whole(stage)
    requests(stage)

    report = stage.sync()

    assert (report["complete"], report["people"]["contacts"], requests(stage) <= 12) == (True, 13, True)


@pytest.mark.parametrize(("more", "told"), [(3, ["HubSpot counts 3 contacts more than a whole read showed"]), (-3, [])])
def test_a_portal_that_counts_otherwise_is_read_whole_once_and_then_believed(
    stage: Stage, people: list[str], monkeypatch: pytest.MonkeyPatch, more: int, told: list[str]
) -> None:
    count = HubSpot.count_contacts
    monkeypatch.setattr(HubSpot, "count_contacts", lambda self, since: _plus(count(self, since), since.year, more))
    first = stage.sync()
    named = reasons(stage)
    stage.later(hours=1)
    requests(stage)

    second = stage.sync()

    assert [one.removeprefix(f"{CONTACTS}: ") for one in named] == told
    assert first["streams"][CONTACTS]["fetched"] == 12
    assert (second["complete"], second["streams"][CONTACTS]["fetched"], requests(stage) <= 12) == (True, 0, True)


def test_a_portal_that_does_not_count_is_left_alone(
    stage: Stage, people: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(HubSpot, "count_contacts", lambda _self, _since: None)

    assert stage.sync()["complete"] is True


def test_a_change_no_window_showed_is_found_by_the_sample_and_the_next_run_reads_everything(
    stage: Stage, people: list[str]
) -> None:
    stage.sync()
    record = stage.portal.stores["contacts"].records[people[7]]
    slip(record, utc(stage.now - timedelta(minutes=40)), phone="+31612345678")
    stage.later(hours=1)

    found = stage.sync()
    told = reasons(stage)
    stage.later(hours=1)
    mended = stage.sync()

    assert told == [
        f"{CONTACTS}: 1 of 12 records read again by id had changes that no pull showed; the next run reads everything"
    ]
    assert row(stage, "contact", people[7])["phone"] == "+31612345678"
    assert (found["complete"], found["streams"][CONTACTS]["stored"]) == (False, 1)
    assert (mended["complete"], mended["streams"][CONTACTS]["fetched"]) == (True, 12)


def test_a_merge_the_index_keeps_back_is_seen_by_the_sample_and_no_touch_is_lost(
    stage: Stage, people: list[str]
) -> None:
    stage.visit(people[1], 1)
    stage.sync()
    before = stage.explain("ats:c1")["points"]
    stage.portal.search_lag_s = 1_200
    stage.later(hours=1)
    survivor = stage.portal.merge(people[1], stage.contact("J", "Vries", "jv@example.com")).id

    report = stage.sync()

    assert ("hubspot", survivor) in {one[:2] for one in stage.links("ats:c1")}
    assert (report["complete"], report["people"]["linked"]) == (True, 12)
    assert stage.explain("ats:c1")["points"] == before


def test_contacts_a_listing_skips_are_asked_for_by_id_and_not_deleted(stage: Stage, people: list[str]) -> None:
    store = stage.portal.stores["contacts"]
    store._ids.remove(int(people[3]))
    stage.portal.archive("contacts", people[5])

    report = whole(stage)

    assert reasons(stage) == [f"{CONTACTS}: 1 records exist that the listing did not show; read by id"]
    assert (report["people"]["contacts"], report["streams"][CONTACTS]["deleted"]) == (11, 1)


def test_a_candidate_that_is_anonymised_keeps_no_name_and_no_link(stage: Stage, people: list[str]) -> None:
    gone = candidate("c3", "Jan3", "de Vries", phone_numbers=["+31612345678"], anonymised_at=stage.now.isoformat())
    stage.drop("candidates", gone)

    report = stage.sync()

    kept = row(stage, "candidate", "c3")
    personal = ("first_name", "name_infix", "last_name", "email_addresses", "phone_numbers", "origin")
    empty = dict.fromkeys(personal) | {"email_addresses": "[]", "phone_numbers": "[]"}
    assert {name: kept[name] for name in personal} == empty
    assert report["people"]["linked"] == 11
    assert stage.refusals(people[3]) == ["not_in_audience"]


def command(stage: Stage, *args: str) -> Result:
    """A command as ops run it."""
    env = {f"WARMLINE_{name}": value for name, value in stage.env.items()}
    return CliRunner().invoke(warmline, args, env={**env, "WARMLINE_CLOCK__NOW": stage.now.isoformat()})


@pytest.fixture
def sync(stage: Stage) -> Callable[[], str]:
    def run() -> str:
        ended = command(stage, "sync")
        assert ended.exit_code == 0, ended.output
        return ended.output

    return run


def test_the_first_plain_sync_after_the_night_reads_everything_and_says_so(
    stage: Stage, sync: Callable[[], str]
) -> None:
    stage.person(1, "Jan", "de Vries")
    first = sync()
    stage.later(hours=2)
    same_day = sync()
    stage.later(days=1)
    next_day = sync()
    stage.later(minutes=15)
    again = sync()

    said = "note: everything was read whole, as once a night (schedule.full_at)"
    assert [said in text for text in (first, same_day, next_day, again)] == [False, False, True, False]
    assert [one[0] for one in _commands(stage)] == ["sync", "sync", "sync --full", "sync"]


def _commands(stage: Stage) -> list[Any]:
    with open_view(stage.app()) as view:
        return view.db.rows("SELECT command FROM run ORDER BY started_at")


def _plus(counted: int | None, year: int, more: int) -> int | None:
    return counted if counted is None or year > 2006 else counted + more


def test_a_candidate_the_ats_says_is_deleted_is_unlinked_and_comes_back_when_restored(
    stage: Stage, people: list[str]
) -> None:
    stage.drop("candidates", candidate("c3", "Jan3", "de Vries", deleted_at=stage.now.isoformat()))
    deleted = stage.sync()
    kept = row(stage, "candidate", "c3")
    stage.later(hours=1)
    stage.drop("candidates", candidate("c3", "Jan3", "de Vries"))

    restored = stage.sync()

    assert (deleted["people"]["linked"], deleted["people"]["candidates"]) == (11, 11)
    assert (kept["first_name"], kept["email_addresses"]) == (None, "[]")
    assert (restored["people"]["linked"], restored["people"]["candidates"]) == (12, 12)


@pytest.mark.parametrize("way", ["delete", "anonymise"])
def test_a_candidate_deleted_or_anonymised_in_recruitee_is_followed_by_the_next_run(stage: Stage, way: str) -> None:
    recruitee = stage.portal.dialect("recruitee")
    settings = {f"SOURCES__ATS__{key.upper()}": value for key, value in stage.sandbox.ats_settings("recruitee").items()}
    del stage.env["SOURCES__ATS__PATH"]
    stage.set(SOURCES__ATS__KIND="recruitee", **settings)
    jan = stage.contact("Jan", "Vos")
    made = recruitee.add_candidate("Jan Vos", emails=["jan.vos@example.com"])
    recruitee.add_candidate("Lia Los", emails=["lia.los@example.com"])
    stage.sync()
    linked = stage.links(jan)
    stage.later(hours=1)
    getattr(recruitee, way)(made["id"])
    stage.later(minutes=5)

    report = stage.sync()

    assert len(linked) == 2
    assert (report["complete"], report["people"]["candidates"], report["people"]["linked"]) == (True, 1, 0)
    assert row(stage, "candidate", str(made["id"]))["email_addresses"] == "[]"


def test_the_nightly_read_sees_what_was_associated_without_a_new_stamp(stage: Stage) -> None:
    jan, lia = stage.person(1, "Jan", "de Vries"), stage.person(2, "Lia", "Los")
    stage.fan_signs(jan)
    call = stage.portal.log_call([lia], stage.now)
    stage.later(minutes=1)
    stage.sync()
    [task] = stage.tasks()
    stage.later(hours=1)
    stage.sync()
    stage.later(hours=1)
    stage.portal.associations.add("calls", call.id, "contacts", jan)
    stage.portal.associations.remove("tasks", task.id, "contacts", jan)
    stage.portal.associations.add("tasks", task.id, "contacts", lia)
    stage.sync()
    by_day = associated(stage, call.id, task.id)
    stage.later(days=1)

    whole(stage)

    assert by_day == ([lia], f'["{jan}"]')
    assert associated(stage, call.id, task.id) == (sorted([jan, lia]), f'["{lia}"]')


def associated(stage: Stage, call_id: str, task_id: str) -> tuple[list[str], str]:
    """The contacts of a call and of a task as the mirror has them."""
    with open_view(stage.app()) as view:
        calls = view.db.rows("SELECT contact_id FROM activity WHERE remote_id = ? ORDER BY contact_id", (call_id,))
        [tasks] = view.db.rows("SELECT contact_ids FROM task WHERE remote_id = ?", (task_id,))
        return [one[0] for one in calls], tasks[0]
