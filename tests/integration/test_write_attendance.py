"""A sign-in sheet of an open day, put into HubSpot as attendance: by the flag, for people it has, once."""

from __future__ import annotations

import pytest

from sandbox.marketing_events import ATTENDED
from sync.errors import PlanTooLarge
from sync.stages import attendance as attendance_stage
from tests.integration.conftest import Stage
from tests.integration.open_days import ANNA, SATURDAY, SHEET, anna, kinds, open_day, sign, status, tell, told, write

AT = 1_795_251_600_000  # SATURDAY in epoch milliseconds


class Killed(Exception):
    """The process is gone."""


@pytest.fixture
def signed(stage: Stage) -> tuple[Stage, str, str]:
    """Anna signed the sheet of an open day HubSpot has: stage, contact, event."""
    contact, event = anna(stage), open_day(stage)
    stage.set(ATTENDANCE__EVENTS=f"open  DAG={event}")
    sign(stage, ANNA)
    return stage, contact, event


def test_a_plain_run_names_the_number_and_writes_no_attendance(signed: tuple[Stage, str, str]) -> None:
    stage, _, event = signed

    stage.sync()

    assert told(stage, event) == []
    assert (
        "1 attendances of sign-in sheets are not in HubSpot: `warmline sync --write-attendance` puts them there"
        in stage.notes
    )


def test_the_sheet_is_put_into_hubspot_once(signed: tuple[Stage, str, str]) -> None:
    stage, contact, event = signed

    reasons = [write(stage) for _ in range(3)]

    assert reasons == [[], [], []]
    assert stage.portal.marketing_events.event(event).told == [(contact, ATTENDED, AT)]
    assert stage.portal.stats.as_json()["requests"][
        "POST /marketing/marketing-events/{id}/attendance/{state}/create"
    ] == {"200": 1}
    assert status(stage) == {"lines": 1, "unlinked": 0, "waiting": 0, "uncertain": 0, "written": 1, "refused": 0}


def test_what_was_written_comes_back_as_the_same_touch(signed: tuple[Stage, str, str]) -> None:
    stage, contact, _ = signed
    write(stage)
    before = stage.explain(contact)["raw"]

    stage.sync()

    assert (stage.explain(contact)["raw"], kinds(stage, contact)) == (before, [("event_attended", "2026-11-21")])


def test_nobody_becomes_a_contact_by_a_sheet(signed: tuple[Stage, str, str]) -> None:
    stage, contact, event = signed
    sign(stage, {"email": "unknown@example.com", "first_name": "Kim"})
    before = set(stage.portal.stores["contacts"].records)

    write(stage)

    assert (told(stage, event), set(stage.portal.stores["contacts"].records)) == ([(contact, ATTENDED)], before)
    assert "1 lines of sign-in sheets name nobody who is in HubSpot; they are not written" in stage.notes


def test_whom_hubspot_shows_already_is_not_written_again(signed: tuple[Stage, str, str]) -> None:
    stage, contact, event = signed
    tell(stage, event, contact, ATTENDED, "2026-11-21T13:00")

    write(stage)

    assert told(stage, event) == [(contact, ATTENDED)]


def test_an_event_without_a_marketing_event_is_named_and_not_written(signed: tuple[Stage, str, str]) -> None:
    stage, contact, event = signed
    stage.set(ATTENDANCE__EVENTS="Banenmarkt=1")

    write(stage)

    assert told(stage, event) == []
    assert f'1 lines of event "Open dag" are not written: set attendance.events "Open dag" to "{event}"' in stage.notes


def test_nothing_is_written_while_writes_are_off(signed: tuple[Stage, str, str]) -> None:
    stage, _, event = signed

    write(stage, writes=False)

    assert (told(stage, event), status(stage)["waiting"]) == ([], 1)


def test_a_sheet_of_a_large_share_of_the_contacts_needs_a_word(signed: tuple[Stage, str, str]) -> None:
    stage, contact, event = signed
    stage.set(GUARDS__PLAN_ROWS="1")
    with pytest.raises(PlanTooLarge, match="The plan changes 1 of 1 contacts"):
        write(stage, share=None)

    write(stage, share=1.0)

    assert told(stage, event) == [(contact, ATTENDED)]


