"""The call list: whom to call first, and why, always as of now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sync.core.call_list import Call, Lister
from sync.core.call_words import why
from sync.core.engagement import Scorer
from sync.core.facts import PersonFacts
from sync.core.keys import candidate_id, primary_candidate
from sync.core.model import person_ref
from sync.core.segments import Relationship, Segment, belongs, relationship
from sync.core.wording import person_name
from sync.core.wording_say import Say
from sync.reports.people import BATCH, View
from sync.store import people, reads
from sync.store.db import Mirror


def call_list(
    view: View, *, owner: str | None = None, limit: int | None = None, segment: Segment | None = None
) -> list[dict[str, Any]]:
    """Everyone with a score, or something to be called for, in call order: `calls --json`. `owner`: only that
    recruiter's (e-mail or owner id).

    `segment`: only who belongs to it, ranked inside each relationship, which is told too. Nobody is left out for a low
    score; who may not be called says why, after all who may.
    """
    calls = calls_now(view, owner=owner, segment=segment)
    if segment is None:
        return [call_report(view, rank, call) for rank, call in enumerate(calls[:limit], 1)]
    return _inside(view, calls)[:limit]


def calls_now(view: View, *, owner: str | None = None, segment: Segment | None = None) -> list[Call]:
    """The entries of `call_list`, with all that is known behind them."""
    lister = Lister(view.policy, view.now, people.load_owners(view.db), Scorer(view.policy.score))
    found = []
    for facts in listed_people(view.db):
        call = lister.call(facts) if segment is None or belongs(facts, segment) else None
        if call is not None and (not owner or _is_of(call, owner.lower())):
            found.append(call)
    return sorted(found, key=lambda call: call.order)


def listed_people(db: Mirror) -> Iterator[PersonFacts]:
    """Who may be on the call list: everyone with a score, and whom a play wants something for."""
    ids = reads.listed_people(db)
    for start in range(0, len(ids), BATCH):
        yield from people.load_facts(db, ids[start : start + BATCH]).values()


def call_report(view: View, rank: int, call: Call) -> dict[str, Any]:
    """One entry of `calls --json`."""
    facts, primary = call.facts, primary_candidate(call.facts)
    return {
        "rank": rank,
        "person_id": person_ref(facts.person_id),
        "name": person_name(facts),
        "contact_id": facts.contact.remote_id if facts.contact else None,
        "candidate_id": candidate_id(primary) if primary else None,
        "owner": call.owner.email if call.owner else None,
        "score": call.score.value,
        "band": call.score.band.value,
        "why": why(call, say_now(view)),
        "call_allowed": call.bar is None,
        "refused_because": call.bar.refusal.value if call.bar else None,
    }


def say_now(view: View) -> Say:
    """How the list is told: in the team's language."""
    return Say(view.language, view.today, view.policy.time.zone)


def _is_of(call: Call, owner: str) -> bool:
    return call.owner is not None and owner in ((call.owner.email or "").lower(), call.owner.remote_id)


def _inside(view: View, calls: Sequence[Call]) -> list[dict[str, Any]]:
    """The call list in the order of relationships, each with ranks of its own."""
    found: list[dict[str, Any]] = []
    for group in Relationship:
        own = [call for call in calls if relationship(call.facts) is group]
        found += [{**call_report(view, rank, call), "relationship": group.value} for rank, call in enumerate(own, 1)]
    return found
