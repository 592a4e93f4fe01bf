"""Streams a portal may not show: when they are asked for, and what changes when one is switched on or off.

While a stream of single events is on, HubSpot's counters of its kinds are not counted too, also across the day it was
switched on; when it goes off again, they count from what they show then (docs/decisions/0042, 0043).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Protocol, runtime_checkable

from connectors.protocols import StreamSpec
from sync.core.calendar import local_day
from sync.core.model import HUBSPOT, RecordRef, TouchDay
from sync.core.touches import FORM, MAIL_CLICK, MEETING_HELD, SITE_VISIT, TELLING_PAGES, first_sight
from sync.stages.intake_engagement import EngagementIntake
from sync.stages.pull import Intake, StreamOutcome
from sync.stages.run import Run
from sync.store import activities, cursors, engagement, runs, work
from sync.store import touches as touch_rows
from sync.store.db import Mirror
from sync.store.runs import StreamCounts
from sync.store.times import optional_moment, to_text

ASKED_AGAIN = timedelta(days=1)
WHOLE_DAYS = 8  # a day more than events may come late

MEETINGS = f"{HUBSPOT}.meetings"

# Which kinds of HubSpot's counters each stream shows better. A submission is looked for after its count.
COVERS = {
    f"{HUBSPOT}.events": frozenset({SITE_VISIT}),
    f"{HUBSPOT}.email_events": frozenset({MAIL_CLICK}),
    f"{HUBSPOT}.forms": frozenset({FORM}),
    MEETINGS: frozenset({MEETING_HELD}),
}


@runtime_checkable
class WaitsForNews(Protocol):
    """An intake whose stream is only asked for when something else told of news in it."""

    def has_news(self, db: Mirror) -> bool: ...


def covered_kinds(db: Mirror) -> frozenset[str]:
    """Kinds that a better source than the counters shows now."""
    return frozenset(kind for stream, kinds in COVERS.items() if _is_on(db, stream) for kind in kinds)


def not_asked(run: Run, stream: str, spec: StreamSpec, intake: Intake) -> StreamOutcome | None:
    """The outcome of a stream that is left alone in this run: off, or without news. None: it is to be read."""
    off = _off(run.db, stream)
    if spec.needs and off and run.now < off[1]:
        return StreamOutcome(stream, StreamCounts(), off[0], off=True, lost=False)
    if isinstance(intake, WaitsForNews) and cursors.was_read(run.db, stream, intake.version):
        position = cursors.load(run.db, stream)
        is_between = position is not None and position.until is None and position.since is not None
        if is_between and not intake.has_news(run.db):
            return StreamOutcome(stream, StreamCounts())
    return None


def settle(run: Run, spec: StreamSpec, intake: Intake, outcome: StreamOutcome) -> StreamOutcome:
    """Keep how the pull of a stream ended, and let its kinds change hands where it was switched on or off.

    The outcome: a stream the portal never showed is not lost.
    """
    if outcome.stream == MEETINGS:
        _settle_meetings(run, outcome)
    if not spec.needs or (outcome.error and not outcome.off):
        return outcome
    is_lost = cursors.read_before(run.db, outcome.stream) and not _off(run.db, outcome.stream)
    with run.db.write(run.lease):
        if outcome.off:
            again_at = run.now + ASKED_AGAIN
            _set(run.db, f"off {outcome.stream}", json.dumps([outcome.error, to_text(again_at)]))
        else:
            _set(run.db, f"off {outcome.stream}", "")
        if isinstance(intake, EngagementIntake):
            _change_hands(run, intake, is_off=outcome.off)
    return replace(outcome, lost=is_lost)


def ask_again(db: Mirror) -> None:
    """Makes the next run ask for every stream that is off."""
    db.change("DELETE FROM setting WHERE substr(name, 1, 4) = 'off '")


def off_streams(db: Mirror) -> dict[str, tuple[str, datetime]]:
    """Streams that are off: why, and until when they are not asked for again."""
    names = [row[0] for row in db.rows("SELECT name FROM setting WHERE substr(name, 1, 4) = 'off ' ORDER BY name")]
    found = {name[4:]: _off(db, name[4:]) for name in names}
    return {stream: one for stream, one in found.items() if one}


def _off(db: Mirror, stream: str) -> tuple[str, datetime] | None:
    text = runs.setting(db, f"off {stream}")
    if not text:
        return None
    reason, again_at = json.loads(text)
    moment = optional_moment(again_at)
    assert moment is not None
    return reason, moment


def _is_on(db: Mirror, stream: str) -> bool:
    return runs.setting(db, f"on {stream}") == "1"


def _set(db: Mirror, name: str, value: str) -> None:
    if (runs.setting(db, name) or "") != value:
        runs.set_setting(db, name, value)


def _settle_meetings(run: Run, outcome: StreamOutcome) -> None:
    """Once meetings are read, each counts by itself, so that one that is called off counts no more; HubSpot's date of
    the last one serves where they cannot be read."""
    if outcome.error and not outcome.off:
        return
    with run.db.write(run.lease):
        if outcome.off:
            _set(run.db, f"on {MEETINGS}", "")
        shows_from = None if outcome.off or _is_on(run.db, MEETINGS) else activities.first_touch_day(run.db, MEETINGS)
        if shows_from is None:
            return
        changed = engagement.take_over(run.db, COVERS[MEETINGS], shows_from)
        work.enqueue(run.db, "reconcile", [RecordRef(HUBSPOT, one) for one in changed], run.now)
        _set(run.db, f"on {MEETINGS}", "1")


def _change_hands(run: Run, intake: EngagementIntake, *, is_off: bool) -> None:
    """A stream is on from the first time it was read to its end and had shown somebody known: one that answers and
    shows nobody leaves the counters in charge."""
    stream = intake.stream
    if is_off and _is_on(run.db, stream):
        _switch_off(run, stream)
    if is_off:
        return
    shows_from = None if _is_on(run.db, stream) else engagement.first_event_day(run.db, stream)
    if shows_from is not None:
        _switch_on(run, stream, max(shows_from, run.today - timedelta(days=intake.reach_days)))
    if FORM in COVERS[stream]:
        _count_unfound_forms(run, stream)
    _compact(run)


def _switch_on(run: Run, stream: str, shows_from: date) -> None:
    """From the day the stream shows events of, its kinds are what it shows."""
    db, kinds = run.db, COVERS[stream]
    was = optional_moment(runs.setting(db, f"was {stream}") or None)
    from_day = local_day(was, run.policy.time.zone) if was else shows_from
    changed = (
        engagement.claim_forms(db, stream, from_day) if FORM in kinds else engagement.take_over(db, kinds, from_day)
    )
    work.enqueue(db, "reconcile", [RecordRef(HUBSPOT, one) for one in changed], run.now)
    _set(db, f"on {stream}", "1")


def _switch_off(run: Run, stream: str) -> None:
    """The counters take over. What they date after the last event read gives one touch day a kind, as at first
    sight."""
    db, kinds = run.db, COVERS[stream]
    position = cursors.load(db, stream)
    read_to = position.since if position else None
    _set(db, f"on {stream}", "")
    if FORM in kinds:
        _count_unfound_forms(run, stream)
    if read_to is None or FORM in kinds:
        return
    _set(db, f"was {stream}", to_text(read_to))
    zone = run.policy.time.zone
    found: list[tuple[RecordRef, TouchDay]] = []
    for contact_id, counters in touch_rows.counters_moved_after(db, read_to).items():
        for touch in first_sight(counters, now=run.now, zone=zone, kinds=run.policy.score.kinds):
            if _is_of(touch.kind, kinds) and touch.last_at is not None and touch.last_at > read_to:
                found.append((RecordRef(HUBSPOT, contact_id), touch))
    _give(run, found, engagement.date_touch_days)


def _is_of(kind: str, kinds: Collection[str]) -> bool:
    """Whether a touch comes from one of these counters: a visit may bear the kind of its page."""
    return kind in kinds or (SITE_VISIT in kinds and kind in TELLING_PAGES)


def _count_unfound_forms(run: Run, stream: str) -> None:
    """A form that was counted and has no submission that can be read counts all the same."""
    unfound = engagement.settle_forms(run.db, stream)
    zone = run.policy.time.zone
    found = [
        (RecordRef(HUBSPOT, contact_id), TouchDay(FORM, local_day(at, zone), count, at))
        for contact_id, count, at in unfound
    ]
    _give(run, found, touch_rows.add_touch_days)


def _give(
    run: Run,
    touches: Sequence[tuple[RecordRef, TouchDay]],
    save: Callable[[Mirror, Sequence[tuple[RecordRef, TouchDay]]], None],
) -> None:
    if touches:
        save(run.db, touches)
        work.enqueue(run.db, "reconcile", [ref for ref, _ in touches], run.now)


def _compact(run: Run) -> None:
    """Once a local day: what only served to judge late events is forgotten."""
    if runs.setting(run.db, "compacted") == run.today.isoformat():
        return
    engagement.compact(run.db, whole_from=run.today - timedelta(days=WHOLE_DAYS))
    _set(run.db, "compacted", run.today.isoformat())
