"""Target groups: who is meant by a segment, and the four relationships inside which a call list ranks. Facts of work
only, never personal traits (docs/scoring.md).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from sync.core.facts import LinkedApplication, PersonFacts


class Relationship(Enum):
    """What a person is to the team. The order is the order of a segment's call list."""

    NEVER_APPLIED = "never_applied"
    APPLIED = "applied"  # an application runs, or was withdrawn
    REJECTED = "rejected"  # and nothing runs
    HIRED = "hired"


@dataclass(frozen=True, slots=True)
class Segment:
    """A target group. Empty: anything. One application must fit all of `job_words`, `regions`, `sources`, `stages`,
    `statuses` and `origins`; a list fits when one of it does.

    `job_words`: words that stand in the vacancy's name, as they begin. `regions`: the same of its place. `origins`:
    where the application, or the candidate, came from. `sources`: names of ATSs. `stages`: kinds of stage. Lower case
    all.
    """

    job_words: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    origins: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    stages: frozenset[str] = frozenset()
    statuses: frozenset[str] = frozenset()
    relationships: frozenset[Relationship] = frozenset()


BUILT_IN: Mapping[str, Segment] = {
    one.value: Segment(relationships=frozenset({one})) for one in Relationship
}  # these need no settings


_WORDS = {
    "nl": ("nooit gesolliciteerd", "gesolliciteerd", "afgewezen", "aangenomen"),
    "en": ("never applied", "applied", "rejected", "hired"),
}


def relationship_word(one: Relationship, language: str) -> str:
    """What a relationship is called."""
    return _WORDS.get(language, _WORDS["nl"])[list(Relationship).index(one)]


def relationship(facts: PersonFacts) -> Relationship:
    """What the person is to the team. Prospects did not apply. A rejection counts at once, told or not: this is
    for the team's own list and never goes to HubSpot.
    """
    made = [one.application for one in facts.applications if one.application.status != "prospect"]
    if not made:
        return Relationship.NEVER_APPLIED
    if any(one.status in ("active", "unknown") for one in made):
        return Relationship.APPLIED
    if any(one.status == "hired" for one in made):
        return Relationship.HIRED
    return Relationship.REJECTED if any(one.status == "rejected" for one in made) else Relationship.APPLIED


def belongs(facts: PersonFacts, segment: Segment) -> bool:
    """Whether a person is in the segment."""
    if segment.relationships and relationship(facts) not in segment.relationships:
        return False
    if not (segment.job_words or segment.regions or segment.stages or segment.statuses):
        return _from(facts, segment) or any(_fits(one, facts, segment) for one in facts.applications)
    return any(_fits(one, facts, segment) for one in facts.applications)


def _from(facts: PersonFacts, segment: Segment) -> bool:
    """Whether the person alone fits, applied or not. Somebody without a candidate comes from nowhere known."""
    if not (segment.origins or segment.sources):
        return True
    return any(
        (not segment.sources or one.source in segment.sources)
        and (not segment.origins or _plain(one.candidate.origin) in segment.origins)
        for one in facts.candidates
    )


def _fits(one: LinkedApplication, facts: PersonFacts, segment: Segment) -> bool:
    application = one.application
    origins = {_plain(application.origin)} - {""} or {
        _plain(linked.candidate.origin) for linked in facts.candidates if linked.source == one.source
    }
    return (
        (not segment.sources or one.source in segment.sources)
        and (not segment.statuses or application.status in segment.statuses)
        and (not segment.origins or bool(origins & segment.origins))
        and (not segment.stages or _stage(one) in segment.stages)
        and (not segment.job_words or _holds(one, "name", segment.job_words))
        and (not segment.regions or _holds(one, "location", segment.regions))
    )


def _stage(one: LinkedApplication) -> str:
    stages = one.job.stages if one.job else ()
    return next((stage.kind for stage in stages if stage.remote_id == one.application.stage_id), "")


def _holds(one: LinkedApplication, field: str, wanted: frozenset[str]) -> bool:
    """Whether a word of the vacancy's field begins with a wanted one: 'verpleegkundig' finds 'Verpleegkundige'. Of a
    confidential vacancy nothing is found.
    """
    if one.job is None or one.job.confidential:
        return False
    text = " " + _plain(getattr(one.job, field))
    return any(f" {word}" in text for word in wanted)


def _plain(text: str | None) -> str:
    return " ".join(re.findall(r"\w+", (text or "").casefold()))
