"""What people and programs ask of the mirror: the call list and one person explained, always as of now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sync.core.calendar import local_day
from sync.core.contact_policy import audience, may_call, recruiter
from sync.core.engagement import Scorer, series, without
from sync.core.explaining import since_line, total_line, without_line
from sync.core.facts import PersonFacts
from sync.core.keys import candidate_id, primary_candidate
from sync.core.model import HUBSPOT, Band, Point, Refusal, Score, person_ref
from sync.core.person_score import UNSCORED, person_score
from sync.core.policy import Policy
from sync.core.segments import Relationship, Segment, belongs, relationship
from sync.core.unweighed import unweighed_line, visits_note
from sync.core.wording import person_name, refusal_words, why_parts
from sync.reports.mending import conflict_report
from sync.store import conflicts, engagement, people, reads
from sync.store.db import Mirror
from sync.store.times import to_text

BATCH = 500


@dataclass(frozen=True, slots=True)
class View:
    """An open mirror and what to read it by."""

    db: Mirror
    policy: Policy
    now: datetime

    @property
    def today(self) -> date:
        """The team's local day."""
        return local_day(self.now, self.policy.time.zone)

    @property
    def language(self) -> str:
        """nl or en."""
        return self.policy.write.language


@dataclass(frozen=True, slots=True)
class Found:
    """Who WHO turned out to be. `facts` None: a contact that is nobody's person."""

    report: dict[str, Any]
    facts: PersonFacts | None = None
    score: Score | None = None


def find(view: View, who: str) -> Found | None:
    """WHO: person id (p12), contact id, candidate id (with or without source), or e-mail. None: nobody in the
    mirror."""
    match = people.find_person(view.db, who)
    if match.person_ids:
        facts = people.load_facts(view.db, [match.person_ids[0]])[match.person_ids[0]]
        score = live_score(view, Scorer(view.policy.score), facts)
        return Found(explain(view, facts, score), facts, score)
    if match.contact_ids:
        return Found(explain_contact(view, match.contact_ids[0]))
    return None


def live_score(view: View, scorer: Scorer, facts: PersonFacts) -> Score:
    """The score as of now, whatever the last run stored; unscored for a person outside the audience."""
    if audience(facts, view.policy.audience) is not None:
        return UNSCORED
    return person_score(facts, scorer, view.today)


def call_list(
    view: View, *, owner: str | None = None, limit: int | None = None, segment: Segment | None = None
) -> list[dict[str, Any]]:
    """Everyone with a score in call order: `calls --json`. `owner`: only that recruiter's (e-mail or owner id).

    `segment`: only who belongs to it, ranked inside each relationship, which is told too. Nobody is left out for a low
    score; who may not be called says why.
    """
    scorer, owners = Scorer(view.policy.score), people.load_owners(view.db)
    entries = []
    for facts in _scored_people(view.db):
        score = live_score(view, scorer, facts)
        whose = recruiter(facts, view.policy.routing, owners)
        if score.value is None or (owner and (whose is None or owner.lower() not in (whose.email, whose.remote_id))):
            continue
        if segment is None or belongs(facts, segment):
            entries.append((score, facts, whose.email if whose else None))
    entries.sort(key=lambda entry: (-entry[0].raw, entry[1].person_id))
    if segment is None:
        return [_call(view, rank, *entry) for rank, entry in enumerate(entries[:limit], 1)]
    return _inside(view, entries)[:limit]


def _inside(view: View, entries: Sequence[tuple[Score, PersonFacts, str | None]]) -> list[dict[str, Any]]:
    """The call list in the order of relationships, each with ranks of its own."""
    found: list[dict[str, Any]] = []
    for group in Relationship:
        own = [entry for entry in entries if relationship(entry[1]) is group]
        found += [{**_call(view, rank, *entry), "relationship": group.value} for rank, entry in enumerate(own, 1)]
    return found


def _scored_people(db: Mirror) -> Iterator[PersonFacts]:
    ids = reads.scored_people(db)
    for start in range(0, len(ids), BATCH):
        yield from people.load_facts(db, ids[start : start + BATCH]).values()


def _call(view: View, rank: int, score: Score, facts: PersonFacts, owner: str | None) -> dict[str, Any]:
    refusal = may_call(facts, view.policy)
    primary = primary_candidate(facts)
    return {
        "rank": rank,
        "person_id": person_ref(facts.person_id),
        "name": person_name(facts),
        "contact_id": facts.contact.remote_id if facts.contact else None,
        "candidate_id": candidate_id(primary) if primary else None,
        "owner": owner,
        "score": score.value,
        "band": score.band.value,
        "why": list(why_parts(score, facts, language=view.language, today=view.today)),
        "call_allowed": refusal is None,
        "refused_because": refusal.value if refusal else None,
    }


