"""Which sources may be asked in this run, and what the run learned about each: a dead vendor stops only itself.

Within a run: after two streams in a row that got no answer the source's other streams are left. Across runs: the
breaker in the mirror (`sync/core/breaker.py`, docs/decisions/0033).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo

from sync.core.breaker import (
    Breaker,
    Moment,
    after_failure,
    after_last_of_quota,
    after_request_to_wait,
    is_shut,
    sentence,
)
from sync.core.model import HUBSPOT
from sync.errors import Busy, DailyLimitReached, NetworkFault, RetriableError, ServerFault
from sync.stages.run import Run
from sync.store import breakers, runs

STRIKES = 2
PORTAL_ZONE = "portal_zone"
LONGEST_WAIT_S = 30.0  # a vendor that asks for more is not waited for in the process


@dataclass(slots=True)
class Circuit:
    """The sources of one run. `versions`: of the settings each is reached by. `trips_after`: see breaker.after_failure.

    `resting`: sources nothing is asked of, from the start on, with the sentence that says why.
    """

    versions: Mapping[str, str] = field(default_factory=dict)
    trips_after: int = 3
    real_time: float = 0.0
    resting: dict[str, str] = field(default_factory=dict)
    strikes: Counter[str] = field(default_factory=Counter)
    errors: dict[str, RetriableError] = field(default_factory=dict)
    answered: set[str] = field(default_factory=set)

    def note(self, source: str, error: RetriableError | None) -> None:
        """Take note of how something asked of a source ended; None: well."""
        if error is None:
            self.strikes[source] = 0
            self.answered.add(source)
        elif isinstance(error, ServerFault | NetworkFault) or _is_halt(error):
            self.strikes[source] += 1
            self.errors[source] = error

    def give_up(self, source: str, error: RetriableError) -> None:
        """Ask nothing more of a source in this run."""
        self.errors[source] = error
        self.strikes[source] = STRIKES

    def closed(self, source: str) -> str:
        """Why nothing more is asked of a source in this run; "" when it may be asked."""
        if source in self.resting:
            return self.resting[source]
        error = self.errors.get(source)
        if error is not None and (_is_halt(error) or self.strikes[source] >= STRIKES):
            return f"not tried, because {source} does not answer in this run: {error.message}"
        return ""

    def is_down(self, source: str) -> bool:
        """Whether this run got nothing from a source it asked."""
        failed = self.strikes[source]
        return failed >= STRIKES or (failed > 0 and source not in self.answered)

    def settle(self, run: Run) -> list[str]:
        """Keep in the mirror what was learned; a sentence for each source that did not answer."""
        at = Moment(run.now, self.real_time)
        known = breakers.load(run.db, self.versions)
        told = []
        with run.db.write(run.lease):
            for source in sorted(self.answered | set(self.errors)):
                after = self._after(run, source, known.get(source), at)
                if after is None:
                    breakers.clear(run.db, source)
                    continue
                breakers.save(run.db, source, self.versions.get(source, ""), after)
                told.append(sentence(source, after, run.policy.time.zone))
        return told

    def _after(self, run: Run, source: str, before: Breaker | None, at: Moment) -> Breaker | None:
        error = self.errors.get(source)
        if error is None or not (_is_halt(error) or self.is_down(source)):
            return None
        if isinstance(error, DailyLimitReached):
            zone = runs.setting(run.db, PORTAL_ZONE) if source == HUBSPOT else None
            return after_last_of_quota(error.message, zone=zone or "", at=at)
        if _is_halt(error):
            return after_request_to_wait(before, error.message, wait_s=error.retry_after_s or 0.0, at=at)
        return after_failure(before, error.message, trips_after=self.trips_after, at=at)


def _is_halt(error: RetriableError) -> bool:
    """Whether asking again in this run is of no use: the day's quota is gone, or an account's move takes hours."""
    is_moving = isinstance(error, Busy) and (error.retry_after_s or 0.0) > LONGEST_WAIT_S
    return is_moving or isinstance(error, DailyLimitReached)


def resting_now(known: Mapping[str, Breaker], at: Moment, zone: tzinfo, *, tries_anyway: bool) -> dict[str, str]:
    """The sources that are left alone at this moment, with the sentence that says so. `zone`: the team's."""
    shut = {source: one for source, one in known.items() if is_shut(one, at, tries_anyway=tries_anyway)}
    return {source: sentence(source, one, zone) for source, one in shut.items()}
