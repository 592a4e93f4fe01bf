"""Stages whose meaning nobody knows: doctor lists them, and a user's own words settle them."""

from __future__ import annotations

from sync.bootstrap import examine
from sync.doctor import Finding
from tests.integration.conftest import Stage, candidate

STAGES = [{"id": "s1", "name": "Wachtkamer"}, {"id": "s2", "name": "Tweede gesprek"}, {"id": "s3", "name": "Pool"}]
APPLICATION = {"candidate_id": "c1", "job_id": "j1", "applied_at": "2026-11-01T09:00:00Z"}


def found(stage: Stage) -> list[Finding]:
    """What doctor says of stages."""
    return [one for one in examine(stage.app()) if one.check.startswith("stages ")]


def vacancy(number: int, **more: object) -> dict[str, object]:
    return {"id": f"j{number}", "name": f"Vacature {number}", "status": "open", "stages": STAGES, **more}


def test_doctor_lists_the_stages_of_open_vacancies_that_no_word_knows(stage: Stage) -> None:
    stage.drop("jobs", vacancy(1), vacancy(2), vacancy(3, status="closed"))
    stage.drop("candidates", candidate("c1", "Jan", "de Vries"))
    stage.drop("applications", {**APPLICATION, "id": "a1", "status": "prospect", "stage_id": "s3"})
    stage.sync()

    [finding] = found(stage)

    assert finding.status == "warning"
    assert finding.message == "no known meaning (number of open vacancies): Wachtkamer (2)"
    assert finding.fix == "Put their words under [words.stage_kind] in the file of sources.ats.mapping."


def test_a_users_own_word_settles_a_stage(stage: Stage) -> None:
    own = stage.folder / "own.toml"
    own.write_text('[words.stage_kind]\nscreening = ["Wachtkamer"]\n', encoding="utf-8")
    stage.set(SOURCES__ATS__MAPPING=str(own))
    stage.drop("jobs", vacancy(1, stages=STAGES[:2]))
    stage.sync()

    assert found(stage) == []
