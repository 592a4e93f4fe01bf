"""What promises are set to, and what of them each source can see. Defaults and reasons stand in config/default.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Sight:
    """What a source shows of what the team does. `moves`: stages; `messages`: when somebody first wrote; `told`: when a
    person was told a rejection. `title`: the vendor as people call it."""

    title: str = ""
    moves: bool = True
    messages: bool = False
    told: bool = False


BLIND = Sight(moves=False)


@dataclass(frozen=True, slots=True)
class PromisePolicy:
    """Play `promise`. Terms in working days; `jobs`: other public terms, by '<source>:<job id>' or job id.

    The task about an interview or decision is made `ahead_working_minutes` before the term ends and is due
    `margin_working_minutes` before. What is sent in nobody's name within `automatic_minutes` of applying is the
    automatic confirmation. `sees`: by source.
    """

    enabled: bool = True
    public_working_days: int = 10
    internal_working_days: int = 2
    jobs: Mapping[str, int] = field(default_factory=dict)
    ahead_working_minutes: int = 540
    margin_working_minutes: int = 60
    automatic_minutes: int = 15
    sees: Mapping[str, Sight] = field(default_factory=dict)

    def days_of(self, source: str, job_id: str) -> int:
        """The public term of a vacancy."""
        return self.jobs.get(f"{source}:{job_id}", self.jobs.get(job_id, self.public_working_days))

    def sight(self, source: str) -> Sight:
        """What a source shows; of one that is not configured any more, nothing."""
        return self.sees.get(source, BLIND)
