"""Touch days, and the engagement totals they are measured against."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from sync.core.model import HUBSPOT, Counters, RecordRef, TouchDay
from sync.store.db import Mirror
from sync.store.rows import Values, ref_json
from sync.store.sql import query
from sync.store.times import optional_moment, optional_text, to_day, to_moment, to_text


def load_counters(db: Mirror, contact_ids: Collection[str]) -> dict[str, Counters]:
    """The totals last seen, by contact; a contact never seen before has no key."""
    sql = "SELECT * FROM contact_counter WHERE contact_id IN (SELECT value FROM json_each(?))"
    return {row[0]: _counters(row[1:]) for row in db.rows(sql, (json.dumps(list(contact_ids)),))}


def waiting_viewers(db: Mirror, job_ids: Collection[str]) -> set[int]:
    """People with writes that were not sent yet who looked at one of these vacancies."""
    found = db.rows(query("waiting_viewers"), {"jobs": json.dumps(list(job_ids))}) if job_ids else ()
    return {row[0] for row in found}


def counters_moved_after(db: Mirror, moment: datetime) -> dict[str, Counters]:
    """The totals last seen of contacts that may be tracked and visited or clicked after a moment, by contact."""
    return {row[0]: _counters(row[1:]) for row in db.rows(query("counters_moved_after"), {"after": to_text(moment)})}


def _counters(row: Values) -> Counters:
    *totals, page_at, page_kind, page_job = row
    visits, visit_at, clicks, click_at, replies, reply_at, forms, form_at, meeting_at = totals
    return Counters(
        visits=visits,
        last_visit_at=optional_moment(visit_at),
        clicks=clicks,
        last_click_at=optional_moment(click_at),
        replies=replies,
        last_reply_at=optional_moment(reply_at),
        forms=forms,
        last_form_at=optional_moment(form_at),
        last_meeting_at=optional_moment(meeting_at),
        last_page_at=optional_moment(page_at),
        page_kind=page_kind,
        page_job=page_job,
    )


def save_counters(db: Mirror, counters: Mapping[str, Counters]) -> None:
    """Keeps the totals now seen, by contact."""
    db.change_many(query("save_counters"), [(contact_id, *_counter_row(one)) for contact_id, one in counters.items()])


def _counter_row(one: Counters) -> Values:
    return (
        one.visits,
        optional_text(one.last_visit_at),
        one.clicks,
        optional_text(one.last_click_at),
        one.replies,
        optional_text(one.last_reply_at),
        one.forms,
        optional_text(one.last_form_at),
        optional_text(one.last_meeting_at),
        optional_text(one.last_page_at),
        one.page_kind,
        one.page_job,
    )


def add_touch_days(db: Mirror, touches: Iterable[tuple[RecordRef, TouchDay]]) -> None:
    """Adds touches to the days of records: counts add up, the last moment is the latest.

    Callers pass what is new since the totals last seen, and save those totals in the same transaction.
    """
    db.change_many(query("add_touch_day"), [_touch_row(ref, touch) for ref, touch in touches])


def replace_touch_days(
    db: Mirror,
    refs: Collection[RecordRef],
    kinds: Collection[str],
    touches: Iterable[tuple[RecordRef, TouchDay]],
) -> None:
    """Makes these kinds of touch days of these records exactly the given ones."""
    db.change(query("drop_touch_days"), {"refs": ref_json(refs), "kinds": json.dumps(list(kinds))})
    add_touch_days(db, touches)


def _touch_row(ref: RecordRef, touch: TouchDay) -> Values:
    return (
        ref.source,
        ref.remote_id,
        touch.kind,
        touch.job_id,
        touch.day.isoformat(),
        touch.count,
        optional_text(touch.last_at),
        int(touch.suspect),
    )


def load_touch_days(db: Mirror, refs: Collection[RecordRef]) -> dict[RecordRef, list[TouchDay]]:
    """The touch days of records, in order of kind, job and day; then those of contacts' activities."""
    sql = "SELECT * FROM touch_day WHERE (source, remote_id) IN (SELECT value->>0, value->>1 FROM json_each(?))"
    found: dict[RecordRef, list[TouchDay]] = defaultdict(list)
    for source, remote_id, kind, job_id, day, count, last_at, suspect in db.rows(sql, (ref_json(refs),)):
        touch = TouchDay(kind, to_day(day), count, optional_moment(last_at), job_id, suspect == 1)
        found[RecordRef(source, remote_id)].append(touch)
    for contact_id, kind, day, count, last_at in db.rows(query("activity_touches"), {"refs": ref_json(refs)}):
        found[RecordRef(HUBSPOT, contact_id)].append(TouchDay(kind, to_day(day), count, to_moment(last_at)))
    return dict(found)
