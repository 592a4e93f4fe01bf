"""Which clicks are a machine's: the rules as a table, and that order and repeats change no verdict."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.core.events import Click, SuspectRules, judge

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
RULES = SuspectRules()
SECONDS = st.integers(0, 60)


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def click(name: str, seconds: float, link: str = "a", own: str = "") -> Click:
    return Click(name, link, at(seconds), own)


@pytest.mark.parametrize(
    ("clicks", "delivered", "verdicts"),
    [
        ([click("1", 600)], 0, {"1": ""}),
        ([click("1", 4)], 0, {"1": "too_soon"}),
        ([click("1", 10)], 0, {"1": "too_soon"}),
        ([click("1", 11)], 0, {"1": ""}),
        ([click("1", 4)], 5, {"1": ""}),
        ([click("1", 600), click("2", 601, "b")], 0, {"1": "all_links", "2": "all_links"}),
        ([click("1", 600), click("2", 605, "b")], 0, {"1": "", "2": ""}),
        ([click("1", 600), click("2", 601)], 0, {"1": "", "2": ""}),
        (
            [click("1", 600), click("2", 605, "b"), click("3", 610, "c"), click("4", 900, "b")],
            0,
            {"1": "all_links", "2": "all_links", "3": "all_links", "4": ""},
        ),
        ([click("1", 600, own="filtered"), click("2", 900)], 0, {"1": "filtered", "2": ""}),
        ([click("1", 2, own="scanner")], 0, {"1": "scanner"}),
        ([click("1", 5), click("2", 6, "b")], 0, {"1": "too_soon", "2": "too_soon"}),
        ([], 0, {}),
    ],
)
def test_the_rule_that_caught_each_click(clicks: list[Click], delivered: float, verdicts: dict[str, str]) -> None:
    assert judge(clicks, [at(delivered)], RULES) == verdicts


def test_a_delivery_nobody_knows_of_catches_nobody() -> None:
    assert judge([click("1", 1)], [], RULES) == {"1": ""}


@given(
    made=st.lists(st.tuples(SECONDS, st.sampled_from("abc")), max_size=8),
    deliveries=st.lists(SECONDS, max_size=3),
    seed=st.randoms(),
)
def test_order_and_repeats_change_no_verdict(made: list[tuple[int, str]], deliveries: list[int], seed: object) -> None:
    clicks = [click(str(number), seconds, link) for number, (seconds, link) in enumerate(made)]
    moments = [at(one) for one in deliveries]
    shuffled = [*clicks, *clicks]
    seed.shuffle(shuffled)  # type: ignore[attr-defined]

    assert judge(shuffled, [*moments, *reversed(moments)], RULES) == judge(clicks, moments, RULES)
