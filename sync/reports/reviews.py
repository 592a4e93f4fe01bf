"""The review desk: pairs that may be one person side by side, as a list, as CSV out and in."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sync.core.identity import Identity
from sync.core.model import HUBSPOT, RecordRef
from sync.core.names import full_name
from sync.errors import ConfigError, Problem
from sync.store import identities, links, reviews, work
from sync.store.db import Mirror
from sync.store.reviews import Pair, StoredReview
from sync.store.times import to_text

_EVIDENCE = ("email", "phone", "first_name", "surname", "not_linked")
_COLUMNS = (
    "candidate", "contact", "ruling", "rule", "candidate_name", "contact_name", "candidate_emails", "contact_emails",
    "candidate_phones", "contact_phones", *_EVIDENCE, "since",
)  # fmt: skip
_RULING_COLUMNS = ("candidate", "contact", "ruling", "by", "at")
_VERBS = {"accepted": "accept", "refused": "reject"}
_WORDS = {
    **dict.fromkeys(("accept", "accepted", "yes", "ja"), True),
    **dict.fromkeys(("reject", "rejected", "refuse", "refused", "no", "nee"), False),
}


@dataclass(frozen=True, slots=True)
class Told:
    """A line of a file with rulings. `by`: who ruled, '' when the file does not say."""

    pair: Pair
    accepted: bool
    by: str


def review_list(db: Mirror) -> list[dict[str, Any]]:
    """Open reviews, the oldest first, with what each side shows of who it is and with whom it is one already."""
    found = reviews.list_reviews(db)
    refs = {ref for one in found for ref in (one.review.candidate, RecordRef(HUBSPOT, one.review.contact_id))}
    known = identities.load(db, refs)
    shown = {one.ref: one for one in (*known.candidates, *known.contacts)}
    people = links.links_of(db, refs)
    records = links.records_of(db, {person_id for person_id, _ in people.values()})
    with_whom = {ref: [other for other, _ in records[people[ref][0]] if other != ref] for ref in people}
    return [_row(one, shown, with_whom) for one in found]


def _row(
    one: StoredReview, shown: Mapping[RecordRef, Identity], with_whom: Mapping[RecordRef, Sequence[RecordRef]]
) -> dict[str, Any]:
    candidate, contact = one.review.candidate, RecordRef(HUBSPOT, one.review.contact_id)
    return {
        "candidate_id": record_id(candidate),
        "contact_id": contact.remote_id,
        "rule": one.review.rule,
        "evidence": dict(one.review.evidence),
        "since": to_text(one.at),
        "candidate": _side(candidate, shown, with_whom),
        "contact": _side(contact, shown, with_whom),
    }


def _side(
    ref: RecordRef, shown: Mapping[RecordRef, Identity], with_whom: Mapping[RecordRef, Sequence[RecordRef]]
) -> dict[str, Any]:
    one = shown.get(ref, Identity(ref))
    return {
        "name": full_name(one.first_name, one.infix, one.last_name),
        "emails": list(one.emails),
        "phones": list(one.phones),
        "linked_to": [record_id(other) for other in with_whom.get(ref, ())],
    }


def record_id(ref: RecordRef) -> str:
    """A record as it is shown and typed: '<source>:<id>'."""
    return f"{ref.source}:{ref.remote_id}"


def open_csv(db: Mirror) -> str:
    """The open reviews for a spreadsheet, the column `ruling` empty: to be filled in and imported."""
    return _csv(_COLUMNS, [_cells(row) for row in review_list(db)])


def rulings_csv(db: Mirror) -> str:
    """Every ruling, ids only: what another mirror needs to know of them."""
    ruled = [one for one in reviews.list_reviews(db, None) if one.state != "open"]
    return _csv(
        _RULING_COLUMNS,
        [
            (record_id(one.review.candidate), one.review.contact_id, _VERBS[one.state], one.made_by, to_text(one.at))
            for one in ruled
        ],
    )


def read_rulings(text: str) -> list[Told]:
    """The rulings in a file that was exported and filled in; lines without one are left out. Commas or semicolons.

    Raises ConfigError with every line that cannot be read.
    """
    head = text.partition("\n")[0]
    rows = csv.DictReader(io.StringIO(text), delimiter=";" if head.count(";") > head.count(",") else ",")
    if missing := {"candidate", "contact", "ruling"} - set(rows.fieldnames or ()):
        raise ConfigError(
            [
                Problem(f"column {one}", "The file does not have it.", "Export it with `warmline review --csv`.")
                for one in sorted(missing)
            ]
        )
    told: list[Told] = []
    wrong: list[Problem] = []
    for number, row in enumerate(rows, start=2):
        word = (row["ruling"] or "").strip().lower()
        pair = to_pair(row["candidate"] or "", row["contact"] or "")
        if not word:
            continue
        if pair is None:
            wrong.append(Problem(f"line {number}", "It names no pair.", "candidate is SOURCE:ID, contact an id."))
        elif word not in _WORDS:
            wrong.append(Problem(f"line {number}", "Its ruling is no ruling.", "Write accept, reject or nothing."))
        else:
            told.append(Told(pair, _WORDS[word], (row.get("by") or "").strip()))
    if wrong:
        raise ConfigError(wrong)
    return told


def is_known(db: Mirror, pair: Pair) -> bool:
    """Whether both records are live in the mirror."""
    found = identities.load(db, [pair[0], RecordRef(HUBSPOT, pair[1])])
    return bool(found.candidates and found.contacts)


def import_rulings(db: Mirror, told: Sequence[Told], by: str, now: datetime) -> tuple[int, list[Pair]]:
    """Keeps the rulings of a file, also on records that are not in the mirror yet. How many were new; the pairs that
    were ruled on otherwise before, which stay so.
    """
    kept: list[Pair] = []
    contrary: list[Pair] = []
    for one in told:
        before = reviews.keep_ruling(db, one.pair, accepted=one.accepted, by=one.by or by, now=now)
        if before is None:
            kept.append(one.pair)
        elif (before.state == "accepted") != one.accepted:
            contrary.append(one.pair)
    refs = [ref for candidate, contact_id in kept for ref in (candidate, RecordRef(HUBSPOT, contact_id))]
    work.enqueue(db, "reconcile", refs, now)
    return len(kept), contrary


def to_pair(candidate: str, contact: str) -> Pair | None:
    """A pair as typed: SOURCE:ID and a contact id, with or without 'hubspot:'. None: it is none."""
    source, _, remote_id = candidate.strip().partition(":")
    contact_id = contact.strip().removeprefix(f"{HUBSPOT}:")
    return (RecordRef(source, remote_id), contact_id) if source and remote_id and contact_id else None


def _cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    ours, theirs, evidence = row["candidate"], row["contact"], row["evidence"]
    return (
        row["candidate_id"],
        row["contact_id"],
        "",
        row["rule"],
        *(_safe(one) for one in (ours["name"], theirs["name"])),
        *(_safe(" | ".join(side[kind])) for kind in ("emails", "phones") for side in (ours, theirs)),
        *(evidence.get(name, "") for name in _EVIDENCE),
        row["since"],
    )


def _safe(text: str) -> str:
    """Text from outside that a spreadsheet would take for a formula, as text."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _csv(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows([head, *rows])
    return written.getvalue()
