from __future__ import annotations

import pytest

from connectors.paging import LoopGuard
from sync.errors import BadAnswer


@pytest.mark.parametrize(
    "tokens",
    [
        ["a", "a"],
        ["a", "b", "a"],  # a longer circle
        ["start"],  # the token the walk was resumed with
    ],
)
def test_a_token_seen_before_is_an_error(tokens: list[str]) -> None:
    guard = LoopGuard("start")

    with pytest.raises(BadAnswer):
        for token in tokens:
            guard.step(token)


def test_tokens_that_lead_on_are_given_back_and_none_ends() -> None:
    guard = LoopGuard()

    assert [guard.step(token) for token in ("100", "200", None)] == ["100", "200", None]


def test_the_same_page_under_ever_new_tokens_is_an_error() -> None:
    guard = LoopGuard()
    guard.step("1", ["7", "8"])
    guard.step("2", ["9"])

    with pytest.raises(BadAnswer, match="same page twice"):
        guard.step("3", ["7", "8"])


def test_some_empty_pages_are_passed_and_endless_ones_are_an_error() -> None:
    guard = LoopGuard()

    passed = [guard.step(str(number), []) for number in range(10)]

    assert passed == [str(number) for number in range(10)]
    with pytest.raises(BadAnswer, match="11 pages without a record"):
        guard.step("10", [])
