"""Pairs a person has to look at, and what they ruled. A ruling holds for ever."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sync.core.model import RecordRef
from sync.store.db import Mirror
from sync.store.rows import ref_json
from sync.store.sql import query
from sync.store.times import to_moment, to_text

Pair = tuple[RecordRef, str]


@dataclass(frozen=True, slots=True)
class Review:
    """A candidate and a contact that may be one person.

    `evidence`: names of the fields that agreed or not, never values.
    """

    candidate: RecordRef
    contact_id: str
    rule: str
    evidence: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StoredReview:
    """A review as it stands.

    `state`: open, accepted or refused; `made_by`: who opened or ruled it, `at` that moment.
    """

    review: Review
    state: str
    made_by: str
    at: datetime


def rulings(
    db: Mirror, candidate_refs: Iterable[RecordRef], contact_ids: Iterable[str]
) -> tuple[frozenset[Pair], frozenset[Pair]]:
    """Pairs a person accepted, and pairs a person refused, where either side is among the given records."""
    params = {"candidates": ref_json(candidate_refs), "contacts": json.dumps(list(contact_ids))}
    accepted: set[Pair] = set()
    refused: set[Pair] = set()
    for source, candidate_id, contact_id, state in db.rows(query("rulings"), params):
        (accepted if state == "accepted" else refused).add((RecordRef(source, candidate_id), contact_id))
    return frozenset(accepted), frozenset(refused)


def replace_reviews(
    db: Mirror,
    candidate_refs: Collection[RecordRef],
    contact_ids: Collection[str],
    rows: Iterable[Review],
    now: datetime,
) -> None:
    """Makes the open reviews that touch these records exactly `rows`.

    One that stays keeps its moment; rulings stay.
    """
    params = {"candidates": ref_json(candidate_refs), "contacts": json.dumps(list(contact_ids))}
    reviews = list(rows)
    pairs = [(one.candidate.source, one.candidate.remote_id, one.contact_id) for one in reviews]
    db.change(query("close_reviews"), params | {"pairs": json.dumps(pairs)})
    evidence = [json.dumps(dict(one.evidence), sort_keys=True) for one in reviews]
    at = to_text(now)
    written = [(*pair, one.rule, text, at) for pair, one, text in zip(pairs, reviews, evidence, strict=True)]
    db.change_many(query("open_review"), written)


def list_reviews(db: Mirror, state: str | None = "open", pair: Pair | None = None) -> list[StoredReview]:
    """Reviews in a state (None: all), of one pair when it is given, the oldest first."""
    (source, candidate_id), contact_id = pair or ((None, None), None)
    sql = (
        "SELECT candidate_source, candidate_id, contact_id, rule, evidence, state, made_by, at FROM link_review "
        "WHERE state = coalesce(?1, state) AND (?4 IS NULL OR (candidate_source = ?2 AND candidate_id = ?3 "
        "AND contact_id = ?4)) ORDER BY at, candidate_source, candidate_id, contact_id"
    )
    return [
        StoredReview(
            Review(RecordRef(source, candidate_id), contact_id, rule, json.loads(text)),
            state,
            by,
            to_moment(at),
        )
        for source, candidate_id, contact_id, rule, text, state, by, at in db.rows(
            sql, (state, source, candidate_id, contact_id)
        )
    ]


def rule_review(db: Mirror, candidate: RecordRef, contact_id: str, state: str, by: str, now: datetime) -> bool:
    """Keeps a person's ruling ('accepted' or 'refused') on a review; False when none is open for them: a ruling holds
    for ever."""
    sql = (
        "UPDATE link_review SET state = ?, made_by = ?, at = ? "
        "WHERE candidate_source = ? AND candidate_id = ? AND contact_id = ? AND state = 'open'"
    )
    return db.change(sql, (state, by, to_text(now), candidate.source, candidate.remote_id, contact_id)) > 0


def keep_ruling(db: Mirror, pair: Pair, *, accepted: bool, by: str, now: datetime) -> StoredReview | None:
    """Keeps a person's ruling on a pair, whether a review was open about it or not. None: kept; else the ruling that
    was there before, and stays.
    """
    (source, candidate_id), contact_id = pair
    before = ruling_on(db, pair)
    if before is None:
        db.change(query("open_for_ruling"), (source, candidate_id, contact_id, to_text(now)))
        rule_review(db, pair[0], contact_id, state="accepted" if accepted else "refused", by=by, now=now)
    return before


def ruling_on(db: Mirror, pair: Pair) -> StoredReview | None:
    """The ruling on a pair; None when nobody ruled."""
    found = list_reviews(db, None, pair)
    return next((one for one in found if one.state != "open"), None)


def withdraw_ruling(db: Mirror, pair: Pair, now: datetime) -> bool:
    """Makes a pair as if nobody had ruled on it, so that the rules decide again; False when nobody had."""
    (source, candidate_id), contact_id = pair
    params = {"source": source, "candidate_id": candidate_id, "contact_id": contact_id, "at": to_text(now)}
    done = db.change(query("reopen_review"), params) > 0
    db.change(query("drop_ruling_only"), params)
    return done
