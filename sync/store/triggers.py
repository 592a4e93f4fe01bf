"""What workflows in HubSpot were told to start from."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable

from sync.core.model import HUBSPOT, RecordRef
from sync.core.trigger import Trigger
from sync.store.db import Mirror
from sync.store.sql import query
from sync.store.times import optional_moment, optional_text, to_moment, to_text


def load_triggers(db: Mirror, refs: Collection[RecordRef]) -> dict[RecordRef, list[Trigger]]:
    """Every trigger of the contacts among these records, ended ones too, oldest first; one without any has no key."""
    found: dict[RecordRef, list[Trigger]] = defaultdict(list)
    contact_ids = [ref.remote_id for ref in refs if ref.source == HUBSPOT]
    for contact_id, name, job_id, at, until, ended_at, ended_by in db.rows(
        query("triggers_of"), {"contacts": json.dumps(contact_ids)}
    ):
        made = Trigger(contact_id, name, job_id, to_moment(at), to_moment(until), optional_moment(ended_at), ended_by)
        found[RecordRef(HUBSPOT, contact_id)].append(made)
    return dict(found)


def save_triggers(db: Mirror, triggers: Iterable[Trigger]) -> None:
    """Keeps triggers as they are now; others stay."""
    rows = [
        {
            "contact_id": one.contact_id,
            "name": one.name,
            "job_id": one.job_id,
            "at": to_text(one.at),
            "until": to_text(one.until),
            "ended_at": optional_text(one.ended_at),
            "ended_by": one.ended_by,
        }
        for one in triggers
    ]
    db.change_many(query("save_trigger"), rows)


def starters(db: Mirror, job_ids: Collection[str]) -> set[int]:
    """People who began to apply for one of these vacancies, as far as they are being told or called about it."""
    found = db.rows(query("starters"), {"jobs": json.dumps(list(job_ids))}) if job_ids else ()
    return {row[0] for row in found}
