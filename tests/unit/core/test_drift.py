"""When the way the scores lie is told to have moved."""

from __future__ import annotations

from datetime import date

import pytest

from sync.core.drift import Drift, DriftPolicy, drifts
from sync.core.model import Band

LAST_WEEK = date(2026, 11, 17)
USUAL = {Band.HOT: 100, Band.WARM: 200, Band.COOL: 300, Band.COLD: 400}


@pytest.mark.parametrize(
    ("after", "bands"),
    [
        (USUAL, []),
        ({band: 3 * people for band, people in USUAL.items()}, []),  # three times as many people, the same shares
        ({**USUAL, Band.HOT: 150, Band.COLD: 350}, []),  # half more is not more than half
        ({**USUAL, Band.HOT: 151, Band.COLD: 349}, [Band.HOT]),
        ({**USUAL, Band.HOT: 49, Band.COLD: 451}, [Band.HOT]),
        ({Band.UNSCORED: 1000}, list(Band)),  # a source fell silent
        ({**USUAL, Band.UNSCORED: 30}, [Band.UNSCORED]),  # a band that was empty
        ({}, []),  # nobody left: another alarm's work
    ],
)
def test_a_band_whose_share_moved_by_more_than_half_is_told(after: dict[Band, int], bands: list[Band]) -> None:
    found = drifts(USUAL, after, DriftPolicy(), LAST_WEEK)

    assert [one.band for one in found] == bands


def test_a_band_with_few_people_is_noise() -> None:
    policy = DriftPolicy(people=20)

    found = drifts({Band.HOT: 5, Band.COLD: 995}, {Band.HOT: 19, Band.COLD: 981}, policy, LAST_WEEK)

    assert found == []


def test_a_drift_is_told_in_one_sentence() -> None:
    told = str(Drift(Band.HOT, LAST_WEEK, 0.1, 0.252))

    assert told == "hot went from 10% of the people on 2026-11-17 to 25%"
