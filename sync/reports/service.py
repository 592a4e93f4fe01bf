"""`report service`: how applicants were served, as figures with their names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sync.core.comparing import own_figures
from sync.core.model import HUBSPOT
from sync.core.promise_policy import PromisePolicy
from sync.core.service import Answer, Backlog, Figures, Group, Heard, Rejected, Seen, Served, Service, month
from sync.core.service import backlog as backlog_of
from sync.core.service_count import service as service_of
from sync.reports.figures import Period, Reference, percent, references, span_report, words_in
from sync.reports.people import View
from sync.store import cursors, promises, runs
from sync.store import service as store

BY = ("vacancy", "team", "month")
CHANNELS = ("calls", "meetings", "emails", "communications")
BLIND = "n/a, not visible"


@dataclass(frozen=True, slots=True)
class Shows:
    """What a source shows, by what is asked of it. `system`: the vendor as people call it."""

    source: str
    system: str
    stage_moves: bool
    first_message: bool
    rejection_told: bool
    reject_reason: bool


@dataclass(frozen=True, slots=True)
class ServiceReport:
    """Everything the report shows. `names`: of the groups, by key. `backlog` None: of fewer than five people. `ours`:
    by the measure of a reference. `watched_since`: the day of the first run, as text; None: there was none. `hubspot`:
    whether contact by a channel is read there. `is_followed` False: play `promise` is off, so nothing is known anew."""

    period: Period
    by: str
    service: Service
    names: Mapping[str, str]
    backlog: Backlog | None
    shows: tuple[Shows, ...]
    ours: Mapping[str, float | None]
    watched_since: str | None = None
    hubspot: Mapping[str, bool] = field(default_factory=dict)
    is_followed: bool = True

    def name(self, group: Group) -> str:
        """What a group is called."""
        return self.names.get(group.key, group.key)

    def ordered(self) -> list[Group]:
        """Months in order; else those who show, the largest first, then the hidden by name."""
        if self.by == "month":
            return list(self.service.groups)
        return sorted(
            self.service.groups, key=lambda one: (-one.figures.applications if one.figures else 1, self.name(one))
        )


def service_report(view: View, period: Period, by: str) -> ServiceReport:
    """The service to everybody who applied in the period, as of now. `by`: one of BY."""
    served = store.load_served(view.db, *period.moments(view))
    policy = view.policy.plays.promise
    reasons = store.sources_with_reasons(view.db)
    seen = Seen(frozenset(name for name in policy.sees if policy.sight(name).told), reasons)
    watched = promises.watched_since(view.db)
    found = service_of(served, _key(view, by), seen, view.policy.time, view.now)
    return ServiceReport(
        period=period,
        by=by,
        service=found,
        names=_names(view, by),
        backlog=backlog_of(store.overdue_before(view.db)),
        shows=_shows(policy, store.sources_with_applications(view.db), reasons),
        ours=own_figures(served, view.now) if found.total else {},
        watched_since=watched.astimezone(view.policy.time.zone).date().isoformat() if watched else None,
        hubspot=_hubspot(view),
        is_followed=policy.enabled,
    )


def _hubspot(view: View) -> dict[str, bool]:
    """By channel, whether contact is read: it was, to its end, and the last run did not fail to."""
    last = runs.last_run(view.db)
    told = runs.list_streams(view.db, last.run_id) if last else {}
    failed = {stream for stream, (_, error) in told.items() if error}
    streams = {channel: f"{HUBSPOT}.{channel}" for channel in CHANNELS}
    return {
        channel: stream not in failed and cursors.read_before(view.db, stream) for channel, stream in streams.items()
    }


def _key(view: View, by: str) -> Callable[[Served], str]:
    if by == "month":
        return lambda one: month(one, view.policy.time.zone)
    if by == "team":
        return lambda one: one.owner_id or ""
    return lambda one: f"{one.source}:{one.job_id}" if one.job_id else ""


def _names(view: View, by: str) -> dict[str, str]:
    words = words_in(view.language)
    if by == "month":
        return {}
    if by == "team":
        return {**store.owner_names(view.db), "": words["no_team"]}
    return {
        **{
            key: words["confidential"].format(id=key) if job.confidential else job.name or key
            for key, job in store.job_names(view.db).items()
        },
        "": words["no_vacancy"],
    }


def _shows(policy: PromisePolicy, sources: frozenset[str], reasons: frozenset[str]) -> tuple[Shows, ...]:
    found = []
    for source in sorted(sources | policy.sees.keys()):
        sight = policy.sight(source)
        found.append(Shows(source, sight.title or source, sight.moves, sight.messages, sight.told, source in reasons))
    return tuple(found)


def service_json(report: ServiceReport) -> dict[str, Any]:
    """`report service --json`."""
    total = report.service.total
    return {
        "since": report.period.since.isoformat(),
        "until": report.period.until.isoformat(),
        "by": report.by,
        "promises_followed": report.is_followed,
        "percentile": "nearest rank",
        "total": figures_json(total) if total else {"hidden": "under 5"},
        "groups": [_group_json(report, one) for one in report.ordered()],
        "backlog": _backlog_json(report),
        "sources": [_shows_json(one) for one in report.shows],
        "hubspot": {channel: "visible" if is_read else BLIND for channel, is_read in report.hubspot.items()},
        "references": [_reference_json(one, report.ours.get(one.measure)) for one in references()],
    }


def figures_json(found: Figures) -> dict[str, Any]:
    """The figures of a group that shows."""
    return {
        "people": found.people,
        "applications": found.applications,
        "first_reaction": {**_heard_json(found.reaction), "not_counted": found.reaction.not_counted},
        "after_interview": _heard_json(found.interview),
        "decision_told": _heard_json(found.answer) if found.answer.is_visible else BLIND,
        "decision": span_report(found.decision, "working_days"),
        "reasoned_rejection": _rejected_json(found.rejected, found.answer),
        "promises": {**found.promises, "moved": found.moved},
    }


def _group_json(report: ServiceReport, one: Group) -> dict[str, Any]:
    hidden = one.hidden.value if one.hidden else None
    known = figures_json(one.figures) if one.figures else {}
    return {"key": one.key, "name": report.name(one), "hidden": hidden, **known}


def _heard_json(found: Heard) -> dict[str, Any]:
    return {
        **{one.value: found.count(one) for one in Answer},
        "in_time_percent": percent(found.count(Answer.IN_TIME), found.due),
        "within_norm": found.within_norm,
        **span_report(found.hours, "working_hours"),
    }


def _rejected_json(found: Rejected, answer: Heard) -> dict[str, Any] | str:
    if found.all and found.not_visible == found.all:
        return BLIND
    return {
        "rejected": found.all,
        "with_reason": found.with_reason,
        "not_visible": found.not_visible,
        **span_report(found.days, "working_days"),
        "told": {"number": found.told, **span_report(found.hours, "working_hours")} if answer.is_visible else BLIND,
    }


def _backlog_json(report: ServiceReport) -> dict[str, Any]:
    found, since = report.backlog, {"before": report.watched_since}
    if found is None:
        return {**since, "hidden": "under 5"}
    return {**since, "people": found.people, "waiting": found.waiting, "answered_since": found.answered}


def _shows_json(one: Shows) -> dict[str, str]:
    asked = ("stage_moves", "first_message", "rejection_told", "reject_reason")
    return {
        "source": one.source,
        "system": one.system,
        **{name: "visible" if getattr(one, name) else BLIND for name in asked},
    }


def _reference_json(one: Reference, ours: float | None) -> dict[str, Any]:
    return {
        "measure": one.measure,
        "about": one.said["en"],
        "ours": ours,
        "theirs": one.figure,
        "unit": one.unit,
        "year": one.year,
        "source": one.source,
        "verified": False,
        "read_at": one.via or None,
    }
