"""What a recruiter is told at once, and in which words: first names only, no scores, nothing about behaviour."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sync.core.calendar import is_working_day, local_day
from sync.core.call_list import Call, Urgency
from sync.core.call_words import moment, moment_words
from sync.core.facts import OwnTask, PersonFacts
from sync.core.keys import primary_candidate
from sync.core.plays import call_back, fan, promise
from sync.core.policy import Policy, WorkingTime
from sync.core.wording_say import Say

MORNING = "morning"
FIRST_REACTION = "first_reaction"
PLAYS_TOLD = (call_back.PLAY, promise.PLAY, fan.PLAY)  # in the order they are told

_WORDS: Mapping[str, Mapping[Urgency | str, str]] = {
    "nl": {
        Urgency.CALL_BACK: "terugbelafspraak",
        Urgency.PROMISE: "antwoord beloofd",
        Urgency.UNANSWERED: "wacht op antwoord",
        Urgency.ABANDONED: "hulp bij solliciteren",
        Urgency.FAN: "nu warm",
        "title": "warmline: {count} voor jou",
        MORNING: "Bellijst {day}",
        FIRST_REACTION: "{at} eerste reactie: {count} wachten",
    },
    "en": {
        Urgency.CALL_BACK: "agreed call",
        Urgency.PROMISE: "answer promised",
        Urgency.UNANSWERED: "waits for an answer",
        Urgency.ABANDONED: "help with applying",
        Urgency.FAN: "warm now",
        "title": "warmline: {count} for you",
        MORNING: "Call list {day}",
        FIRST_REACTION: "{at} first reaction: {count} waiting",
    },
}
_URGENCY = {call_back.PLAY: Urgency.CALL_BACK, promise.PLAY: Urgency.PROMISE, fan.PLAY: Urgency.FAN}


@dataclass(frozen=True, slots=True)
class Hours:
    """Local times between which messages are sent on working days. `ahead`: how long before an agreed call."""

    opens: time
    closes: time
    ahead: timedelta
    working: WorkingTime

    def is_open(self, now: datetime) -> bool:
        """Whether messages are sent now."""
        local = now.astimezone(self.working.zone)
        return is_working_day(local.date(), self.working) and self.opens <= local.time() < self.closes

    def end_of(self, at: datetime) -> datetime:
        """The first end of a day of messages after a moment: until then what happened at it is news."""
        zone = self.working.zone
        day = local_day(at, zone)
        while not is_working_day(day, self.working) or datetime.combine(day, self.closes, tzinfo=zone) <= at:
            day += timedelta(days=1)
        return datetime.combine(day, self.closes, tzinfo=zone)


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to tell one recruiter. `occasion`: its name for ever, made of ids of outside records."""

    owner_id: str
    occasion: str
    task_id: str
    lines: tuple[str, ...]
    order: tuple[int, float] = (0, 0.0)
    count: int = 1


def task_notice(facts: PersonFacts, task: OwnTask, policy: Policy, hours: Hours, now: datetime) -> str:
    """The occasion by which a task is told of now; '': it is not one to tell of, or not now.

    Tasks made before this mirror began were told of by another.
    """
    if not task.open or not task.remote_id or task.owner_id is None or task.play not in PLAYS_TOLD:
        return ""
    since = facts.watched_since
    if since is None or task.made_at < since:
        return ""
    begins, ends = task.made_at, hours.end_of(task.made_at)
    if task.play == call_back.PLAY:
        if task.due_at is None:
            return ""
        begins = task.due_at - hours.ahead
        ends = task.due_at + timedelta(minutes=max(1, policy.plays.call_back.missed_after_minutes))
    return f"{task.play}:{task.remote_id}:{task.marker}" if begins <= now < ends else ""


def task_line(facts: PersonFacts, task: OwnTask, say: Say, link: str) -> str:
    """'14:30 terugbelafspraak: Jan https://…'."""
    urgency = _URGENCY[task.play or fan.PLAY]
    at = None if urgency is Urgency.FAN else _told_due(facts, task)
    return _line(moment_words(at, say) if at else "", urgency, facts, say, link)


def group_line(at: datetime, count: int, say: Say, link: str) -> str:
    """'12:00 eerste reactie: 4 wachten https://…': how many applicants of one vacancy wait, and until when."""
    return f"{_words(say)[FIRST_REACTION].format(at=moment_words(at, say), count=count)} {link}"


def call_line(rank: int, call: Call, say: Say, link: str) -> str:
    """One line of the morning's list: '1. 14:30 terugbelafspraak: Jan https://…'."""
    return f"{rank}. {_line(moment(call, say), call.urgency, call.facts, say, link)}"


def morning_head(day: date, say: Say) -> str:
    """What stands above the list: 'Bellijst di 24 nov'."""
    return _words(say)[MORNING].format(day=say.weekday(day))


def message(notices: Collection[Notice], say: Say) -> tuple[str, str]:
    """Title and text of all there is to tell one recruiter: what is due first, the list last."""
    told = sorted(notices, key=lambda one: (one.order, one.occasion))
    title = _words(say)["title"].format(count=sum(one.count for one in told))
    return title, "\n".join(line for one in told for line in one.lines)


def record_link(domain: str, portal_id: str, contact_id: str) -> str:
    """The address of a contact in HubSpot."""
    return f"https://{domain or 'app.hubspot.com'}/contacts/{portal_id}/record/0-1/{contact_id}"


def tasks_link(domain: str, portal_id: str) -> str:
    """The address of the tasks in HubSpot."""
    return f"https://{domain or 'app.hubspot.com'}/tasks/{portal_id}"


def task_order(task: OwnTask) -> tuple[int, float]:
    """Agreed calls first, then promises, then fans; each by its moment."""
    return PLAYS_TOLD.index(task.play or fan.PLAY), task.due_at.timestamp() if task.due_at else 0.0


def _words(say: Say) -> Mapping[Urgency | str, str]:
    return _WORDS.get(say.language, _WORDS["nl"])


def _line(at: str, urgency: Urgency, facts: PersonFacts, say: Say, link: str) -> str:
    what = " ".join(part for part in (at, _words(say).get(urgency, "")) if part)
    return " ".join(part for part in (f"{what}:" if what else "", first_name(facts, say), link) if part)


def first_name(facts: PersonFacts, say: Say) -> str:
    """The first name as registered; a word for somebody without one."""
    primary = primary_candidate(facts)
    names: Sequence[str | None] = (
        primary.candidate.first_name if primary else None,
        facts.contact.first_name if facts.contact else None,
    )
    return next((said for name in names if (said := say.clip(name))), say.words.nobody)


def _told_due(facts: PersonFacts, task: OwnTask) -> datetime | None:
    """The moment the team is held to; the task itself is due some time before a promise breaks."""
    own = next((one for one in facts.previous if one.play == task.play == promise.PLAY), None)
    codes = {code: rest for code, _, rest in (one.partition(":") for one in own.why)} if own else {}
    return datetime.fromisoformat(codes["due"]) if codes.get("due") else task.due_at
