"""What each play is set to. Defaults and reasons stand in config/default.toml."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from sync.core.promise_policy import PromisePolicy


@dataclass(frozen=True, slots=True)
class FanPolicy:
    """Play `fan`: entering hot, or touches on `days` different days within `within_days`. Due after
    `due_working_minutes`."""

    enabled: bool = True
    days: int = 3
    within_days: int = 7
    due_working_minutes: int = 240


@dataclass(frozen=True, slots=True)
class CallBackPolicy:
    """Play `call_back`. Contact from `early_minutes` before the agreed moment on keeps it; it is missed
    `missed_after_minutes` after it, and still gets a task for `late_working_days`. HubSpot reminds `reminder_minutes`
    before."""

    enabled: bool = True
    early_minutes: int = 30
    missed_after_minutes: int = 30
    late_working_days: int = 3
    reminder_minutes: int = 15


@dataclass(frozen=True, slots=True)
class UnansweredPolicy:
    """Play `unanswered`: what came in at most `within_days` ago and waits for `wait_working_minutes` at least; due
    `due_working_minutes` after it came in."""

    enabled: bool = True
    wait_working_minutes: int = 0
    due_working_minutes: int = 240
    within_days: int = 14


@dataclass(frozen=True, slots=True)
class NoAnswerPolicy:
    """Play `no_answer`: at most `most_attempts` in a row, the next one `after_working_days` later at one of `times`
    (local), as long as the last is at most `within_days` ago."""

    enabled: bool = True
    most_attempts: int = 3
    after_working_days: int = 1
    times: tuple[time, ...] = (time(10), time(13, 30), time(16, 30))
    within_days: int = 14


@dataclass(frozen=True, slots=True)
class AbandonedPolicy:
    """Play `abandoned_application`: who began to apply gets `wait_working_minutes` to finish; then the call is due
    after `due_working_minutes`, as long as it is at most `within_days` ago."""

    enabled: bool = True
    wait_working_minutes: int = 180
    due_working_minutes: int = 60
    within_days: int = 7


@dataclass(frozen=True, slots=True)
class SilverMedalistPolicy:
    """Play `silver_medalist`: who was rejected late and did something within the last `within_days`. Due after
    `due_working_minutes`."""

    enabled: bool = False
    within_days: int = 30
    due_working_minutes: int = 1080


@dataclass(frozen=True, slots=True)
class EventPolicy:
    """Play `event_follow_up`: who came to an open day at most `within_days` ago; with `no_shows` also who did not come.
    Due after `due_working_minutes`."""

    enabled: bool = False
    within_days: int = 7
    no_shows: bool = False
    due_working_minutes: int = 540


@dataclass(frozen=True, slots=True)
class CoolingPolicy:
    """Play `cooling`: who was warm or hot for `warm_weeks` and fell out of it at most `within_days` ago. Due after
    `due_working_minutes`."""

    enabled: bool = False
    warm_weeks: int = 3
    within_days: int = 7
    due_working_minutes: int = 540


@dataclass(frozen=True, slots=True)
class RetentionPlayPolicy:
    """Play `retention`: whose retention ends within `days_before` days. Due after `due_working_minutes`."""

    enabled: bool = True
    days_before: int = 7
    due_working_minutes: int = 540


@dataclass(frozen=True, slots=True)
class PlaysPolicy:
    """The plays' settings by name. `enabled`: the switch of all. `holdout`: the share of people (0..1) who get no task
    from plays that rest on behaviour."""

    enabled: bool = True
    holdout: float = 0.0
    fan: FanPolicy = FanPolicy()
    promise: PromisePolicy = PromisePolicy()
    call_back: CallBackPolicy = CallBackPolicy()
    unanswered: UnansweredPolicy = UnansweredPolicy()
    no_answer: NoAnswerPolicy = NoAnswerPolicy()
    abandoned_application: AbandonedPolicy = AbandonedPolicy()
    silver_medalist: SilverMedalistPolicy = SilverMedalistPolicy()
    event_follow_up: EventPolicy = EventPolicy()
    cooling: CoolingPolicy = CoolingPolicy()
    retention: RetentionPlayPolicy = RetentionPlayPolicy()
