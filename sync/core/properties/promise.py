"""`warmline_reply_due_at` and `warmline_reply_due_text`: by when the person hears something."""

from __future__ import annotations

from datetime import date, datetime

from sync.core.calendar import local_day
from sync.core.names import full_name
from sync.core.promise_moves import REPLY_DUE_AT, is_emptied
from sync.core.promises import promises_of
from sync.core.properties.subject import Subject
from sync.core.writes import hubspot_datetime

REPLY_DUE_TEXT = "warmline_reply_due_text"

_TEXT = {"nl": "uiterlijk {day}{name}", "en": "by {day}{name}"}
_NAME = {"nl": ", van {name}", "en": ", from {name}"}
_WEEKDAYS = {
    "nl": ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS = {
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "en": "January February March April May June July August September October November December",
}


def wanted(subject: Subject) -> dict[str, str]:
    """The date of the earliest promise that stands, and that date in words; both empty when nobody waits."""
    due_at = reply_due_at(subject)
    values = {
        REPLY_DUE_AT: hubspot_datetime(due_at) if due_at else "",
        REPLY_DUE_TEXT: reply_due_text(subject, due_at) if due_at else "",
    }
    emptied = {REPLY_DUE_AT: values[REPLY_DUE_AT]} if is_emptied(subject.facts) else {}
    return subject.changed(values) | emptied


def reply_due_at(subject: Subject) -> datetime | None:
    """By when the person hears something; None: nobody promised anything that is still open."""
    promises = promises_of(subject.facts, subject.policy, subject.now)
    return min((one.due_at for one in promises if one.stands), default=None)


def reply_due_text(subject: Subject, due_at: datetime) -> str:
    """'uiterlijk maandag 7 december 2026, van Noor de Wit', in the portal's language; without a recruiter's name the
    day alone."""
    language = subject.policy.write.language
    language = language if language in _TEXT else "nl"
    name = full_name(subject.owner.name, None, None) if subject.owner and subject.owner.name else ""
    said = _NAME[language].format(name=name) if name else ""
    day = _day(local_day(due_at, subject.policy.time.zone), language)
    return _TEXT[language].format(day=day, name=said)


def _day(day: date, language: str) -> str:
    return f"{_WEEKDAYS[language][day.weekday()]} {day.day} {_MONTHS[language].split()[day.month - 1]} {day.year}"
