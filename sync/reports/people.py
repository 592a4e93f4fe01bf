"""What people and programs ask of the mirror about one person, always as of now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sync.core import call_list
from sync.core.audience import audience
from sync.core.calendar import local_day
from sync.core.consent import Consent, Verdict, verdicts
from sync.core.contact_policy import may_call
from sync.core.engagement import Scorer, series, without
from sync.core.explaining import since_line, total_line, without_line
from sync.core.facts import PersonFacts
from sync.core.grounds import call_ground
from sync.core.model import HUBSPOT, Band, Point, RecordRef, Refusal, Score, person_ref
from sync.core.policy import Policy
from sync.core.retention import retention_term
from sync.core.unweighed import unweighed_line, visits_note
from sync.core.wording import person_name, refusal_words
from sync.reports.mending import conflict_report
from sync.store import conflicts, engagement, people
from sync.store.consents import load_consents
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
    return call_list.live_score(facts, view.policy, scorer, view.now)


# The keys of `explain --json`; what else a report holds is for people to read, and stands in `export`.
FIXED_KEYS = ("person", "links", "score", "raw", "band", "points", "decisions", "refusals", "tasks", "conflicts")


def explain(view: View, facts: PersonFacts, score: Score) -> dict[str, Any]:
    """One person: `FIXED_KEYS`, and consent, ground and retention. The points sum to `raw`."""
    refusal = may_call(facts, view.policy, view.now)
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
        "consent": [_verdict(one) for one in verdicts(facts.consents, view.now)],
        "ground": call_ground(facts, view.policy.contact, view.now),
        "retention": _retention(view, facts),
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
        "consent": [_verdict(one) for one in verdicts(_said(view, contact_id), view.now)],
        "ground": None,
        "retention": None,
    }


def _said(view: View, contact_id: str) -> list[Consent]:
    ref = RecordRef(HUBSPOT, contact_id)
    return load_consents(view.db, [ref]).get(ref, [])


def _verdict(one: Verdict) -> dict[str, Any]:
    """How a purpose and channel stand, and the records that prove it."""
    return {
        "purpose": one.purpose,
        "channel": one.channel,
        "standing": one.standing.value,
        "until": to_text(one.until) if one.until else None,
        "records": [_consent(row) for row in one.rows],
    }


def _consent(row: Consent) -> dict[str, Any]:
    said = row.said
    return {
        "source": row.source,
        "remote_id": row.remote_id,
        "field": said.field,
        "given": said.given,
        "text_version": said.text_version,
        "at": to_text(said.at) if said.at else None,
        "until": to_text(said.until) if said.until else None,
        "seen_at": to_text(row.seen_at),
    }


def _retention(view: View, facts: PersonFacts) -> dict[str, Any] | None:
    term = retention_term(facts, view.policy.retention)
    return {"ends_at": to_text(term.until), "because": term.because} if term else None


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
