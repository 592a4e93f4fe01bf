"""`report service` as tables, in the team's language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sync.core.service import Answer, Figures, Group, Heard, Rejected
from sync.core.wording import date_words
from sync.reports.figures import hidden_word, number, percent, references, span, words_in
from sync.reports.service import ServiceReport

_ASKED = ("stage_moves", "first_message", "rejection_told")


@dataclass(frozen=True, slots=True)
class Table:
    """`about` stands over it, `notes` under it."""

    about: str
    head: Sequence[str]
    rows: Sequence[Sequence[Any]]
    notes: Sequence[str] = ()


def period_words(report: ServiceReport, language: str) -> str:
    """'24 aug 2026 t/m 22 nov 2026'."""
    since, until = (date_words(day, language) for day in (report.period.since, report.period.until))
    return words_in(language)["period"].format(since=since, until=until)


def service_tables(report: ServiceReport, language: str) -> list[Table]:
    """First reactions, what came after them, what each source shows, and the public figures."""
    words = words_in(language)
    title = f"{words['service']}, {period_words(report, language)}"
    if not report.service.groups:
        return [Table(f"{title}\n{words['nobody']}", (), (), (backlog_words(report, language),))]
    return [
        Table(f"{title}\n\n{words['first_reaction']}", *_reactions(report, language)),
        Table(words["later"], *_later(report, language)),
        _sources(report, language),
        _references(report, language),
    ]


def backlog_words(report: ServiceReport, language: str) -> str:
    """What was overdue before the first run, in a sentence."""
    words, found = words_in(language), report.backlog
    if found is None:
        return words["backlog_few"]
    if not found.people:
        return words["backlog_none"]
    return words["backlog"].format(people=found.people, waiting=found.waiting, answered=found.answered)


def _lines(report: ServiceReport, language: str) -> Iterator[tuple[str, Figures | None, str]]:
    """Every row: what it is called, its figures, and the word where they do not show."""
    words = words_in(language)
    yield words["total"], report.service.total, words["few"]
    for group in report.ordered():
        yield report.name(group), group.figures, _hidden(group, language)


def _hidden(group: Group, language: str) -> str:
    return hidden_word(group.hidden, language) if group.hidden else ""


def _reactions(report: ServiceReport, language: str) -> tuple[Sequence[str], list[Sequence[Any]], Sequence[str]]:
    words = words_in(language)
    shown = ("people", "applied", "in_time", "late", "never", "waiting", "other", "share", "hours")
    head = (words[f"by_{report.by}"], *(words[one] for one in shown))
    rows: list[Sequence[Any]] = [
        (name, *_reaction(figures, language)) if figures else (name, hidden, *[""] * (len(head) - 2))
        for name, figures, hidden in _lines(report, language)
    ]
    is_hidden = any(group.hidden for group in report.service.groups)
    hides = [words["hidden_note"]] if is_hidden else []
    return head, rows, (words["rank"], *hides, backlog_words(report, language))


def _reaction(found: Figures, language: str) -> Sequence[Any]:
    heard = found.reaction
    known = [heard.count(one) for one in (Answer.IN_TIME, Answer.LATE, Answer.NEVER, Answer.WAITING)]
    share = number(percent(heard.count(Answer.IN_TIME), heard.due), language)
    return found.people, found.applications, *known, found.applications - sum(known), share, span(heard.hours, language)


def _later(report: ServiceReport, language: str) -> tuple[Sequence[str], list[Sequence[Any]]]:
    words = words_in(language)
    shown = ("after_interview", "hours", "answered", "hours", "decision_days", "reasoned", "reasoned_days", "promises")
    head = (words[f"by_{report.by}"], *(words[one] for one in shown))
    told = f"{words['kept']} / {words['broken']} / {words['moved']}"
    units = ("", words["outcomes"], "", words["outcomes"], "", "", "", "", told)
    rows = [(name, *_after(figures, language)) for name, figures, _ in _lines(report, language) if figures]
    return head, [units, *rows] if rows else []


def _after(found: Figures, language: str) -> Sequence[Any]:
    promises = (found.promises["kept"], found.promises["broken"], found.moved)
    return (
        *_outcomes(found.interview, language),
        *_outcomes(found.answer, language),
        span(found.decision, language),
        *_reasoned(found.rejected, language),
        " / ".join(str(one) for one in promises),
    )


def _outcomes(heard: Heard, language: str) -> tuple[str, str]:
    if not heard.is_visible:
        return words_in(language)["blind"], ""
    counts = [heard.count(one) for one in (Answer.IN_TIME, Answer.LATE, Answer.NEVER)]
    return " / ".join(str(one) for one in counts), span(heard.hours, language)


def _reasoned(found: Rejected, language: str) -> tuple[str, str]:
    if found.all and found.not_visible == found.all:
        return words_in(language)["blind"], ""
    return f"{found.with_reason} / {found.all}", span(found.days, language)


def _sources(report: ServiceReport, language: str) -> Table:
    words = words_in(language)
    rows = [
        (
            one.source,
            *(words["visible"] if getattr(one, name) else words["blind"] for name in _ASKED),
            words["visible"] if one.reject_reason else words["no_reason_seen"],
        )
        for one in report.shows
    ]
    head = [words[one] for one in ("source", *_ASKED, "reject_reason")]
    return Table(words["sources"], head, rows, unseen_notes(report, language))


def unseen_notes(report: ServiceReport, language: str) -> list[str]:
    """What of the team's contact nothing shows, in sentences."""
    words = words_in(language)
    off = [words[channel] for channel, is_read in report.hubspot.items() if not is_read]
    notes = [words["unseen_note"]]
    if off:
        notes.append(words["hubspot_off"].format(channels=", ".join(off)))
    if not report.is_followed:
        notes.append(words["not_followed"])
    return notes


def _references(report: ServiceReport, language: str) -> Table:
    words = words_in(language)
    rows = []
    for one in references():
        unit = "%" if one.unit == "%" else f" {words['weeks']}"
        ours = report.ours.get(one.measure)
        rows.append(
            (
                one.said["en" if language == "en" else "nl"],
                "–" if ours is None else f"{number(ours, language)}{unit}",
                f"{number(one.figure, language)}{unit}",
                one.year,
                f"{one.source} ({one.via or words['not_checked']})",
            )
        )
    head = [words[one] for one in ("measure", "ours", "theirs", "year", "where")]
    return Table(words["references"], head, rows)
