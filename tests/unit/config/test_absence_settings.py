"""Recruiters who are away: one line an absence, in the file and in the environment."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from config.settings import load
from sync.core.policy import Absence
from sync.errors import ConfigError

NOOR, SAM = "noor@example.org", "sam@example.org"
CHRISTMAS = Absence(NOOR, date(2026, 12, 21), date(2027, 1, 3), SAM)
A_DAY = Absence(SAM, date(2026, 11, 25), date(2026, 11, 25))


def absent(path: Path | None = None, **environ: str) -> tuple[Absence, ...]:
    policy = load(path, environ=environ).policy("1", frozenset(), date(2026, 11, 24))
    return policy.routing.absent


def test_the_environment_and_the_file_say_it_the_same_way(tmp_path: Path) -> None:
    path = tmp_path / "warmline.toml"
    path.write_text(f'[routing]\nabsent = ["Noor@Example.org 2026-12-21..2027-01-03 {SAM}", "{SAM} 2026-11-25"]\n')

    assert absent(path) == (CHRISTMAS, A_DAY)
    environ = {"WARMLINE_ROUTING__ABSENT": f"{NOOR} 2026-12-21..2027-01-03  {SAM}, {SAM} 2026-11-25..2026-11-25"}
    assert absent(**environ) == (CHRISTMAS, A_DAY)
    assert absent() == ()


@pytest.mark.parametrize(
    "line",
    [
        "noor 2026-12-21",  # no address
        f"{NOOR} 2026-12-21..2026-12-20",
        f"{NOOR} 2026-02-30",
        f"{NOOR} next week",
        f"{NOOR} 2026-12-21..2027-01-03 sam",
        NOOR,
    ],
)
def test_a_line_that_cannot_be_read_is_one_problem_without_the_address(line: str) -> None:
    with pytest.raises(ConfigError) as raised:
        absent(WARMLINE_ROUTING__ABSENT=line)

    assert "routing" in str(raised.value).lower()
    assert NOOR not in str(raised.value)
