"""Consent per person: read from both sides, told in the task, and over when it ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta

import pytest

from sync.store.times import to_text
from tests.integration.at_rest import reading
from tests.integration.conftest import Stage, candidate
from tests.integration.test_forget import command

PHONE = {
    "CONSENTS__PHONE__PROPERTY": "toestemming_bellen",
    "CONSENTS__PHONE__CHANNEL": "phone",
    "CONSENTS__PHONE__TEXT_VERSION": "formulier v3",
    "CONSENTS__PHONE__UNTIL_PROPERTY": "toestemming_tot",
    "CONTACT__CALL_GROUNDS": "",
}


@pytest.fixture
def fan(stage: Stage) -> str:
    """Jan, worth a call, who gave consent for the phone on 20 October until noon of 24 November."""
    known = stage.portal.stores["contacts"].schema.properties
    like = known["warmline_call_back_at"]
    known["toestemming_bellen"] = replace(like, name="toestemming_bellen", type="date", field_type="date")
    known["toestemming_tot"] = replace(like, name="toestemming_tot")
    stage.set(**PHONE)
    contact = stage.person(1, "Jan", "Smitsma", toestemming_bellen="2026-10-20", toestemming_tot="2026-11-24T11:00:00Z")
    stage.fan_signs(contact)
    return contact


def explained(stage: Stage, who: str) -> dict[str, object]:
    """What is known of a person, consent and ground included."""
    return stage.explain(who)


def test_a_recorded_consent_is_the_ground_and_is_told_with_day_and_text(stage: Stage, fan: str) -> None:
    stage.sync()

    (task,) = stage.tasks(fan)
    assert "Bellen mag: toestemming 20 okt 2026, formulier v3" in task.properties["hs_task_body"]
    report = explained(stage, fan)
    assert report["ground"] == "consent"
    assert report["consent"] == [
        {
            "purpose": "talent_pool",
            "channel": "phone",
            "standing": "given",
            "until": "2026-11-24T11:00:00.000Z",
            "records": [
                {
                    "source": "hubspot",
                    "remote_id": fan,
                    "field": "toestemming_bellen",
                    "given": True,
                    "text_version": "formulier v3",
                    "at": "2026-10-20T00:00:00.000Z",
                    "until": "2026-11-24T11:00:00.000Z",
                    "seen_at": to_text(stage.now.astimezone(UTC)),
                }
            ],
        }
    ]


def test_the_moment_it_ends_the_ground_is_gone_without_any_news(stage: Stage, fan: str) -> None:
    stage.sync()
    stage.later(days=1, hours=3)

    stage.sync()

    assert all(one.archived_at for one in stage.tasks(fan))
    report = explained(stage, fan)
    assert report["ground"] is None
    assert [one["because"] for one in report["refusals"]][:1] == ["no_call_ground"]  # type: ignore[attr-defined]


def test_what_was_said_before_stays_as_proof_and_is_forgotten_with_the_person(stage: Stage, fan: str) -> None:
    stage.sync()
    stage.later(hours=1)
    stage.portal.edit("contacts", fan, {"toestemming_bellen": ""})
    stage.later(hours=1)

    stage.sync()

    with reading(stage.mirror) as db:
        rows = db.rows("SELECT field, given, text_version, gone_at IS NULL FROM consent ORDER BY seen_at")
    assert rows == [("toestemming_bellen", 1, "formulier v3", 0)]
    assert command(stage, "forget", fan, "--yes").exit_code == 0
    with reading(stage.mirror) as db:
        assert db.rows("SELECT * FROM consent") == []


def test_the_ats_may_say_more_strictly_than_hubspot(stage: Stage, fan: str) -> None:
    stage.sync()
    ended = (stage.now - timedelta(days=1)).isoformat()
    stage.drop("candidates", candidate("c1", "Jan", "Smitsma", consent_expires_at=ended))
    stage.later(hours=1)

    stage.sync()

    report = explained(stage, fan)
    assert report["ground"] is None
    standing = {(one["purpose"], one["channel"]): one["standing"] for one in report["consent"]}  # type: ignore[attr-defined]
    assert standing[("talent_pool", "phone")] == "ended"


def test_who_objects_to_profiling_has_no_score_anywhere_until_they_take_it_back(stage: Stage) -> None:
    stage.provision(everything=True)
    jan = stage.person(1, "Jan", "Smitsma")
    stage.fan_signs(jan)
    stage.sync()
    before = stage.properties(jan)
    assert before["warmline_score"] and stage.tasks(jan)
    stage.portal.edit("contacts", jan, {"warmline_no_profiling": "true"})
    stage.later(hours=1)

    stage.sync()

    assert all(one.archived_at for one in stage.tasks(jan))
    left = {name for name, value in stage.properties(jan).items() if value}
    assert left == {"warmline_candidate_id", "warmline_no_profiling"}
    report = explained(stage, jan)
    assert (report["score"], report["points"]) == (None, [])
    standing = {(one["purpose"], one["channel"]): one["standing"] for one in report["consent"]}  # type: ignore[attr-defined]
    assert standing[("profiling", "any")] == "refused"
    with reading(stage.mirror) as db:
        assert db.rows("SELECT value, band FROM score") == [(None, "unscored")]
    stage.portal.edit("contacts", jan, {"warmline_no_profiling": "false"})
    stage.later(hours=1)
    stage.sync()
    assert stage.properties(jan)["warmline_score"] == before["warmline_score"]


def test_an_objection_on_any_contact_of_a_person_is_the_persons(stage: Stage) -> None:
    stage.provision(everything=True)
    jan = stage.contact("Jan", "Smitsma", "jan@example.com")
    other = stage.contact("Jan", "Smitsma", "jan@elders.example.com", warmline_no_profiling="true")
    row = candidate("c1", "Jan", "Smitsma")
    stage.drop("candidates", {**row, "email_addresses": ["jan@example.com", "jan@elders.example.com"]})
    stage.visit(jan, 1)
    stage.sync()
    for contact in (jan, other):
        stage.rule("c1", contact, "accepted")
    stage.later(hours=1)

    stage.sync()

    assert {one[1] for one in stage.links("ats:c1")} == {"c1", jan, other}
    assert explained(stage, "ats:c1")["score"] is None
