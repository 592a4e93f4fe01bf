"""How often a request is sent again, and after what wait.

Tries are bounded per request and over all: a vendor that fails more often than it answers is not asked again and
again. After a request that got no answer in all its tries, the next one is tried once.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tenacity import RetryCallState, Retrying, retry_if_exception

from sync.errors import BadAnswer, Busy, DailyLimitReached, NetworkFault, RateLimited, RetriableError, ServerFault

LONGEST_ASKED_S = 60.0  # what a 429 may ask to wait; more is cut to this
FIRST_RETRIES = 30.0  # of faults, in one run of a source; its answers earn them back
RETRIES_AN_ANSWER = 0.5


class NotSent(NetworkFault):
    """No connection could be made: the request certainly did nothing."""


class Unusable(BadAnswer):
    """An answer that asking again will not change."""


class Lasting(ServerFault):
    """A fault that lasts longer than a few tries."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for one answer and how often to ask again. Times in seconds."""

    connect_timeout_s: float = 5.0
    read_timeout_s: float = 30.0
    attempts: int = 6
    first_wait_s: float = 0.5
    longest_wait_s: float = 30.0


@dataclass(frozen=True, slots=True)
class Waits:
    """Where waiting and chance come from. `jitter` gives 0 up to 1."""

    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = random.random


class Retries:
    """The tries of one source. `told`: called before each further try."""

    def __init__(self, patience: Patience, waits: Waits, told: Callable[[], None]) -> None:
        self._patience = patience
        self._waits = waits
        self._told = told
        self._left = FIRST_RETRIES
        self._is_doubted = False
        self._owed_s = 0.0
        self.of_reads = self._retrying(self._may_repeat_read)
        self.of_writes = self._retrying(self._may_repeat_write)

    def note_answer(self) -> None:
        """The vendor answered."""
        self._is_doubted = False
        self._left = min(self._left + RETRIES_AN_ANSWER, FIRST_RETRIES)

    def _retrying(self, may_repeat: Callable[[BaseException], bool]) -> Retrying:
        return Retrying(
            sleep=self._waits.sleep,
            stop=self._has_tried_enough,
            wait=self._wait,
            retry=retry_if_exception(may_repeat),
            before_sleep=self._note_retry,
            retry_error_callback=self._give_up,
        )

    def _has_tried_enough(self, state: RetryCallState) -> bool:
        """Faults share a budget; a refusal (429, 423, 477) is paced by its own wait."""
        if state.attempt_number >= self._patience.attempts:
            return True
        return _is_fault(_error_of(state)) and (self._is_doubted or self._left < 1)

    def _note_retry(self, state: RetryCallState) -> None:
        self._told()
        if _is_fault(_error_of(state)):
            self._left -= 1

    def _give_up(self, state: RetryCallState) -> Any:
        error = _error_of(state)
        assert error is not None  # noqa: S101 -- a call that ended well is not retried
        self._is_doubted = self._is_doubted or _is_fault(error)
        raise error

    def _wait(self, state: RetryCallState) -> float:
        error = _error_of(state)
        longest, chance = self._patience.longest_wait_s, self._waits.jitter()
        asked = error.retry_after_s if isinstance(error, RetriableError) else None
        if asked is not None:
            return min(asked + 0.25 * chance, LONGEST_ASKED_S if isinstance(error, RateLimited) else longest)
        backoff: float = self._patience.first_wait_s * 2 ** (state.attempt_number - 1)
        return min(backoff, longest) * (0.5 + 0.5 * chance)

    def _may_repeat_read(self, error: BaseException) -> bool:
        return isinstance(error, RetriableError) and not self._is_hopeless(error)

    def wait_out(self) -> None:
        """Wait as long as the vendor asked when it failed a write: that is not sent again, but others are."""
        if self._owed_s:
            owed_s, self._owed_s = self._owed_s, 0.0
            self._waits.sleep(owed_s)

    def _may_repeat_write(self, error: BaseException) -> bool:
        if isinstance(error, ServerFault):
            self._owed_s = min(error.retry_after_s or 0.0, self._patience.longest_wait_s)
        return isinstance(error, RateLimited | Busy | NotSent) and not self._is_hopeless(error)

    def _is_hopeless(self, error: RetriableError) -> bool:
        """Whether waiting here is no use: the day's quota is gone, an account's move takes hours, the answer will be
        the same."""
        is_moving = isinstance(error, Busy) and (error.retry_after_s or 0) > self._patience.longest_wait_s
        return is_moving or isinstance(error, DailyLimitReached | Unusable | Lasting)


def _error_of(state: RetryCallState) -> BaseException | None:
    return state.outcome.exception() if state.outcome else None


def _is_fault(error: BaseException | None) -> bool:
    """Whether the vendor gave no answer to speak of, as against one that says to wait."""
    return isinstance(error, ServerFault | NetworkFault | BadAnswer)
