"""What people complain of in other sync tools about reading and running, each through whole runs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from connectors.hubspot import source
from sandbox import endpoint, search
from sandbox.store import INTEGRATION, Source
from sync.bootstrap import open_session, open_view
from sync.reports.health import Moment, health_report
from sync.store import cursors
from tests.integration.conftest import Stage, candidate

BULK = Source("IMPORT", "month-end")
WALL = 400  # lower than HubSpot's 10,000, so that a few records stand for many


@pytest.fixture
def low_wall(monkeypatch: pytest.MonkeyPatch) -> None:
    """Search shows the first 400 results of a query and no more."""
    monkeypatch.setattr(search, "WALL", WALL)


def changed_at_once(stage: Stage, ids: list[str]) -> None:
    """One update of many contacts, all with the same moment of change."""
    store = stage.portal.stores["contacts"]
    for contact in ids:
        store.change(store.records[contact], {"jobtitle": "Verpleegkundige"}, BULK)


def made_by_warmline(stage: Stage) -> list[str]:
    """E-mail addresses of the contacts an integration made, in order."""
    records = stage.portal.stores["contacts"].records.values()
    return [one.properties["email"] for one in records if one.source.type == INTEGRATION.type]


def counts(report: dict[str, Any], stream: str) -> tuple[int, int]:
    """Fetched and stored."""
    found = report["streams"][stream]
    return found["fetched"], found["stored"]


def test_an_update_of_more_contacts_than_search_shows_at_one_moment_is_read_once_each_and_ends(
    stage: Stage, low_wall: None
) -> None:
    ids = [stage.contact(f"Naam{number}x", "Vos") for number in range(WALL + 250)]
    stage.sync()
    stage.later(hours=2)
    changed_at_once(stage, ids)
    stage.later(hours=2)
    stage.writes()
    report = stage.sync()

    assert report["complete"]
    assert report["streams"]["hubspot.contacts"]["fetched"] == WALL + 250
    assert report["requests"]["hubspot"]["reads"] < 25


def test_more_calls_than_search_shows_are_all_read(stage: Stage, low_wall: None) -> None:
    jan = stage.person(1, "Jan", "de Vries")
    for number in range(WALL + 150):
        stage.portal.log_call(jan, stage.now - timedelta(days=1, minutes=number))
    stage.later(hours=1)
    report = stage.sync()

    assert report["complete"]
    assert counts(report, "hubspot.calls") == (WALL + 150, WALL + 150)
    assert len(stage.tables("activity")["activity"]) == WALL + 150


def test_a_run_that_was_shown_fewer_rows_than_there_are_is_not_green(stage: Stage) -> None:
    jan = stage.person(1, "Jan", "de Vries")
    stage.sync()
    stage.fan_signs(jan)
    stage.later(hours=1)
    stage.portal.plan_fault("status", "/contacts/search", status=200, body={"total": 1, "results": []}, times=50)
    short = stage.sync()
    reasons = stage.outcome.reasons if stage.outcome else []
    stage.portal.faults.clear()
    stage.later(hours=3)
    after = stage.sync()

    assert not short["complete"]
    assert [reason.partition(":")[0] for reason in reasons] == ["hubspot.contacts"]
    assert after["complete"]
    assert len(stage.tasks(jan)) == 1


def test_a_deletion_in_either_system_arrives(stage: Stage) -> None:
    jan, lia = stage.person(1, "Jan", "de Vries"), stage.person(2, "Lia", "Los")
    first = stage.sync()["people"]
    stage.portal.archive("contacts", jan)
    stage.drop("candidates", candidate("c1", "Jan", "de Vries"), snapshot=True)  # without Lia
    stage.later(hours=1)
    report = stage.sync(full=True)

    assert (first["candidates"], first["contacts"], first["linked"]) == (2, 2, 2)
    assert report["complete"]
    assert (report["streams"]["hubspot.contacts"]["deleted"], report["streams"]["ats.candidates"]["deleted"]) == (1, 1)
    assert (report["people"]["candidates"], report["people"]["contacts"], report["people"]["linked"]) == (1, 1, 0)
    assert stage.links("ats:c1") == {("ats", "c1", "self")}
    assert ("ats", "c2") not in {one[:2] for one in stage.links(lia)}


@pytest.mark.parametrize("keep_id", [True, False])
def test_two_contacts_that_were_merged_are_one_person_and_no_third_contact_is_made(stage: Stage, keep_id: bool) -> None:
    stage.set(WRITES__CREATE_CONTACTS="all")
    jan = stage.person(1, "Jan", "de Vries")
    twin = stage.contact("Jan", "de Vries", "jan.thuis@example.com")
    stage.fan_signs(jan)
    stage.sync(confirm_create=5)
    survivor = stage.portal.merge(twin, jan, keep_id=keep_id).id
    made = []
    for _ in range(3):
        stage.later(hours=1)
        stage.visit(survivor, 0)
        made.append(stage.sync(confirm_create=5)["people"]["contacts"])

    assert made == [1, 1, 1]
    assert made_by_warmline(stage) == []
    assert len(stage.tasks()) == 1
    assert {one[:2] for one in stage.links("ats:c1")} == {("ats", "c1"), ("hubspot", survivor)}
    touched = {(point["kind"], point["day"]) for point in stage.explain("ats:c1")["points"]}
    assert touched == {
        ("form", "2026-11-19"),
        ("mail_click", "2026-11-21"),
        ("site_visit", "2026-11-22"),
        ("site_visit", "2026-11-23"),
    }


def test_a_call_that_is_associated_with_another_contact_later_is_seen_there_too(stage: Stage) -> None:
    jan, lia = stage.person(1, "Jan", "de Vries"), stage.person(2, "Lia", "Los")
    call = stage.portal.log_call(jan, stage.now - timedelta(hours=2))
    stage.later(hours=1)
    stage.sync()
    stage.portal.link("calls", call.id, "contacts", lia)  # moves no stamp, neither the call's nor the contact's
    stage.later(hours=1)
    report = stage.sync(full=True)

    assert report["complete"]
    with open_view(stage.app()) as view:
        assert {one for (one,) in view.db.rows("SELECT contact_id FROM activity")} == {jan, lia}


def test_more_properties_than_fit_in_an_address_are_read_all_the_same(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoint, "MAX_QUERY", 600)  # as if there were thirty times as many properties
    monkeypatch.setattr(source, "LONGEST_QUERY", 500)
    stage.fan_signs(jan := stage.person(1, "Jan", "de Vries"))
    report = stage.sync()

    assert report["complete"]
    assert counts(report, "hubspot.contacts") == (1, 1)
    assert len(stage.tasks(jan)) == 1


def test_a_rate_limit_in_the_middle_of_a_stream_moves_the_cursor_neither_too_far_nor_for_ever_not(stage: Stage) -> None:
    ids = [stage.contact(f"Naam{number}x", "Vos") for number in range(450)]
    stage.sync()
    stage.later(hours=2)
    changed_at_once(stage, ids)
    stage.later(hours=2)
    body = {"status": "error", "policyName": "SECONDLY", "message": "x", "errorType": "RATE_LIMIT"}
    stage.portal.plan_fault("status", "/contacts/search", skip=1, times=60, status=429, body=body)
    cut = stage.sync()
    stage.portal.faults.clear()
    stage.later(hours=2)
    rest = stage.sync()
    stage.later(hours=2)
    quiet = stage.sync()

    assert not cut["complete"]
    assert (cut["streams"]["hubspot.contacts"]["fetched"], rest["complete"]) == (200, True)
    assert rest["streams"]["hubspot.contacts"]["fetched"] == 250
    assert quiet["streams"]["hubspot.contacts"]["fetched"] == 0
    with open_view(stage.app()) as view:
        position = cursors.load(view.db, "hubspot.contacts")
    assert position is not None
    assert (position.since, position.token) == (stage.now, None)


def test_a_window_asks_for_its_own_changes_only(stage: Stage) -> None:
    early, late = stage.contact("Vroeg", "Vos"), stage.contact("Laat", "Vos")
    stage.sync()
    stage.later(hours=2)
    stage.portal.edit("contacts", early, {"firstname": "Vroeger"})
    stage.later(hours=2)
    second = stage.sync()
    stage.later(hours=2)
    stage.portal.edit("contacts", late, {"firstname": "Later"})
    stage.later(minutes=1)
    third = stage.sync()

    assert (counts(second, "hubspot.contacts"), counts(third, "hubspot.contacts")) == ((1, 1), (1, 1))


def test_a_schedule_that_does_not_run_shows_as_not_healthy(stage: Stage) -> None:
    stage.person(1, "Jan", "de Vries")
    run_as(stage, "run full")
    stage.later(minutes=1)
    young = health(stage)
    stage.later(minutes=19)
    run_as(stage, "run other")
    late = health(stage)
    stage.later(days=1)
    stopped = health(stage)

    assert (young["healthy"], young["reasons"]) == (True, [])
    assert late["reasons"] == ["schedule hot did not run for 3 of its intervals"]
    assert stopped["reasons"][0] == "no complete run in the last 45 minutes"
    assert not stopped["healthy"]


def run_as(stage: Stage, command: str) -> None:
    """A run as the scheduler starts it."""
    with open_session(stage.app(), command) as session:
        session.finish(session.execute(session.limits(writes=True)), {})


def health(stage: Stage) -> dict[str, Any]:
    """`status --json`'s `health`."""
    app = stage.app()
    limit = timedelta(minutes=app.settings.schedule.healthy_minutes)
    with open_view(app) as view:
        return health_report(view.db, app.settings.cadence, limit, Moment(app.clock.now(), app.clock.real_time()))
