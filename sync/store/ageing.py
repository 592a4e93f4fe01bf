"""What is past keeping goes: touch days, the hashes of events, activities."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime

from sync.core.model import RecordRef
from sync.store.db import Mirror
from sync.store.sql import query
from sync.store.times import to_text


def forget_touch_days(db: Mirror, kept_from: Mapping[str, date]) -> list[tuple[RecordRef, str]]:
    """Deletes touch days before the oldest day kept of their kind ('': any other kind): the record and kind of each,
    in order."""
    rows = db.change_rows(query("forget_touch_days"), {"kept": _kept(kept_from)})
    return sorted((RecordRef(source, remote_id), kind) for source, remote_id, kind in rows)


def forget_touch_events(db: Mirror, kept_from: Mapping[str, date]) -> int:
    """Deletes the hashes of events before the oldest day kept of their kind; how many."""
    return db.change(query("forget_touch_events"), {"kept": _kept(kept_from)})


def forget_activities(db: Mirror, before: datetime, kept_from: Mapping[str, date]) -> int:
    """Deletes activities before a moment; how many. Those an open task may wait for stay, and those whose touch is
    kept: one that goes had fallen 64-fold."""
    return db.change(query("forget_activities"), {"before": to_text(before), "kept": _kept(kept_from)})


def _kept(kept_from: Mapping[str, date]) -> str:
    return json.dumps({kind: day.isoformat() for kind, day in kept_from.items()})