def explain(view: View, facts: PersonFacts, score: Score) -> dict[str, Any]:
    """One person: `explain --json`. The points sum to `raw`."""
    refusal = may_call(facts, view.policy)
    contact_ids = [ref.remote_id for ref, _ in facts.links if ref.source == HUBSPOT]
    return {
        "person": {"id": person_ref(facts.person_id), "name": person_name(facts)},
        "links": [{"source": ref.source, "remote_id": ref.remote_id, "rule": rule} for ref, rule in facts.links],
        "score": score.value,
        "raw": score.raw,
        "band": score.band.value,
        "points": [_point(point) for point in score.points],
        "decisions": [_decision(one) for one in facts.previous],
        "refusals": _refusals(view, facts, refusal),
        "tasks": [_task(one) for one in facts.tasks],
        "conflicts": [conflict for contact_id in contact_ids for conflict in _conflicts(view.db, contact_id)],
    }


def explain_contact(view: View, contact_id: str) -> dict[str, Any]:
    """A contact that is nobody's person: in the mirror, outside the audience."""
    return {
        "person": {"id": None, "name": None},
        "links": [{"source": HUBSPOT, "remote_id": contact_id, "rule": None}],
        "score": None,
        "raw": 0.0,
        "band": Band.UNSCORED.value,
        "points": [],
        "decisions": [],
        "refusals": [_refusal(view, Refusal.NOT_IN_AUDIENCE)],
        "tasks": [],
        "conflicts": _conflicts(view.db, contact_id),
    }


def _point(point: Point) -> dict[str, Any]:
    return {
        "kind": point.kind,
        "day": point.day.isoformat(),
        "count": point.count,
        "age_days": point.age_days,
        "weight": point.weight,
        "points": point.points,
    }


def _decision(one: Any) -> dict[str, Any]:
    return {
        "play": one.play,
        "occasion": one.occasion,
        "wanted": one.wanted,
        "refused_because": one.refused.value if one.refused else None,
        "until": to_text(one.until) if one.until else None,
        "due_at": to_text(one.due_at) if one.due_at else None,
        "ground": one.ground,
        "why": list(one.why),
    }


def _refusals(view: View, facts: PersonFacts, standing: Refusal | None) -> list[dict[str, Any]]:
    """Why the person may not be called now, then why each play's wish was refused."""
    found = [_refusal(view, standing)] if standing is not None else []
    found += [
        {**_refusal(view, one.refused), "play": one.play, "until": to_text(one.until) if one.until else None}
        for one in facts.previous
        if one.refused is not None and one.refused is not standing
    ]
    return found


def _refusal(view: View, refusal: Refusal) -> dict[str, Any]:
    return {"play": None, "because": refusal.value, "words": refusal_words(refusal, view.language), "until": None}


def _task(one: Any) -> dict[str, Any]:
    return {
        "task_id": one.remote_id,
        "play": one.play,
        "owner_id": one.owner_id,
        "open": one.open,
        "made_at": to_text(one.made_at),
        "closed_at": to_text(one.closed_at) if one.closed_at else None,
    }


def _conflicts(db: Mirror, contact_id: str) -> list[dict[str, Any]]:
    return [conflict_report(one) for one in conflicts.load(db, "contact", [contact_id])]


def counterfactuals(view: View, facts: PersonFacts, kinds: Sequence[str]) -> dict[str, int | None]:
    """The score had there been no touch of a kind: 'without the open day 45'."""
    seen = facts.contact is not None and facts.contact.seen
    return {kind: without(facts.touches, kind, view.policy.score, today=view.today, seen=seen).value for kind in kinds}


def explanation(view: View, facts: PersonFacts, score: Score) -> list[str]:
    """The score in words, under its points: the sum, what changed since yesterday, and what it would be without each
    kind, the kind that gives most first."""
    given: Counter[str] = Counter()
    for point in score.points:
        given[point.kind] += point.points  # type: ignore[assignment]
    seen = facts.contact is not None and facts.contact.seen
    before = Scorer(view.policy.score).score(
        facts.touches, today=view.today - timedelta(days=1), seen=seen, previous=None
    )
    lines = [total_line(score, view.language), since_line(before, score, view.language)]
    values = counterfactuals(view, facts, [kind for kind, _ in given.most_common()])
    return [*lines, without_line(values, view.language)] if values else lines


def unweighed(view: View, facts: PersonFacts) -> list[str]:
    """What was seen of the person and weighs nothing, and what visits that were not seen mean."""
    if not facts.contact:
        return []
    contact_ids = [ref.remote_id for ref, _ in facts.links if ref.source == HUBSPOT]
    line = unweighed_line(engagement.weightless_events(view.db, contact_ids), view.language)
    return [*([line] if line else []), visits_note(view.language)]


def score_series(view: View, facts: PersonFacts, days: int = 90) -> list[tuple[date, int | None]]:
    """The person's score on each of the last local days and today, oldest first. None where nobody could see them.

    Outside the audience, or when the person objects to profiling, there is none on any day.
    """
    back = [view.today - timedelta(days=ago) for ago in range(days, -1, -1)]
    contact = facts.contact
    if contact is None or contact.no_profiling or audience(facts, view.policy.audience) is not None:
        return [(day, None) for day in back]
    return series(facts.touches, view.policy.score, back, seen=contact.seen)
