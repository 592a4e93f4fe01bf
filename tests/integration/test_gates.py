"""Whom warmline leaves alone, told as stories: each gate shuts with a reason and an end, and opens at that moment."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from sandbox.activities import add_disposition
from sync.store.times import to_moment
from tests.integration.conftest import SAM, Stage, applied, candidate

NURSE = {"id": "j1", "name": "Verpleegkundige", "status": "open", "recruiter_email": SAM}
STAGES = [{"id": "s1", "name": "Nieuw", "kind": "applied"}, {"id": "s2", "name": "Gesprek", "kind": "interview"}]


def jan(stage: Stage) -> str:
    """Somebody who looks like a fan."""
    who = stage.person(1, "Jan", "de Vries")
    stage.fan_signs(who)
    return who


def logged(stage: Stage) -> None:
    """What was logged in HubSpot is there to be read."""
    stage.later(minutes=2)
    stage.sync()


def applies(stage: Stage, days_ago: float, **more: object) -> None:
    """Jan's application for the nurse's job."""
    stage.drop("jobs", NURSE | {"stages": STAGES})
    known = {"stage_id": "s1"} | more
    stage.drop("applications", applied("a1", "c1", "j1", stage.now - timedelta(days=days_ago), **known))


def fan_refusal(stage: Stage, who: str) -> tuple[str, datetime | None] | None:
    """Why the fan's wish is refused, and until when."""
    for one in stage.explain(who)["decisions"]:
        if one["play"] == "fan" and one["refused_because"]:
            return one["refused_because"], to_moment(one["until"]) if one["until"] else None
    return None


def fan_tasks(stage: Stage, who: str) -> int:
    """How many calls about interest there were."""
    return sum(1 for one in stage.explain(who)["tasks"] if one["play"] == "fan")


def opens_at(stage: Stage, who: str, until: datetime) -> None:
    """A minute before its end the gate is shut; at its end it is open, and looked at without any news."""
    stage.at(until - timedelta(minutes=1))
    stage.sync()
    shut = fan_tasks(stage, who)
    stage.at(until)
    stage.sync()

    assert (shut, fan_tasks(stage, who)) == (0, 1)


APPLICATIONS = {
    "nobody reacted yet": ({"days_ago": 6}, "awaiting_reaction"),
    "somebody reacted": ({"days_ago": 6, "first_reply_at": "2026-11-18T10:00:00+01:00"}, "in_process"),
    "in an interview": ({"days_ago": 6, "stage_id": "s2"}, "in_process"),
    "hired": ({"days_ago": 90, "status": "hired", "hired_at": "2026-10-01T10:00:00+02:00"}, "hired"),
}


@pytest.mark.parametrize("story", APPLICATIONS)
def test_who_is_owed_an_answer_or_was_hired_is_not_called_for_interest(stage: Stage, story: str) -> None:
    application, reason = APPLICATIONS[story]
    who = jan(stage)
    applies(stage, **application)  # type: ignore[arg-type]

    stage.sync()

    assert (fan_refusal(stage, who), fan_tasks(stage, who)) == ((reason, None), 0)


def test_a_rejection_has_28_days_of_quiet_from_the_moment_it_was_told(stage: Stage) -> None:
    who = jan(stage)
    told = stage.now - timedelta(days=26)
    at = {"rejected_at": (told - timedelta(days=9)).isoformat(), "told_at": told.isoformat()}
    applies(stage, 60, status="rejected", **at)
    stage.sync()

    refusal = fan_refusal(stage, who)

    assert refusal == ("rejected_lately", told + timedelta(days=28))
    opens_at(stage, who, told + timedelta(days=28))


def test_four_weeks_after_the_vacancy_closed_the_rejected_are_left_alone_unless_they_consented(stage: Stage) -> None:
    who, keeps = jan(stage), stage.person(2, "Lia", "Los")
    stage.fan_signs(keeps)
    closed = (stage.now - timedelta(days=29)).isoformat()
    later = (stage.now + timedelta(days=100)).isoformat()
    stage.drop("jobs", NURSE | {"status": "closed", "closed_at": closed})
    stage.drop("candidates", candidate("c2", "Lia", "Los", consent_expires_at=later))
    over = {"status": "rejected", "rejected_at": (stage.now - timedelta(days=60)).isoformat()}
    for number in (1, 2):
        row = applied(f"a{number}", f"c{number}", "j1", stage.now - timedelta(days=90), **over)
        stage.drop("applications", row)

    stage.sync()

    assert (fan_refusal(stage, who), fan_tasks(stage, keeps)) == (("retention_ended", None), 1)


def test_a_mail_of_any_colleague_gives_72_hours_of_quiet(stage: Stage) -> None:
    who = jan(stage)
    mailed = stage.now - timedelta(hours=20)
    stage.portal.log_email(who, mailed, direction="out", owner_id="703")
    logged(stage)

    refusal = fan_refusal(stage, who)

    assert refusal == ("gap", mailed + timedelta(hours=72))
    opens_at(stage, who, mailed + timedelta(hours=72))


def test_four_contacts_by_any_channel_are_enough_for_a_month(stage: Stage) -> None:
    who = jan(stage)
    oldest = stage.now - timedelta(days=28)
    stage.portal.log_call(who, oldest, owner_id="703")
    stage.portal.log_email(who, stage.now - timedelta(days=20), owner_id="702")
    stage.portal.log_meeting(who, stage.now - timedelta(days=12), outcome="completed", owner_id="701")
    stage.portal.log_message(who, stage.now - timedelta(days=5), channel="whatsapp", owner_id="701")
    logged(stage)

    refusal = fan_refusal(stage, who)

    assert refusal == ("cap_contacts", oldest + timedelta(days=30))
    opens_at(stage, who, oldest + timedelta(days=30))


