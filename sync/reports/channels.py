"""`report channels`: from touch to application to hire, by where people came from."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sync.core.calendar import local_day
from sync.core.channels import Channel, Channels, Journey, Reach
from sync.core.channels import channels as channels_of
from sync.core.wording import date_words, kind_word
from sync.reports.figures import Period, hidden_word, number, percent, span_report, words_in
from sync.reports.people import View
from sync.reports.service_table import Table
from sync.store import service as store
from sync.store.service import Applied, Ends

BY: Mapping[str, Callable[[Journey], str]] = {
    "origin": lambda one: _plain(one.origin),
    "first_touch": lambda one: one.first_kind,
    "last_touch": lambda one: one.last_kind,
}


@dataclass(frozen=True, slots=True)
class ChannelsReport:
    """`names`: of the channels, by key."""

    period: Period
    by: str
    channels: Channels
    names: Mapping[str, str]

    def name(self, row: Channel) -> str:
        """What a channel is called."""
        return self.names.get(row.key, row.key)

    def ordered(self) -> list[Channel]:
        """Those that show, most applications first, then the hidden by name."""
        return sorted(
            self.channels.rows,
            key=lambda one: (one.reach is None, -one.reach.applied if one.reach else 0, self.name(one)),
        )


def channels_report(view: View, period: Period, by: str) -> ChannelsReport:
    """Who came in the period: by their first application in it, or without any ever, by their first touch. `by`: a key
    of BY."""
    journeys = [*_applicants(view, period), *_others(view, period)]
    found = channels_of(journeys, BY[by])
    words = words_in(view.language)
    if by == "origin":
        return ChannelsReport(period, by, found, {**_spellings(journeys), "": words["unknown"]})
    kinds = {row.key: kind_word(row.key, view.language) for row in found.rows if row.key}
    return ChannelsReport(period, by, found, {**kinds, "": words["none_seen"]})


def _plain(origin: str) -> str:
    """One key for 'Indeed' and 'indeed '."""
    return " ".join(origin.casefold().split())


def _spellings(journeys: Sequence[Journey]) -> dict[str, str]:
    """Of each origin the spelling that is used most."""
    used = Counter(one.origin for one in journeys)
    return {_plain(origin): origin for origin, _ in sorted(used.items(), key=lambda one: (one[1], one[0]))}


def _applicants(view: View, period: Period) -> Iterator[Journey]:
    since, until = period.moments(view)
    by_person: dict[str, list[Applied]] = defaultdict(list)
    for one in store.load_applied(view.db):
        if since <= one.applied_at < until:
            by_person[one.person].append(one)
    firsts = {person: min(those, key=lambda one: one.applied_at) for person, those in by_person.items()}
    zone = view.policy.time.zone
    days = {one.person_id: local_day(one.applied_at, zone) for one in firsts.values() if one.person_id is not None}
    ends = store.ends_of_touches(view.db, days)
    for person, first in firsts.items():
        touched = ends.get(first.person_id) if first.person_id is not None else None
        yield _journey(view, first, by_person[person], touched)


def _journey(view: View, first: Applied, all_of: Sequence[Applied], ends: Ends | None) -> Journey:
    zone = view.policy.time.zone
    hires = [one for one in all_of if one.status == "hired"]
    hired_at = min((one.hired_at for one in hires if one.hired_at), default=None)
    return Journey(
        person=first.person,
        origin=first.origin,
        first_kind=ends.first_kind if ends else "",
        last_kind=ends.last_kind if ends else "",
        touched_on=ends.first_on if ends else None,
        applied_on=local_day(first.applied_at, zone),
        hired=bool(hires),
        hired_on=local_day(hired_at, zone) if hired_at else None,
    )


def _others(view: View, period: Period) -> Iterator[Journey]:
    """Who has a score and never applied."""
    origins = store.never_applied(view.db)
    ends = store.ends_of_touches(view.db, dict.fromkeys(origins, view.today))
    for person_id, touched in ends.items():
        if period.since <= touched.first_on <= period.until:
            yield Journey(
                person=f"p{person_id}",
                origin=origins[person_id],
                first_kind=touched.first_kind,
                last_kind=touched.last_kind,
                touched_on=touched.first_on,
            )


def channels_json(report: ChannelsReport) -> dict[str, Any]:
    """`report channels --json`."""
    total = report.channels.total
    return {
        "since": report.period.since.isoformat(),
        "until": report.period.until.isoformat(),
        "by": report.by,
        "percentile": "nearest rank",
        "total": reach_json(total) if total else {"hidden": "under 5"},
        "channels": [
            {
                "key": one.key,
                "name": report.name(one),
                "hidden": one.hidden.value if one.hidden else None,
                **(reach_json(one.reach) if one.reach else {}),
            }
            for one in report.ordered()
        ],
    }


def reach_json(found: Reach) -> dict[str, Any]:
    """How far the people of a channel that shows came."""
    return {
        "people": found.people,
        "touched": found.touched,
        "applied": found.applied,
        "hired": found.hired,
        "applied_percent": percent(found.applied, found.people),
        "hired_percent": percent(found.hired, found.applied),
        "touch_to_application": span_report(found.to_applied, "days"),
        "application_to_hire": span_report(found.to_hired, "days"),
    }


def channels_title(report: ChannelsReport, language: str) -> str:
    """What the report is about and of which days."""
    words = words_in(language)
    since, until = (date_words(day, language) for day in (report.period.since, report.period.until))
    return f"{words['channels']}, {words['period'].format(since=since, until=until)}"


def channels_table(report: ChannelsReport, language: str) -> Table:
    """A row a channel, the total first."""
    words, rows = words_in(language), report.ordered()
    title = channels_title(report, language)
    if not rows:
        return Table(f"{title}\n{words['nobody']}", (), ())
    shown = ("people", "touched", "applied", "hired", "applied_share", "hired_share", "to_applied", "to_hired")
    head = (words[f"by_{report.by}"], *(words[one] for one in shown))
    lines = [(words["total"], report.channels.total, words["few"])]
    lines += [(report.name(one), one.reach, hidden_word(one.hidden, language) if one.hidden else "") for one in rows]
    cells = [
        (name, *_cells(reach, language)) if reach else (name, hidden, *[""] * (len(head) - 2))
        for name, reach, hidden in lines
    ]
    hides = [words["hidden_note"]] if any(one.hidden for one in rows) else []
    return Table(title, head, cells, (words["channel_note"], words["days_note"], *hides))


def _cells(found: Reach, language: str) -> tuple[Any, ...]:
    few = words_in(language)["few"]
    shares = (percent(found.applied, found.people), percent(found.hired, found.applied))
    return (
        found.people,
        found.touched,
        found.applied,
        found.hired,
        *(number(one, language) + ("" if one is None else "%") for one in shares),
        *(few if one.measured and one.median is None else number(one.median, language) for one in _spans(found)),
    )


def _spans(found: Reach) -> tuple[Any, Any]:
    return found.to_applied, found.to_hired