@pytest.mark.parametrize("fault", ["drop_after", "drop_before", "garbage_after", "status_after", "hollow", "status"])
def test_a_lost_answer_is_sent_again_as_the_same_attendance(signed: tuple[Stage, str, str], fault: str) -> None:
    stage, contact, event = signed
    stage.portal.plan_fault(fault, "/attendance/", status=502)

    first = write(stage)
    second = write(stage)

    assert len(stage.portal.marketing_events.event(event).told) == 1
    assert first == ["1 attendances are not in HubSpot for certain; `warmline sync --write-attendance` sends them"]
    assert (second, status(stage)["written"]) == ([], 1)
    assert told(stage, event) == [(contact, ATTENDED)]


def test_a_worker_killed_before_it_reads_the_answer_does_no_harm(
    signed: tuple[Stage, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stage, contact, event = signed

    def die(*_: object) -> None:
        raise Killed

    monkeypatch.setattr(attendance_stage, "_settle", die)
    with pytest.raises(Killed):
        write(stage)
    monkeypatch.undo()

    write(stage)

    assert (told(stage, event), status(stage)["written"]) == ([(contact, ATTENDED)], 1)


def test_what_never_gets_an_answer_is_given_up(signed: tuple[Stage, str, str]) -> None:
    stage, _, _ = signed
    stage.portal.plan_fault("hollow", "/attendance/", times=99)

    reasons = [write(stage) for _ in range(6)]

    assert reasons[-2:] == [
        [
            "1 attendances were refused for good (no certain answer in 5 attempts: not confirmed by the answer):"
            " check attendance.events"
        ],
        [],
    ]
    assert status(stage)["refused"] == 1


def test_a_corrected_sheet_is_not_written(signed: tuple[Stage, str, str]) -> None:
    stage, _, event = signed
    stage.sync()
    stage.drop("attendance", {"event": SHEET, "kind": "no_show", "at": f"{SATURDAY}+01:00", **ANNA}, snapshot=True)

    write(stage)

    assert (told(stage, event), status(stage)["waiting"]) == ([], 0)


def test_a_rebuilt_mirror_writes_nothing_twice(signed: tuple[Stage, str, str]) -> None:
    stage, contact, event = signed
    write(stage)
    for path in stage.folder.glob("mirror.db*"):
        path.unlink()

    write(stage)

    assert stage.portal.marketing_events.event(event).told == [(contact, ATTENDED, AT)]


def test_an_event_that_hubspot_does_not_have_costs_two_requests_and_is_named(signed: tuple[Stage, str, str]) -> None:
    stage, _, event = signed
    stage.set(ATTENDANCE__EVENTS="Open dag=999")
    people = [{"email": f"p{number}@example.com", "first_name": "Kim"} for number in range(5)]
    for number, one in enumerate(people, start=2):
        stage.person(number, "Kim", "Jansen", email=one["email"])
    sign(stage, *people)

    reasons = write(stage)

    counts = stage.portal.stats.as_json()["requests"]
    assert reasons == ["6 attendances were refused for good (there is no marketing event 999): check attendance.events"]
    assert counts["POST /marketing/marketing-events/{id}/attendance/{state}/create"] == {"404": 1}
    assert told(stage, event) == []


def test_without_the_scope_to_write_the_sheet_waits(signed: tuple[Stage, str, str]) -> None:
    stage, contact, event = signed
    stage.portal.scopes.discard("crm.objects.marketing_events.write")
    first = write(stage)
    waiting = status(stage)["waiting"]
    stage.portal.scopes.add("crm.objects.marketing_events.write")

    write(stage)

    assert first == [
        "writing attendance stopped: The token lacks a scope: one of crm.objects.marketing_events.write."
        " Add it in HubSpot."
    ]
    assert (waiting, told(stage, event)) == (1, [(contact, ATTENDED)])
