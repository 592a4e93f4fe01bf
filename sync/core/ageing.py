"""How long touches are kept: six half-lives of their kind; then one is worth under 1.6 % of what it was."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, timedelta

from sync.core.policy import KindPolicy

HALF_LIVES = 6
OTHER_DAYS = 360  # of a kind without rules: six half-lives of the usual one


def kept_days(kind: str, kinds: Mapping[str, KindPolicy]) -> int:
    """For how many days a touch of a kind is kept; on the last of them its weight has fallen 64-fold."""
    policy = kinds.get(kind)
    return OTHER_DAYS if policy is None else math.ceil(HALF_LIVES * policy.half_life_days)


def kept_from(today: date, kinds: Mapping[str, KindPolicy]) -> dict[str, date]:
    """The oldest day kept, by kind; '' is any other kind."""
    return {kind: today - timedelta(days=kept_days(kind, kinds)) for kind in ("", *kinds)}
