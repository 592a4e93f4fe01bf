"""Open days: who registered and came, seen from HubSpot and from sign-in sheets; and who is in a talent pool."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.directory import ContactList
from sandbox.marketing_events import ATTENDED, CANCELLED, NO_SHOW, REGISTERED
from sync.bootstrap import open_view
from sync.reports.status import status_report
from tests.integration.conftest import Stage
from tests.integration.open_days import ANNA, LAST_WEEK, anna, kinds, open_day, sign, status, tell

# seen from HubSpot -------------------------------------------------------------------------------------------------


def test_who_registered_has_a_touch_on_that_day(stage: Stage) -> None:
    contact, event = anna(stage), open_day(stage)
    tell(stage, event, contact, REGISTERED, LAST_WEEK)

    stage.sync()

    assert kinds(stage, contact) == [("event_registered", "2026-11-16")]


def test_an_attendance_takes_the_place_of_its_registration(stage: Stage) -> None:
    contact, event = anna(stage), open_day(stage)
    tell(stage, event, contact, REGISTERED, LAST_WEEK)
    stage.sync()
    tell(stage, event, contact, ATTENDED)

    stage.sync()

    assert kinds(stage, contact) == [("event_attended", "2026-11-21")]


@pytest.mark.parametrize("state", [CANCELLED, NO_SHOW])
def test_who_cancels_or_does_not_come_has_no_touch_left(stage: Stage, state: str) -> None:
    contact, event = anna(stage), open_day(stage)
    tell(stage, event, contact, REGISTERED, LAST_WEEK)
    stage.sync()
    before = kinds(stage, contact)
    tell(stage, event, contact, state)

    stage.sync()

    assert (before, kinds(stage, contact)) == ([("event_registered", "2026-11-16")], [])


def test_a_correction_leaves_other_people_and_events_alone(stage: Stage) -> None:
    contact, other = anna(stage), stage.person(2, "Bram", "Vos")
    first, second = open_day(stage), open_day(stage, "Banenmarkt")
    for event, day in ((first, LAST_WEEK), (second, "2026-11-18T09:00")):
        for one in (contact, other):
            tell(stage, event, one, REGISTERED, day)
    stage.sync()
    tell(stage, first, contact, CANCELLED)

    report = stage.sync()

    assert kinds(stage, contact) == [("event_registered", "2026-11-18")]
    assert sorted(kinds(stage, other)) == [("event_registered", "2026-11-16"), ("event_registered", "2026-11-18")]
    assert report["scored"]["computed"] == 1


def test_a_participation_booked_on_the_wrong_person_is_taken_back(stage: Stage) -> None:
    contact, other, event = anna(stage), stage.person(2, "Bram", "Vos"), open_day(stage)
    tell(stage, event, contact, ATTENDED)
    stage.sync()
    stage.portal.marketing_events.remove(event, contact)
    tell(stage, event, other, ATTENDED)
    stage.sync(full=True)

    assert (kinds(stage, contact), kinds(stage, other)) == ([], [("event_attended", "2026-11-21")])


def test_the_order_and_number_of_runs_in_between_do_not_matter(stage: Stage) -> None:
    contact = anna(stage)
    story = [(REGISTERED, LAST_WEEK), (CANCELLED, "2026-11-18T09:00"), (REGISTERED, "2026-11-19T09:00")]
    often, once = open_day(stage, "Often"), open_day(stage, "Once")
    for state, at in story:
        tell(stage, often, contact, state, at)
        stage.sync()
    for state, at in story:
        tell(stage, once, contact, state, at)

    stage.sync()

    (row,) = stage.tables("touch_day")["touch_day"]
    assert row[:6] == ("hubspot", contact, "event_registered", "", "2026-11-19", 2)


def test_a_quiet_run_asks_for_the_list_of_events_and_writes_nothing(stage: Stage) -> None:
    contact, event = anna(stage), open_day(stage)
    tell(stage, event, contact, ATTENDED)
    stage.sync()
    stage.sync()
    before = dict(stage.portal.stats.as_json()["requests"])
    stage.writes()

    stage.sync()

    after = stage.portal.stats.as_json()["requests"]
    assert before
    assert {name: one for name, one in after.items() if "marketing" in name} == {
        "GET /marketing/marketing-events": {"200": 1}
    }
    assert stage.writes() == 0


def test_without_the_scope_the_stream_is_off_and_says_so(stage: Stage) -> None:
    anna(stage)
    stage.portal.scopes.discard("crm.objects.marketing_events.read")

    stage.sync()

    with open_view(stage.app()) as view:
        error = status_report(view.db)["streams"]["hubspot.marketing_events"]["error"]
    assert stage.outcome is not None and stage.outcome.complete
    assert error.startswith("off: ")
    assert error.endswith("It needs the scope crm.objects.marketing_events.read.")


def test_while_it_is_off_it_is_asked_for_once_a_day(stage: Stage) -> None:
    contact, event = anna(stage), open_day(stage)
    tell(stage, event, contact, ATTENDED)
    stage.portal.scopes.discard("crm.objects.marketing_events.read")
    stage.sync()
    stage.portal.scopes.add("crm.objects.marketing_events.read")
    stage.later(hours=2)
    stage.sync()
    the_same_day = kinds(stage, contact)
    stage.later(days=1)

    stage.sync()

    assert (the_same_day, kinds(stage, contact)) == ([], [("event_attended", "2026-11-21")])


def test_a_merged_contact_keeps_its_attendance(stage: Stage) -> None:
    contact, event = anna(stage), open_day(stage)
    double = stage.contact("Anna", "Bos", "bos@example.com")
    tell(stage, event, double, ATTENDED)
    stage.sync()
    stage.portal.merge(contact, double, keep_id=True)
    stage.later(minutes=5)

    stage.sync()

    assert kinds(stage, contact) == [("event_attended", "2026-11-21")]


# seen from a sign-in sheet -----------------------------------------------------------------------------------------


def test_a_sheet_with_addresses_finds_its_people(stage: Stage) -> None:
    contact = anna(stage)
    sign(stage, ANNA)

    stage.sync()

    assert kinds(stage, contact) == [("event_attended", "2026-11-21")]


def test_a_sheet_with_numbers_and_names_finds_its_people(stage: Stage) -> None:
    contact = stage.person(1, "Anna", "Bos", mobilephone="06 12345678")
    sign(stage, {"phone": "+31612345678", "first_name": "Anna", "last_name": "Bos"})

    stage.sync()

    assert kinds(stage, contact) == [("event_attended", "2026-11-21")]


def test_who_nobody_knows_is_nobody_and_counted(stage: Stage) -> None:
    contact = anna(stage)
    sign(
        stage,
        ANNA,
        {"email": "unknown@example.com", "first_name": "Kim"},
        {"first_name": "Anna", "last_name": "Bos"},
    )

    stage.sync()

    assert kinds(stage, contact) == [("event_attended", "2026-11-21")]
    assert status(stage) == {"lines": 3, "unlinked": 2, "waiting": 0, "uncertain": 0, "written": 0, "refused": 0}


def test_somebody_who_turns_up_later_gets_the_attendance(stage: Stage) -> None:
    sign(stage, ANNA)
    stage.sync()

    contact = anna(stage)
    stage.sync()

    assert kinds(stage, contact) == [("event_attended", "2026-11-21")]


def test_the_same_attendance_from_both_sides_counts_once(stage: Stage) -> None:
    contact, event = anna(stage), open_day(stage)
    sign(stage, ANNA)
    stage.sync()
    before = stage.explain(contact)
    tell(stage, event, contact, ATTENDED, "2026-11-21T13:30")

    stage.sync()

    after = stage.explain(contact)
    assert (after["raw"], after["score"]) == (before["raw"], before["score"])
    assert len(after["points"]) == 1


# talent pools ------------------------------------------------------------------------------------------------------


def pool(stage: Stage, contact: str) -> ContactList:
    """A talent pool that is scored, with one contact since last week."""
    members = {contact: "2026-11-16T09:00:00.000Z"}
    stage.portal.lists["31"] = ContactList("31", "Talentpool", members=members)
    stage.set(AUDIENCE__INCLUDE="linked,list:31")
    return stage.portal.lists["31"]


def list_days(stage: Stage) -> list[tuple[Any, ...]]:
    return [row[1:6] for row in stage.tables("touch_day")["touch_day"]]


def test_joining_a_talent_pool_is_a_touch_without_points_unless_they_are_set(stage: Stage) -> None:
    contact = stage.contact("Anna", "Bos")
    pool(stage, contact)
    stage.sync()
    without = kinds(stage, contact)
    stage.set(SCORE__KINDS__LIST_JOINED__WEIGHT="1")

    stage.sync()

    assert list_days(stage) == [(contact, "list_joined", "", "2026-11-16", 1)]
    assert (without, kinds(stage, contact)) == ([], [("list_joined", "2026-11-16")])


def test_leaving_a_talent_pool_takes_the_touch_back(stage: Stage) -> None:
    contact = stage.contact("Anna", "Bos")
    members = pool(stage, contact).members
    stage.sync()
    members.clear()

    stage.sync()

    assert list_days(stage) == []
