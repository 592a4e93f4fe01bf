"""What records say of consent, now and before: a row stays when its record stops saying so, as proof of what held."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sync.core.consent import Consent, Stated
from sync.core.model import RecordRef
from sync.store.db import Mirror
from sync.store.rows import Values, ref_json
from sync.store.sql import query
from sync.store.times import optional_moment, optional_text, to_moment, to_text


def save_consents(db: Mirror, said: Mapping[RecordRef, Sequence[Stated]], now: datetime) -> set[RecordRef]:
    """Keeps what records say now; those that say something else than before. What is not said any more ends at
    `now`, what is said as before keeps its moment."""
    if not said:
        return set()
    known = load_consents(db, said.keys())
    at = to_text(now)
    new: list[Values] = []
    gone: list[Values] = []
    for ref, rows in said.items():
        before = {row.said for row in known.get(ref, ())}
        gone += [(at, *ref, *_key(one)) for one in before.difference(rows)]
        new += [(*ref, *_key(one), *_rest(one), at) for one in dict.fromkeys(rows) if one not in before]
    if gone:
        db.change_many(query("end_consent"), gone)
    if new:
        db.change_many(query("save_consent"), new)
    return {RecordRef(*row[1:3]) for row in gone} | {RecordRef(*row[:2]) for row in new}


def load_consents(db: Mirror, refs: Collection[RecordRef]) -> dict[RecordRef, list[Consent]]:
    """What records say now, by record; those that say nothing have no key."""
    found: dict[RecordRef, list[Consent]] = defaultdict(list)
    for row in db.rows(query("consents"), {"refs": ref_json(refs)}):
        found[RecordRef(*row[:2])].append(_consent(row))
    return dict(found)


def _key(one: Stated) -> Values:
    return (one.field, one.purpose, one.channel)


def _rest(one: Stated) -> Values:
    return (int(one.given), one.text_version, optional_text(one.at), optional_text(one.until))


def _consent(row: Values) -> Consent:
    source, remote_id, field, purpose, channel, given, text_version, at, until, seen_at = row
    said = Stated(field, purpose, channel, given == 1, text_version, optional_moment(at), optional_moment(until))
    return Consent(source, remote_id, said, to_moment(seen_at))