def test_after_three_calls_nobody_took_there_is_a_month_of_rest_until_the_person_writes(stage: Stage) -> None:
    stage.set(PLAYS__NO_ANSWER__ENABLED="false", PLAYS__UNANSWERED__ENABLED="false")
    who = jan(stage)
    last = stage.now - timedelta(days=4)
    for days, outcome in ((12, "no_answer"), (8, "voicemail"), (4, "busy")):
        stage.portal.log_call(who, stage.now - timedelta(days=days), disposition=outcome, owner_id="701")
    logged(stage)
    rests = fan_refusal(stage, who)
    stage.later(hours=1)
    stage.portal.log_email(who, stage.now, direction="in")
    stage.later(minutes=10)
    stage.sync()

    assert rests == ("rest_missed", last + timedelta(days=30))
    assert fan_tasks(stage, who) == 1


def test_a_no_by_phone_rests_for_half_a_year_whatever_the_person_looks_at(stage: Stage) -> None:
    schema = stage.portal.stores["calls"].schema
    add_disposition(schema, "geen-interesse", "Gesproken: geen interesse")
    who = jan(stage)
    said = stage.now - timedelta(days=30)
    stage.portal.log_call(who, said, disposition="geen-interesse", owner_id="701")

    logged(stage)

    assert (fan_refusal(stage, who), fan_tasks(stage, who)) == (("rest_no", said + timedelta(days=180)), 0)


def test_an_erased_candidate_whose_contact_stays_on_a_list_is_left_alone(stage: Stage) -> None:
    stage.set(AUDIENCE__INCLUDE="all", ROUTING__FALLBACK_OWNER=SAM)
    who = jan(stage)
    stage.set(PLAYS__FAN__ENABLED="false")
    stage.sync()
    stage.drop("candidates", candidate("c1", "Jan", "de Vries", anonymised_at=stage.now.isoformat()))
    stage.set(PLAYS__FAN__ENABLED="true")
    stage.later(minutes=10)
    stage.sync()

    assert stage.tasks(who) == []


def test_who_gave_no_ground_stays_on_the_list_to_be_asked_first(stage: Stage) -> None:
    stage.set(CONTACT__CALL_GROUNDS="")
    who = jan(stage)
    stage.sync()

    [entry] = stage.calls()

    assert (entry["call_allowed"], entry["refused_because"]) == (False, "no_call_ground")
    words = {one["because"]: one["words"] for one in stage.explain(who)["refusals"]}
    assert words == {"no_call_ground": "eerst per mail om toestemming vragen"}


SWITCHES = {
    "the play": {"PLAYS__FAN__ENABLED": "false"},
    "all plays": {"PLAYS__ENABLED": "false"},
    "scoring": {"SCORE__ENABLED": "false"},
}


@pytest.mark.parametrize("switch", SWITCHES)
def test_a_switch_stops_new_calls_and_takes_back_those_nobody_touched(stage: Stage, switch: str) -> None:
    who = jan(stage)
    stage.sync()
    before = stage.properties(who)
    stage.set(**SWITCHES[switch])
    stage.later(hours=1)
    stage.sync()
    [first] = stage.tasks(who)
    stage.later(days=10)
    stage.fan_signs(who)
    stage.sync()

    assert first.archived_at
    assert stage.tasks(who) == [first]
    if switch == "scoring":
        assert stage.properties(who) == before
        assert stage.explain(who)["score"] is None


def test_with_scoring_switched_off_a_call_back_is_still_kept(stage: Stage) -> None:
    stage.set(SCORE__ENABLED="false")
    who = stage.person(1, "Jan", "de Vries")
    at = stage.now + timedelta(hours=5)
    stage.portal.edit("contacts", who, {"warmline_call_back_at": at.isoformat()})

    stage.sync()

    [task] = stage.tasks(who)
    assert datetime.fromisoformat(task.properties["hs_timestamp"]) == at


def test_an_appointment_goes_before_caps_rest_and_hours(stage: Stage) -> None:
    who = jan(stage)
    stage.portal.log_email(who, stage.now - timedelta(hours=1), direction="out", owner_id="703")
    logged(stage)
    quiet = stage.tasks(who)
    at = stage.now + timedelta(hours=11)  # eight in the evening
    stage.portal.edit("contacts", who, {"warmline_call_back_at": at.isoformat()})
    stage.later(minutes=10)
    stage.sync()

    [task] = stage.tasks(who)
    assert quiet == []
    assert datetime.fromisoformat(task.properties["hs_timestamp"]) == at


def test_people_held_out_get_no_task_and_are_scored_like_everybody(stage: Stage) -> None:
    stage.set(PLAYS__HOLDOUT="1")
    who = jan(stage)

    stage.sync()

    assert (stage.tasks(who), fan_refusal(stage, who)) == ([], ("holdout", None))
    assert stage.properties(who)["warmline_band"] == "warm"


def test_on_christmas_eve_a_late_office_closes_early(stage: Stage) -> None:
    stage.set(HOURS__CLOSES="21:00", HOURS__EXTRA_HOLIDAYS="2026-12-28")
    stage.at("2026-12-24T16:00")
    who = jan(stage)

    stage.sync()

    [task] = stage.tasks(who)
    # two and a half hours until half past six, then Christmas, a weekend and a day off
    assert datetime.fromisoformat(task.properties["hs_timestamp"]).isoformat() == "2026-12-29T09:30:00+00:00"
