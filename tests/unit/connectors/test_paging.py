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
