"""Which marketing event an open day on a sign-in sheet is."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.settings import load
from sync.errors import ConfigError


def test_the_events_of_sheets_are_read_from_file_and_environment(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text('[attendance.events]\n"Open dag" = "12"\n"Meet & Greet = leuk" = 34\n', encoding="utf-8")

    of_file = load(path, {}).attendance.events
    of_environment = load(None, {"WARMLINE_ATTENDANCE__EVENTS": "Open  dag=12, a=b=34"}).attendance.events

    assert load(None, {}).attendance.events == {}
    assert of_file == {"Open dag": "12", "Meet & Greet = leuk": "34"}
    assert of_environment == {"Open dag": "12", "a=b": "34"}


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("Open dag", 'must hold "name on the sheet" = "record id of the marketing event".'),
        ("Open dag=soon", 'must hold "name on the sheet" = "record id of the marketing event".'),
        ("Open dag=1,open  DAG=2", "names an event twice."),
    ],
)
def test_a_wrong_table_of_events_is_one_problem(written: str, problem: str) -> None:
    with pytest.raises(ConfigError) as raised:
        load(None, {"WARMLINE_ATTENDANCE__EVENTS": written})

    assert [(one.key, one.problem) for one in raised.value.problems] == [
        ("attendance.events (WARMLINE_ATTENDANCE__EVENTS)", problem)
    ]
