"""What an applicant was promised: by when somebody of the team reacts, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

FIRST_REACTION, INTERVIEW, DECISION = "first_reaction", "interview", "decision"
OPEN, KEPT, BROKEN, BACKLOG, ENDED = "open", "kept", "broken", "backlog", "ended"


@dataclass(frozen=True, slots=True)
class StageMove:
    """An application came into a stage. `from_stage_id` None: it was first seen there. `exact`: the vendor dates it,
    else it is when it was seen."""

    source: str
    application_id: str
    from_stage_id: str | None
    to_stage_id: str
    at: datetime
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise about one application.

    `public_due_at`: what the applicant may expect by the rule; `moved_at`: where a recruiter moved that to.
    `was_due_at`: the date that stood before. `evidence`: by what it was kept. `ended`: why nobody waits any more
    though it was not kept. `backlog`: overdue before the first run. `ticked_at`: a person completed the grouped task it
    was in.
    """

    source: str
    application_id: str
    kind: str
    began_at: datetime
    internal_due_at: datetime
    public_due_at: datetime
    moved_at: datetime | None = None
    was_due_at: datetime | None = None
    kept_at: datetime | None = None
    evidence: str = ""
    ended: str = ""
    backlog: bool = False
    ticked_at: datetime | None = None
    group_id: int | None = None

    @property
    def due_at(self) -> datetime:
        """The date that counts for the applicant."""
        return self.moved_at or self.public_due_at

    @property
    def aim_at(self) -> datetime:
        """The date the team holds itself to."""
        return self.moved_at or min(self.internal_due_at, self.public_due_at)

    @property
    def waits(self) -> bool:
        """Whether the applicant still waits."""
        return self.kept_at is None and not self.ended

    @property
    def stands(self) -> bool:
        """Whether it is one of warmline's own to keep: somebody waits, and it was not overdue before the first run."""
        return self.waits and not self.backlog

    def state(self, now: datetime) -> str:
        """open, kept, broken, backlog or ended. A promise kept too late is broken."""
        if self.ended:
            return ENDED
        if self.backlog:
            return BACKLOG
        if self.kept_at is not None:
            return KEPT if self.kept_at <= self.due_at else BROKEN
        return OPEN if now <= self.due_at else BROKEN
