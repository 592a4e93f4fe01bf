"""Single events behind touch days: an event shown twice counts once, and a day is always what its events say."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import blake2b

from sync.core.model import RecordRef, TouchDay
from sync.store.db import Mirror
from sync.store.sql import query
from sync.store.times import optional_moment, optional_text, to_moment, to_text

DayKey = tuple[str, str]  # contact and local day
TouchKey = tuple[str, str, str, str]  # contact, kind, job and local day


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """One event as the mirror keeps it. `id_hash`: see `hash_of`; the rest as in `SeenEvent`."""

    id_hash: str
    stream: str
    contact_id: str
    kind: str
    job_id: str
    day: date
    at: datetime | None
    rule: str = ""
    own_rule: str = ""
    mail: str = ""
    link: str = ""
    delivered_at: datetime | None = None
    device: str = ""

    @property
    def key(self) -> TouchKey:
        """Its touch day."""
        return self.contact_id, self.kind, self.job_id, self.day.isoformat()


def hash_of(stream: str, event_id: str) -> str:
    """What an event is known by in the mirror, in hex."""
    return blake2b(f"{stream}\n{event_id}".encode(), digest_size=12).hexdigest()


@dataclass(frozen=True, slots=True)
class Known:
    """What the mirror holds of an event. `is_settled`: too long ago to be judged again."""

    key: TouchKey
    own_rule: str
    rule: str
    is_settled: bool


def known_events(db: Mirror, hashes: Collection[str]) -> dict[str, Known]:
    """The events the mirror holds, by hash."""
    sql = (
        "SELECT id_hash, contact_id, kind, job_id, day, own_rule, rule, at IS NULL FROM touch_event "
        "WHERE id_hash IN (SELECT value FROM json_each(?))"
    )
    rows = db.rows(sql, (json.dumps(list(hashes)),))
    return {row[0]: Known((row[1], row[2], row[3], row[4]), row[5], row[6], row[7] == 1) for row in rows}


def save_events(db: Mirror, events: Iterable[StoredEvent]) -> None:
    """Keeps events, new ones and corrected ones. The days they stand on are made by `remake_days`."""
    db.change_many(query("save_event"), [_row(one) for one in events])


def _row(one: StoredEvent) -> tuple[object, ...]:
    return (
        one.id_hash,
        one.stream,
        one.contact_id,
        one.kind,
        one.job_id,
        one.day.isoformat(),
        one.rule,
        one.own_rule,
        optional_text(one.at),
        one.mail or None,
        one.link or None,
        optional_text(one.delivered_at),
        one.device or None,
    )


def remove_events(db: Mirror, hashes: Collection[str]) -> None:
    """Forgets events that another took the place of."""
    db.change("DELETE FROM touch_event WHERE id_hash IN (SELECT value FROM json_each(?))", (json.dumps(list(hashes)),))


@dataclass(frozen=True, slots=True)
class MailClick:
    """A click among the others in the same mailing to the same contact."""

    id_hash: str
    contact_id: str
    mail: str
    link: str
    at: datetime
    own_rule: str
    rule: str
    delivered_at: datetime | None
    day: str


def clicks_of(db: Mirror, mails: Collection[tuple[str, str]]) -> list[MailClick]:
    """The clicks of (contact, mailing) pairs that are still kept whole, in no order."""
    rows = db.rows(query("clicks_of_mails"), {"mails": json.dumps(list(mails))})
    return [
        MailClick(id_hash, contact, mail, link or "", to_moment(at), own, rule, optional_moment(delivered), day)
        for id_hash, contact, mail, link, at, own, rule, delivered, day in rows
    ]


def set_rules(db: Mirror, found: Iterable[tuple[str, str, datetime | None]]) -> None:
    """Keeps by which rule events are suspect, and the delivery they were judged by: (hash, rule, moment)."""
    sql = "UPDATE touch_event SET rule = ?, delivered_at = ? WHERE id_hash = ?"
    db.change_many(sql, [(rule, optional_text(delivered_at), id_hash) for id_hash, rule, delivered_at in found])


def remake_days(db: Mirror, days: Collection[DayKey], left: Collection[TouchKey] = ()) -> None:
    """Makes the touch days of these contacts and days what their events say. `left`: touch days events moved away
    from."""
    if left:
        db.change(query("drop_unbacked_days"), {"days": json.dumps(list(left))})
    db.change(query("remake_days"), {"days": json.dumps(list(days))})
    yield_site_visits(db, days)


def yield_site_visits(db: Mirror, days: Collection[DayKey]) -> None:
    """On days with a visit of which the page is known, the plain visit gives way."""
    if days:
        db.change(query("yield_site_visits"), {"days": json.dumps(list(days))})


def contacts_by_email(db: Mirror, emails: Collection[str]) -> dict[str, str]:
    """Live contacts that may be tracked, by an address of theirs in lower case; an address of two contacts is the one
    whose id comes first."""
    rows = db.rows(query("contacts_by_email"), {"emails": json.dumps(sorted(emails))}) if emails else []
    return dict(sorted(rows, reverse=True))


def contacts_by_id(db: Mirror, ids: Collection[str]) -> dict[str, tuple[str, str]]:
    """Live contacts that may be tracked and their address, by the id asked for; merged ones by their old id too."""
    asked = set(ids)
    rows = db.rows(query("contacts_by_id"), {"ids": json.dumps(sorted(asked))})
    found = {one: (contact_id, email or "") for one, contact_id, email in rows}
    missing = sorted(asked - found.keys())
    if missing:
        merged = db.rows(query("contacts_by_merged_id"), {"ids": json.dumps(missing)})
        found |= {one: (contact_id, email or "") for one, contact_id, email in merged}
    return found


def job_addresses(db: Mirror) -> list[tuple[str, str | None, str | None]]:
    """Id, vacancy address and application address of the live vacancies that have one."""
    sql = (
        "SELECT remote_id, post_url, apply_url FROM job "
        "WHERE deleted_at IS NULL AND (post_url IS NOT NULL OR apply_url IS NOT NULL) ORDER BY source, remote_id"
    )
    return [(row[0], row[1], row[2]) for row in db.rows(sql)]


def first_event_day(db: Mirror, stream: str) -> date | None:
    """The local day of the oldest event of the stream; None: it never showed one of somebody known."""
    row = db.row("SELECT min(day) FROM touch_event WHERE stream = ?", (stream,))
    return date.fromisoformat(row[0]) if row and row[0] else None


def take_over(db: Mirror, kinds: Collection[str], from_day: date) -> list[str]:
    """Drops touch days of these kinds from a day on that no event stands behind; the contacts that had some."""
    params = {"kinds": json.dumps(sorted(kinds)), "from_day": from_day.isoformat()}
    return sorted({row[0] for row in db.change_rows(query("take_over"), params)})


def claim_forms(db: Mirror, stream: str, from_day: date) -> list[str]:
    """Drops counted forms from a day on where the submission is known as something else; their contacts."""
    rows = db.change_rows(query("claim_forms"), {"stream": stream, "from_day": from_day.isoformat()})
    return sorted({row[0] for row in rows})


def date_touch_days(db: Mirror, touches: Iterable[tuple[RecordRef, TouchDay]]) -> None:
    """Adds touch days where there are none of that kind; those that are there stay as they are."""
    rows = [
        (ref.remote_id, one.kind, one.job_id, one.day.isoformat(), one.count, optional_text(one.last_at))
        for ref, one in touches
    ]
    db.change_many(query("date_touch_day"), rows)


def expect_forms(db: Mirror, counted: Iterable[tuple[str, int, datetime]]) -> None:
    """Keeps forms HubSpot counted, until their submissions were looked for: (contact, number, moment)."""
    db.change_many(query("save_form_due"), [(contact_id, count, to_text(at)) for contact_id, count, at in counted])


def forms_expected(db: Mirror) -> bool:
    """Whether HubSpot counted a form of which the submission was not looked for yet."""
    return db.row("SELECT 1 FROM form_due LIMIT 1") is not None


def settle_forms(db: Mirror, stream: str) -> list[tuple[str, int, datetime]]:
    """Ends the expectation of all forms; those of which no submission came."""
    unfound = [(row[0], row[1], to_moment(row[2])) for row in db.rows(query("unfound_forms"), {"stream": stream})]
    db.change("DELETE FROM form_due")
    return unfound


def compact(db: Mirror, *, whole_from: date) -> None:
    """Keeps events whole from one day on; of older ones the hash and the day stay."""
    db.change(query("compact_events"), {"day": whole_from.isoformat()})


def tracked_contacts(db: Mirror, contact_ids: Collection[str], kinds: Collection[str]) -> list[str]:
    """Those of these contacts of whom web or mail behaviour of these kinds is kept, in order."""
    params = {"ids": json.dumps(list(contact_ids)), "kinds": json.dumps(list(kinds))}
    return [row[0] for row in db.rows(query("tracked_contacts"), params)]


def forget_events(db: Mirror, contact_ids: Collection[str]) -> None:
    """Forgets every event of these contacts, and the forms expected of them."""
    ids = (json.dumps(list(contact_ids)),)
    db.change("DELETE FROM touch_event WHERE contact_id IN (SELECT value FROM json_each(?))", ids)
    db.change("DELETE FROM form_due WHERE contact_id IN (SELECT value FROM json_each(?))", ids)


def weightless_events(db: Mirror, contact_ids: Collection[str]) -> list[tuple[str, date, int, str]]:
    """What was seen of contacts and weighs nothing: kind, day, number, and the rule that caught it, newest day first.
    Without a rule no mapping names it."""
    rows = db.rows(query("weightless_events"), {"ids": json.dumps(list(contact_ids))})
    return [(kind, date.fromisoformat(day), count, rule) for kind, day, count, rule in rows]


def event_totals(db: Mirror) -> Mapping[tuple[str, str], int]:
    """How many events the mirror holds that weigh nothing, by kind and the rule that caught them."""
    return {(kind, rule): count for kind, rule, count in db.rows(query("event_totals"))}
