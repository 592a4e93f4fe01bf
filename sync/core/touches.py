"""Counters, applications and sign-in sheets → touch days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sync.core.calendar import local_day
from sync.core.model import Application, Attendance, Counters, TouchDay
from sync.core.policy import KindPolicy

SITE_VISIT = "site_visit"
MAIL_CLICK = "mail_click"
REPLY = "reply"
FORM = "form"
MEETING_HELD = "meeting_held"
APPLICATION_SUBMITTED = "application_submitted"
APPLICATION_STARTED = "application_started"
EVENT_ATTENDED = "event_attended"
EVENT_REGISTERED = "event_registered"

HALF_LIVES_AT_FIRST_SIGHT = 6  # older than this a touch is worth under 1.6 %


@dataclass(frozen=True, slots=True)
class _Reading:
    """One kind's total and last moment. `total` None: the vendor shows a moment only."""

    kind: str
    total: int | None
    at: datetime | None


def first_sight(
    counters: Counters, *, now: datetime, zone: ZoneInfo, kinds: Mapping[str, KindPolicy]
) -> tuple[TouchDay, ...]:
    """What a contact seen for the first time is worth: one touch day for each dated kind within six of its
    half-lives.

    The totals give nothing (they may be years old): they only become the baseline. Kinds without a policy
    give nothing.
    """
    today = local_day(now, zone)
    found = []
    for reading in _readings(counters):
        policy = kinds.get(reading.kind)
        if reading.at is None or policy is None:
            continue
        age_days = (today - local_day(reading.at, zone)).days
        if age_days <= HALF_LIVES_AT_FIRST_SIGHT * policy.half_life_days:
            found.append(_touch(reading.kind, 1, reading.at, zone))
    return tuple(found)


def delta(old: Counters, new: Counters, *, now: datetime, zone: ZoneInfo) -> tuple[TouchDay, ...]:
    """Touch days since the counters were last read, one a kind at most. Nothing changed → ().

    A total that rose counts its rise, on the day of the last moment shown (none shown: today). A moment that
    moved forward while the total did not rise counts 1. A total that fell (merge, other primary address, bot
    filter) is a new baseline, never negative; a moment that moved back gives nothing by itself. A booked
    meeting keeps its future day. Why: docs/vendor-facts.md, contacts.
    """
    found = []
    for before, after in zip(_readings(old), _readings(new), strict=True):
        rise = max(0, (after.total or 0) - (before.total or 0))
        moved = after.at is not None and (before.at is None or after.at > before.at)
        if rise or moved:
            found.append(_touch(after.kind, max(1, rise), after.at or before.at or now, zone))
    return tuple(found)


def application_touches(applications: Iterable[Application], zone: ZoneInfo) -> tuple[TouchDay, ...]:
    """A touch day for each job and day somebody applied, by day and job. Prospects and unknown moments give
    none.
    """
    found: dict[tuple[str, str], TouchDay] = {}
    for application in sorted(applications, key=lambda one: one.remote_id):
        if application.applied_at is None or application.status == "prospect":
            continue
        touch = _touch(APPLICATION_SUBMITTED, 1, application.applied_at, zone, application.job_id or "")
        key = (touch.day.isoformat(), touch.job_id)
        found[key] = _together(found[key], touch) if key in found else touch
    return tuple(found[key] for key in sorted(found))


def attendance_touch(attendance: Attendance, zone: ZoneInfo) -> TouchDay | None:
    """The touch day of a sign-in line; None for a no-show or a line without a moment."""
    kinds = {"attended": EVENT_ATTENDED, "registered": EVENT_REGISTERED}
    if attendance.at is None or attendance.kind not in kinds:
        return None
    return _touch(kinds[attendance.kind], 1, attendance.at, zone)


def _readings(counters: Counters) -> Iterator[_Reading]:
    yield _Reading(SITE_VISIT, counters.visits, counters.last_visit_at)
    yield _Reading(MAIL_CLICK, counters.clicks, counters.last_click_at)
    yield _Reading(REPLY, counters.replies, counters.last_reply_at)
    yield _Reading(FORM, counters.forms, counters.last_form_at)
    yield _Reading(MEETING_HELD, None, counters.last_meeting_at)


def _touch(kind: str, count: int, at: datetime, zone: ZoneInfo, job_id: str = "") -> TouchDay:
    return TouchDay(kind=kind, day=local_day(at, zone), count=count, last_at=at, job_id=job_id)


def _together(left: TouchDay, right: TouchDay) -> TouchDay:
    last_at = max(at for at in (left.last_at, right.last_at) if at is not None)
    return TouchDay(left.kind, left.day, left.count + right.count, last_at, left.job_id)
