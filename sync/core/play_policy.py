"""What each play is set to. Defaults and reasons stand in config/default.toml."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FanPolicy:
    """Play `fan`: entering hot, or touches on `days` different days within `within_days`. Due after
    `due_working_minutes`."""

    enabled: bool = True
    days: int = 3
    within_days: int = 7
    due_working_minutes: int = 240


@dataclass(frozen=True, slots=True)
class PlaysPolicy:
    """The plays' settings by name."""

    fan: FanPolicy = FanPolicy()
