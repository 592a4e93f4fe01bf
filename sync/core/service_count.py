"""The service to applicants, counted: of everybody, and of each group of five people or more."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sync.core.calendar import local_day
from sync.core.disclosure import hidden_groups, is_few
from sync.core.policy import WorkingTime
from sync.core.promise import BROKEN, DECISION, ENDED, FIRST_REACTION, INTERVIEW, KEPT, OPEN, Promise
from sync.core.service import Answer, Figures, Group, Heard, Rejected, Seen, Served, Service, answer
from sync.core.spans import Times, WorkingSpans, times


def service(
    served: Sequence[Served], by: Callable[[Served], str], seen: Seen, working: WorkingTime, now: datetime
) -> Service:
    """The figures of all and of each group, those of too few people hidden. `served`: any order; prospects left out by
    whoever reads them."""
    read = _Reader(seen, _spans(served, working, now), now)
    lines = [read.line(one) for one in served]
    groups: dict[str, list[_Line]] = defaultdict(list)
    for line in lines:
        groups[by(line.served)].append(line)
    people = {key: {line.served.person for line in those} for key, those in groups.items()}
    hidden = hidden_groups(people)
    rows = tuple(
        Group(key, None if key in hidden else read.figures(groups[key]), hidden.get(key)) for key in sorted(groups)
    )
    everyone = {one.person for one in served}
    return Service(None if is_few(everyone) else read.figures(lines), rows)


def _spans(served: Sequence[Served], working: WorkingTime, now: datetime) -> WorkingSpans:
    moments = [now]
    for one in served:
        moments += [one.began_at] + ([one.decided_at] if one.decided_at else [])
        for promise in one.promises:
            moments += [promise.began_at] + ([promise.kept_at] if promise.kept_at else [])
    return WorkingSpans(working, local_day(min(moments), working.zone), local_day(max(moments), working.zone))


@dataclass(frozen=True, slots=True)
class _Read:
    """A promise as counted. `hours`: working hours until the person heard; None: they did not."""

    answer: Answer
    state: str
    hours: float | None
    in_norm: bool
    moved: bool


@dataclass(frozen=True, slots=True)
class _Line:
    """An application as counted. `reads`: its promises that count, by kind. `days`: working days until its decision."""

    served: Served
    reads: Mapping[str, _Read]
    days: int | None


@dataclass(frozen=True, slots=True)
class _Reader:
    """Each application is measured once, and counted for its group and for the total."""

    seen: Seen
    spans: WorkingSpans
    now: datetime

    def line(self, one: Served) -> _Line:
        reads = {promise.kind: self._read(promise) for promise in one.promises if not promise.backlog}
        decided_at = one.decided_at
        is_known = decided_at is not None and decided_at >= one.began_at
        return _Line(one, reads, self.spans.days(one.began_at, decided_at) if decided_at and is_known else None)

    def _read(self, promise: Promise) -> _Read:
        kept_at = promise.kept_at
        return _Read(
            answer=answer(promise, self.now),
            state=promise.state(self.now),
            hours=self.spans.hours(promise.began_at, kept_at) if kept_at else None,
            in_norm=kept_at is not None and kept_at <= promise.internal_due_at,
            moved=promise.moved_at is not None,
        )

    def figures(self, lines: Sequence[_Line]) -> Figures:
        states = Counter(read.state for line in lines for read in line.reads.values())
        reaction = _heard(lines, FIRST_REACTION)
        return Figures(
            people=len({line.served.person for line in lines}),
            applications=len(lines),
            reaction=replace(reaction, not_counted=len(lines) - sum(reaction.answers.values())),
            interview=_heard(lines, INTERVIEW),
            answer=self._answered(lines),
            decision=_days(lines),
            rejected=self._rejected(lines),
            promises={state: states[state] for state in (KEPT, BROKEN, OPEN, ENDED)},
            moved=sum(read.moved for line in lines for read in line.reads.values()),
        )

    def _answered(self, lines: Sequence[_Line]) -> Heard:
        """Answers to decisions; of a rejection that no source shows the telling of, that it cannot be seen."""
        found = _heard(lines, DECISION)
        blind = sum(1 for line in lines if line.served.status == "rejected" and self._is_blind(line.served))
        return replace(found, answers={**found.answers, Answer.UNSEEN: found.count(Answer.UNSEEN) + blind})

    def _is_blind(self, one: Served) -> bool:
        return one.source not in self.seen.told and all(promise.kind != DECISION for promise in one.promises)

    def _rejected(self, lines: Sequence[_Line]) -> Rejected:
        rejected = [line for line in lines if line.served.status == "rejected"]
        reasoned = [line for line in rejected if line.served.has_reason]
        told = _heard(reasoned, DECISION).hours
        return Rejected(
            all=len(rejected),
            with_reason=len(reasoned),
            told=told.measured,
            not_visible=sum(1 for line in rejected if line.served.source not in self.seen.reasons),
            days=_days(reasoned),
            hours=told,
        )


def _heard(lines: Sequence[_Line], kind: str) -> Heard:
    found = [(line.served.person, line.reads[kind]) for line in lines if kind in line.reads]
    answers = Counter(read.answer.value for _, read in found)
    return Heard(
        answers={one: answers[one.value] for one in Answer},
        within_norm=sum(read.in_norm for _, read in found),
        hours=times((read.hours, person) for person, read in found if read.hours is not None),
    )


def _days(lines: Sequence[_Line]) -> Times:
    return times((line.days, line.served.person) for line in lines if line.days is not None)
