"""What a run leaves in the log: a line a stage, counts only."""

from __future__ import annotations

import logging

import pytest

from tests.integration.conftest import Stage


def test_a_run_logs_one_line_a_stage_with_its_counts_and_no_person(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    stage.fan_signs(stage.person(1, "Zwanet", "Onmiskenbaar"))

    with caplog.at_level(logging.INFO, logger="warmline"):
        stage.sync()

    lines = [record for record in caplog.records if record.__dict__.get("action") == "stage_done"]
    told = {record.__dict__["stage"]: record.__dict__["counts"] for record in lines}
    assert list(told)[:6] == ["pull", "reconcile", "score", "decide", "plan", "apply"]
    assert (told["reconcile"]["linked"], told["decide"], told["apply"]) == (1, {"wanted": 1, "refused": 0}, {"done": 2})
    assert "Onmiskenbaar" not in caplog.text
