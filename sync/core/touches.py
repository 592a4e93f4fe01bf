"""Counters, applications and sign-in sheets → touch days."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sync.core.activity import CALL, DO_NOT_CONTACT, IN, MEETING, WRONG_NUMBER, Activity, is_act
from sync.core.calendar import local_day
from sync.core.events import OTHER
from sync.core.model import Application, Attendance, Counters, TouchDay
from sync.core.policy import KindPolicy

SITE_VISIT = "site_visit"
CAREERS_VISIT = "careers_visit"
VACANCY_VISIT = "vacancy_visit"
MAIL_OPEN = "mail_open"
MAIL_CLICK = "mail_click"
REPLY = "reply"
FORM = "form"
MEETING_HELD = "meeting_held"
APPLICATION_SUBMITTED = "application_submitted"
APPLICATION_STARTED = "application_started"
EVENT_ATTENDED = "event_attended"
EVENT_REGISTERED = "event_registered"

# The kinds of which the person's web or mail behaviour is the source: kept only with tracking consent.
TRACKED_KINDS = (
    SITE_VISIT,
    CAREERS_VISIT,
    VACANCY_VISIT,
    APPLICATION_STARTED,
    APPLICATION_SUBMITTED,
    MAIL_OPEN,
    MAIL_CLICK,
    REPLY,
    FORM,
    OTHER,
)
PAGE_ONLY = "page:"  # starts the id of a vacancy that only a page of the site names
# A page that says more than that there was a visit.
TELLING_PAGES = (VACANCY_VISIT, APPLICATION_STARTED)

HALF_LIVES_AT_FIRST_SIGHT = 6  # older than this a touch is worth under 1.6 %


@dataclass(frozen=True, slots=True)
class _Reading:
    """One kind's total and last moment. `total` None: the vendor shows a moment only."""

    kind: str
    total: int | None
    at: datetime | None
    page_kind: str = ""
    page_job: str = ""


def first_sight(
    counters: Counters, *, now: datetime, zone: ZoneInfo, kinds: Mapping[str, KindPolicy]
) -> tuple[TouchDay, ...]:
    """What a contact seen for the first time is worth: one touch day for each dated kind within six of its
    half-lives.

    The totals give nothing (they may be years old): they only become the baseline. Kinds without a policy
    give nothing.
    """
    today = local_day(now, zone)
    found: list[TouchDay] = []
    for reading in _readings(counters):
        if reading.at is None:
            continue
        for touch in _seen(reading, 1, reading.at, zone):
            policy = kinds.get(touch.kind)
            if policy and (today - touch.day).days <= HALF_LIVES_AT_FIRST_SIGHT * policy.half_life_days:
                found.append(touch)
    return tuple(found)


def delta(
    old: Counters, new: Counters, *, now: datetime, zone: ZoneInfo, covered: Collection[str] = ()
) -> tuple[TouchDay, ...]:
    """Touch days since the counters were last read. Nothing changed → ().

    A total that rose counts its rise, on the day of the last moment shown (none shown: today). A moment that
    moved forward while the total did not rise counts 1. A total that fell (merge, other primary address, bot
    filter) is a new baseline, never negative; a moment that moved back gives nothing by itself. A booked
    meeting keeps its future day. Of several visits the last one is of the kind of the last page, when that tells
    more. `covered`: kinds a better source shows; they give nothing here. Why: docs/vendor-facts.md, contacts.
    """
    found: list[TouchDay] = []
    for before, after in zip(_readings(old), _readings(new), strict=True):
        if after.kind in covered:
            continue
        rise = max(0, (after.total or 0) - (before.total or 0))
        moved = after.at is not None and (before.at is None or after.at > before.at)
        if rise or moved:
            found.extend(_seen(after, max(1, rise), after.at or before.at or now, zone))
        elif after.kind == SITE_VISIT:
            found.extend(_further_page(old, new, zone))
    return tuple(found)


def _further_page(old: Counters, new: Counters, zone: ZoneInfo) -> Iterator[TouchDay]:
    """A telling page reached later in a visit that was counted already."""
    if new.last_page_at is None or new.page_kind not in TELLING_PAGES:
        return
    is_later = old.last_page_at is not None and new.last_page_at > old.last_page_at
    if is_later and (new.page_kind, new.page_job) != (old.page_kind, old.page_job):
        yield _touch(new.page_kind, 1, new.last_page_at, zone, new.page_job)


def _seen(reading: _Reading, count: int, at: datetime, zone: ZoneInfo) -> Iterator[TouchDay]:
    """The touch days of a total that rose by `count`: one, or two when the last visit tells more than the others."""
    if reading.page_kind not in TELLING_PAGES:
        yield _touch(reading.kind, count, at, zone)
        return
    if count > 1:
        yield _touch(reading.kind, count - 1, at, zone)
    yield _touch(reading.page_kind, 1, at, zone, reading.page_job)


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


def finished_on(started: TouchDay, submitted: Iterable[TouchDay]) -> date | None:
    """The day from which an application that was started is submitted, and counts as that only. None: not finished.

    Submitted for the same vacancy, on that day or later. Where one of the two vacancies is not known, or only by a
    page, they may be the same and count as such: what is done once is not counted twice.
    """
    days = (one.day for one in submitted if one.day >= started.day and _may_be_one(one.job_id, started.job_id))
    return min(days, default=None)


def _may_be_one(left: str, right: str) -> bool:
    is_unknown = not left or not right or left.startswith(PAGE_ONLY) != right.startswith(PAGE_ONLY)
    return is_unknown or left == right


def activity_touch(activity: Activity, zone: ZoneInfo) -> TouchDay | None:
    """The touch day of contact with the team, where the person took a step: a meeting that was not called off, on its
    own day, and a call of theirs. None for all else: what the team does is no interest of the person's, a reply by
    mail is counted by HubSpot and needs consent, and messages have no direction (docs/vendor-facts.md, activities).
    """
    if activity.channel == MEETING and is_act(activity):
        return _touch(MEETING_HELD, 1, activity.at, zone)
    if activity.channel == CALL and activity.direction == IN and activity.outcome not in (WRONG_NUMBER, DO_NOT_CONTACT):
        return _touch(REPLY, 1, activity.at, zone)
    return None


def attendance_touch(attendance: Attendance, zone: ZoneInfo) -> TouchDay | None:
    """The touch day of a sign-in line; None for a no-show or a line without a moment."""
    kinds = {"attended": EVENT_ATTENDED, "registered": EVENT_REGISTERED}
    if attendance.at is None or attendance.kind not in kinds:
        return None
    return _touch(kinds[attendance.kind], 1, attendance.at, zone)


def _readings(counters: Counters) -> Iterator[_Reading]:
    yield _Reading(SITE_VISIT, counters.visits, counters.last_visit_at, counters.page_kind, counters.page_job)
    yield _Reading(MAIL_CLICK, counters.clicks, counters.last_click_at)
    yield _Reading(REPLY, counters.replies, counters.last_reply_at)
    yield _Reading(FORM, counters.forms, counters.last_form_at)
    yield _Reading(MEETING_HELD, None, counters.last_meeting_at)


def _touch(kind: str, count: int, at: datetime, zone: ZoneInfo, job_id: str = "") -> TouchDay:
    return TouchDay(kind=kind, day=local_day(at, zone), count=count, last_at=at, job_id=job_id)


def _together(left: TouchDay, right: TouchDay) -> TouchDay:
    last_at = max(at for at in (left.last_at, right.last_at) if at is not None)
    return TouchDay(left.kind, left.day, left.count + right.count, last_at, left.job_id)
