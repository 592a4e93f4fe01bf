"""The reports on service and channels, of invented people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache

from docs.render.markdown import table
from docs.render.persons import policy
from sync.core.channels import Journey
from sync.core.channels import channels as channels_of
from sync.core.comparing import own_figures
from sync.core.promise import DECISION, FIRST_REACTION, INTERVIEW, Promise
from sync.core.promise_terms import internal_due_at, public_due_at
from sync.core.service import Backlog, Seen, Served
from sync.core.service_count import service as service_of
from sync.reports.channels import ChannelsReport, channels_table
from sync.reports.chart_channels import channels_chart
from sync.reports.chart_service import service_chart
from sync.reports.figures import Period
from sync.reports.service import ServiceReport, Shows
from sync.reports.service_table import Table, service_tables

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
PERIOD = Period(date(2026, 8, 26), date(2026, 11, 23))
_FIRST = datetime(2026, 9, 1, 8, 30, tzinfo=UTC)
_NAMES = {
    "recruitee:j1": "Wijkverpleegkundige",
    "recruitee:j2": "Verzorgende IG",
    "files:j3": "Planner thuiszorg",
    "files:j4": "Teamleider",
}
# Vacancy; how many applied; after how many hours they heard, in turn (None: never); after how many days it was decided.
_STORIES = (
    ("recruitee:j1", 24, (5, 20, 48, 3, 96, 400), 16),
    ("recruitee:j2", 15, (8, 30, None, 72), 24),
    ("files:j3", 9, (4, 26, 50), 12),
    ("files:j4", 3, (100, None, 2), 30),
)
_ORIGINS = (("Indeed", 22, 0.8, 2), ("eigen site", 14, 0.9, 4), ("open dag", 8, 0.5, 2), ("tante Riet", 2, 1.0, 1))
_KINDS = ("vacancy_visit", "mail_click", "event_attended")


@cache
def service_report() -> ServiceReport:
    """Four vacancies in two sources; one of them shows whether a rejection was told, and one has three applicants."""
    rules = policy("en")
    served = [one for story in _STORIES for one in _served(*story)]
    seen = Seen(told=frozenset({"files"}), reasons=frozenset({"files", "recruitee"}))
    found = service_of(served, lambda one: f"{one.source}:{one.job_id}", seen, rules.time, NOW)
    shows = (Shows("files", "files", True, True, True, True), Shows("recruitee", "Recruitee", True, True, False, True))
    return ServiceReport(PERIOD, "vacancy", found, _NAMES, Backlog(7, 3, 4), shows, own_figures(served, NOW))


def _served(job: str, number: int, heard_after: tuple[int | None, ...], decided_after: int) -> Iterator[Served]:
    source, job_id = job.split(":")
    for place in range(number):
        at = _FIRST + timedelta(days=place * 3 % 80, minutes=place)
        hours = heard_after[place % len(heard_after)]
        heard_at = at + timedelta(hours=hours) if hours is not None else None
        decided_at = at + timedelta(days=decided_after + place % 5)
        is_decided = decided_at < NOW
        met_at = at + timedelta(days=5)
        promises = [_promise(FIRST_REACTION, source, f"a{place}", at, heard_at)]
        if job_id == "j1" and place % 2 and met_at < NOW:
            promises.append(_promise(INTERVIEW, source, f"a{place}", met_at, met_at + timedelta(hours=place * 13)))
        if is_decided and source == "files":
            promises.append(
                _promise(DECISION, source, f"a{place}", decided_at, decided_at + timedelta(hours=place * 9))
            )
        yield Served(
            source=source,
            application_id=f"a{place}",
            person=f"{job}:{place}",
            began_at=at,
            job_id=job_id,
            status="rejected" if is_decided else "active",
            decided_at=decided_at if is_decided else None,
            has_reason=place % 3 > 0,
            promises=tuple(promises),
        )


def _promise(kind: str, source: str, application_id: str, at: datetime, kept_at: datetime | None) -> Promise:
    rules = policy("en")
    terms = rules.plays.promise
    return Promise(
        source=source,
        application_id=application_id,
        kind=kind,
        began_at=at,
        internal_due_at=internal_due_at(at, terms, rules.time),
        public_due_at=public_due_at(at, terms.public_working_days, rules.time),
        kept_at=kept_at if kept_at and kept_at < NOW else None,
    )


@cache
def channels_report() -> ChannelsReport:
    """Four origins, one of them of two people."""
    journeys = [one for channel in _ORIGINS for one in _journeys(*channel)]
    found = channels_of(journeys, lambda one: one.origin)
    return ChannelsReport(Period(date(2025, 11, 24), PERIOD.until), "origin", found, {})


def _journeys(origin: str, number: int, applied: float, hires: int) -> Iterator[Journey]:
    for place in range(number):
        touched_on = date(2026, 8, 1) + timedelta(days=place * 2)
        has_applied = place < number * applied
        applied_on = touched_on + timedelta(days=3 + place % 9) if has_applied else None
        hired = place < hires
        yield Journey(
            person=f"{origin}:{place}",
            origin=origin,
            first_kind=_KINDS[place % 3],
            last_kind=_KINDS[place % 2],
            touched_on=touched_on,
            applied_on=applied_on,
            hired=hired,
            hired_on=applied_on + timedelta(days=30) if applied_on and hired else None,
        )


def service_example() -> str:
    return "\n\n".join(_shown(one) for one in service_tables(service_report(), "en"))


def channels_example() -> str:
    return _shown(channels_table(channels_report(), "en"))


def service_picture() -> str:
    """Drawn as `report service --svg` does."""
    return service_chart(service_report(), "en")


def channels_picture() -> str:
    """Drawn as `report channels --svg` does."""
    return channels_chart(channels_report(), "en")


def _shown(one: Table) -> str:
    about = "\n\n".join(f"**{line}**" for line in one.about.split("\n") if line)
    return "\n\n".join([about, table(one.head, one.rows), *one.notes])
