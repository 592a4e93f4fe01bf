"""What is due when: pure decisions on values."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from config.settings import load
from sync.core.schedule import Cadence, Job, full_due, job_of, jobs, last_full_due, overdue, owes_full, takes
from sync.errors import ConfigError

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
CADENCE = Cadence(
    hot=timedelta(minutes=2),
    other=timedelta(minutes=15),
    sources={},
    full_at=time(4, 10),
    full_days=frozenset(range(7)),
    grace=timedelta(hours=4),
    zone=AMSTERDAM,
)
HOURLY_ATS = Cadence(
    **{**{name: getattr(CADENCE, name) for name in CADENCE.__slots__}, "sources": {"ats": timedelta(hours=1)}}
)
SUNDAYS = Cadence(**{**{name: getattr(CADENCE, name) for name in CADENCE.__slots__}, "full_days": frozenset({6})})


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM).astimezone(UTC)


@pytest.mark.parametrize(
    ("stream", "incremental", "job"),
    [
        ("hubspot.contacts", True, "hot"),  # touches come in here
        ("hubspot.tasks", True, "hot"),  # what recruiters did with theirs
        ("hubspot.owners", False, "other"),
        ("hubspot.calls", True, "other"),  # an activity: within a quarter of an hour is enough
        ("ats.candidates", True, "hot"),  # the ATS tells what changed
        ("ats.users", False, "other"),  # the ATS shows all of them each time
    ],
)
def test_a_stream_is_read_by_one_job(stream: str, incremental: bool, job: str) -> None:
    assert job_of(CADENCE, stream, incremental=incremental) == job


def test_a_source_with_an_interval_of_its_own_has_a_job_of_its_own() -> None:
    found = [job_of(HOURLY_ATS, "ats.candidates", incremental=True), job_of(HOURLY_ATS, "crm2.jobs", incremental=True)]

    assert found == ["source ats", "hot"]
    assert jobs(HOURLY_ATS) == (
        Job("hot", timedelta(minutes=2)),
        Job("other", timedelta(minutes=15)),
        Job("source ats", timedelta(hours=1)),
        Job("full", timedelta(days=1)),
    )


def test_every_job_reads_a_stream_that_was_never_read_to_its_end() -> None:
    unread = [takes(CADENCE, job, "hubspot.owners", incremental=False, read_before=False) for job in ("hot", "other")]
    read = [takes(CADENCE, job, "hubspot.owners", incremental=False, read_before=True) for job in ("hot", "other")]

    assert (unread, read) == ([True, True], [False, True])


def test_the_nightly_job_reads_every_stream() -> None:
    assert takes(HOURLY_ATS, "full", "ats.candidates", incremental=True, read_before=True)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (local("2026-11-24 04:09"), local("2026-11-23 04:10")),
        (local("2026-11-24 04:10"), local("2026-11-24 04:10")),
        (local("2026-10-25 12:00"), datetime(2026, 10, 25, 3, 10, tzinfo=UTC)),  # clocks went back that night
        (local("2027-03-28 12:00"), datetime(2027, 3, 28, 2, 10, tzinfo=UTC)),  # clocks went forward that night
    ],
)
def test_the_full_read_is_due_at_team_time(now: datetime, due: datetime) -> None:
    assert last_full_due(CADENCE, now) == due


def test_a_weekly_full_read_was_due_last_sunday() -> None:
    assert last_full_due(SUNDAYS, local("2026-11-24 12:00")) == local("2026-11-22 04:10")
    assert jobs(SUNDAYS)[-1] == Job("full", timedelta(days=7))


@pytest.mark.parametrize(
    ("since", "now", "owes"),
    [
        (local("2026-11-23 04:10"), local("2026-11-24 06:00"), True),  # the worker was down at 04:10
        (local("2026-11-24 04:10"), local("2026-11-24 06:00"), False),  # it ran
        (local("2026-11-23 04:10"), local("2026-11-24 08:11"), False),  # past its grace: recruiters are at work
        (None, local("2026-11-24 06:00"), False),  # nothing was ever read: the first run reads all there is
    ],
)
def test_a_missed_full_read_is_made_up_for_within_its_grace(since: datetime | None, now: datetime, owes: bool) -> None:
    assert owes_full(CADENCE, since, now) is owes


def test_a_grace_over_the_change_of_clocks_is_counted_in_real_hours() -> None:
    cadence = Cadence(**{**{name: getattr(CADENCE, name) for name in CADENCE.__slots__}, "grace": timedelta(hours=24)})

    assert owes_full(cadence, local("2026-10-23 04:10"), local("2026-10-25 03:59")) is False
    assert owes_full(cadence, local("2026-10-23 04:10"), local("2026-10-25 01:59")) is True


def test_a_job_is_overdue_after_three_of_its_intervals() -> None:
    begun = local("2026-11-24 09:00")

    found = [overdue(Job("hot", timedelta(minutes=2)), begun, begun + timedelta(minutes=late)) for late in (6, 7)]

    assert found == [False, True]


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("WARMLINE_SCHEDULE__FULL_DAYS", "0,1", "full_days"),  # numbers mean another day to each scheduler
        ("WARMLINE_SCHEDULE__FULL_DAYS", "monday", "full_days"),
        ("WARMLINE_SCHEDULE__FULL_AT", "02:30", "04:00"),  # runs twice in autumn, not at all in spring
        ("WARMLINE_SCHEDULE__HOT_MINUTES", "0", "hot_minutes"),
        ("WARMLINE_SOURCES__ATS__EVERY_MINUTES", "0", "every_minutes"),
    ],
)
def test_a_schedule_that_cannot_be_kept_is_refused(variable: str, value: str, words: str) -> None:
    source = {"WARMLINE_SOURCES__ATS__KIND": "filedrop", "WARMLINE_SOURCES__ATS__PATH": "/inbox"}

    with pytest.raises(ConfigError, match=words):
        load(None, {**source, variable: value})


def test_the_default_settings_are_the_documented_schedule() -> None:
    source = {"WARMLINE_SOURCES__ATS__KIND": "filedrop", "WARMLINE_SOURCES__ATS__PATH": "/inbox"}

    assert load(None, source).cadence == CADENCE
    assert load(None, {**source, "WARMLINE_SOURCES__ATS__EVERY_MINUTES": "60"}).cadence == HOURLY_ATS


@pytest.mark.parametrize(
    ("since", "now", "expected"),
    [
        (None, "2026-11-24 09:00", False),  # a new mirror is read whole anyhow
        ("2026-11-24 04:10", "2026-11-24 09:00", False),
        ("2026-11-23 09:00", "2026-11-24 04:09", False),  # made after yesterday's moment
        ("2026-11-23 09:00", "2026-11-24 04:10", True),
        ("2026-11-23 09:00", "2026-11-24 19:00", True),  # however late the first run of the day is
    ],
)
def test_a_plain_sync_owes_the_full_read_of_the_night_before(since: str | None, now: str, expected: bool) -> None:
    assert full_due(CADENCE, local(since) if since else None, local(now)) is expected


def test_on_other_days_no_full_read_is_due() -> None:
    saturday, sunday, monday = (local(f"2026-11-{day} 09:00") for day in (21, 22, 23))

    assert full_due(SUNDAYS, saturday, sunday) is True
    assert full_due(SUNDAYS, sunday, monday) is False
