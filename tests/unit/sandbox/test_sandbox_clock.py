"""The clock that all stamps come from."""

from __future__ import annotations

import pytest

from sandbox.clock import SandboxClock, to_iso


def test_a_stopped_clock_stands_still_until_it_is_advanced() -> None:
    clock = SandboxClock("2026-11-24T09:00:00+01:00", running=False)

    assert to_iso(clock.now()) == to_iso(clock.now()) == "2026-11-24T08:00:00.000Z"
    assert to_iso(clock.advance(90.5)) == "2026-11-24T08:01:30.500Z"


def test_a_running_clock_goes_on_from_its_start() -> None:
    ticks = iter([100.0, 107.25])
    clock = SandboxClock("2026-11-24T08:00:00Z", monotonic=lambda: next(ticks))

    assert to_iso(clock.now()) == "2026-11-24T08:00:07.250Z"


def test_the_clock_does_not_go_back() -> None:
    with pytest.raises(ValueError, match="does not go back"):
        SandboxClock().advance(-1)
