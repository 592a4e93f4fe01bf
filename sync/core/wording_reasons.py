"""What a score comes from, as days of what somebody did, worth most first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sync.core.facts import PersonFacts
from sync.core.model import Job, Point, Score
from sync.core.touches import APPLICATION_STARTED, APPLICATION_SUBMITTED, VACANCY_VISIT
from sync.core.wording_say import Say
from sync.core.wording_words import said_days

_MOST_DAYS = 4  # dates named of one kind: the newest
_ABOUT_A_JOB = frozenset({APPLICATION_SUBMITTED, APPLICATION_STARTED})


@dataclass(frozen=True, slots=True)
class Reason:
    """Touch days of one kind (and vacancy, where it may be named) and what they are worth together."""

    what: str
    days: tuple[date, ...]
    points: float

    def said(self, say: Say, on: str, final: str) -> str:
        """'open dag op 20 okt'. `on`, `final`: what stands before the days, and before the last of them."""
        return self.what + on + said_days(self.days[-_MOST_DAYS:], say.words, say.today, final)


def reasons(score: Score, facts: PersonFacts, say: Say) -> list[Reason]:
    """The breakdown by kind and nameable vacancy, worth most first; what was done about confidential vacancies left
    out.
    """
    jobs = known_jobs(facts)
    found: dict[str, list[Point]] = {}
    for point in score.points:
        job = jobs.get(point.job_id)
        if not (job and job.confidential):
            found.setdefault(_what(point, say.job(job), say), []).append(point)
    said = [
        Reason(what, tuple(sorted({point.day for point in points})), sum(point.points for point in points))
        for what, points in found.items()
    ]
    return sorted(said, key=lambda reason: (-reason.points, reason.what))


def known_jobs(facts: PersonFacts) -> Mapping[str, Job]:
    """The vacancies the person's touches may be about, by id. Where two sources use an id, the one applied to; else
    the id stands for no vacancy, or for a confidential one if either is.
    """
    found: dict[str, Job] = {}
    twice = set()
    for job in facts.viewed:
        twice |= {job.remote_id} & found.keys()
        if job.remote_id not in found or job.confidential:
            found[job.remote_id] = job
    kept = {job_id: job for job_id, job in found.items() if job_id not in twice or job.confidential}
    return kept | {one.job.remote_id: one.job for one in facts.applications if one.job}


def _what(point: Point, job: str, say: Say) -> str:
    if job and point.kind == VACANCY_VISIT:
        return say.words.viewed.format(job=job)
    what = say.kind(point.kind)
    return say.words.about.format(what=what, job=job) if job and point.kind in _ABOUT_A_JOB else what
