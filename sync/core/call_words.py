"""The call list in words: what each call is for, with its date and moment, and why others are not called."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sync.core.applications import application_ref
from sync.core.call_list import Call
from sync.core.model import Refusal
from sync.core.plays import Wish, abandoned_application, call_back, no_answer, promise, unanswered
from sync.core.promise import INTERVIEW
from sync.core.wording import band_word, person_name, refusal_words, why_parts
from sync.core.wording_reasons import known_jobs
from sync.core.wording_say import Say

_THIS_WEEK = timedelta(days=6)


@dataclass(frozen=True, slots=True)
class _Words:
    """Fixed text of one language. `{job}` begins with a space where the vacancy may be named, else it is empty."""

    call_back: str
    missed: str
    interview: str
    decision: str
    mails: str
    calls: str
    messages: str
    unanswered: str
    started: str
    attempt: str
    groups: Mapping[str, str]


_NL = _Words(
    call_back="terugbelafspraak",
    missed="terugbelafspraak gemist",
    interview="uitslag gesprek{job} beloofd",
    decision="besluit{job} beloofd",
    mails="mail {days}",
    calls="gemiste oproep {days}",
    messages="bericht {days}",
    unanswered="{what}: nog geen antwoord",
    started="sollicitatie{job} begonnen {day}, niet afgemaakt",
    attempt="poging {number}",
    groups={"ask": "eerst mailen", "rest": "rust", "objection": "bezwaar"},
)
_EN = _Words(
    call_back="agreed call",
    missed="agreed call missed",
    interview="news after interview{job} promised",
    decision="decision{job} promised",
    mails="mail {days}",
    calls="missed call {days}",
    messages="message {days}",
    unanswered="{what}: no answer yet",
    started="application{job} begun {day}, not finished",
    attempt="attempt {number}",
    groups={"ask": "mail first", "rest": "rest", "objection": "objection"},
)
_GROUP = {
    Refusal.NO_GROUND: "ask",
    **dict.fromkeys((Refusal.DO_NOT_CALL, Refusal.OPTED_OUT, Refusal.NO_PROFILING), "objection"),
    **dict.fromkeys(
        (Refusal.REST, Refusal.REST_MISSED, Refusal.REST_NO, Refusal.GAP, Refusal.CAP_MAILS, Refusal.CAP_CONTACTS),
        "rest",
    ),
}


def purpose(call: Call, say: Say) -> str:
    """What the call is for, its moment first: '14:30 terugbelafspraak'. A fan, and who has only a score → ''."""
    return " ".join(part for part in (moment(call, say), _what(call, say)) if part)


def why(call: Call, say: Say) -> list[str]:
    """What the call is for, then what is known of the person's engagement."""
    return [part for part in (purpose(call, say), *_known(call, say)) if part]


def badge(call: Call, say: Say) -> str:
    """What a line of the list begins with: the moment, else band and score, 'heet 62'."""
    band = band_word(call.score.band, say.language)
    return moment(call, say) or (band if call.score.value is None else f"{band} {call.score.value}")


def listed(rank: int, call: Call, say: Say) -> str:
    """One line of the list as people read it: ' 1 14:30      Jan de Vries   terugbelafspraak'."""
    return f"{rank:2} {badge(call, say):<12} {person_name(call.facts)[:30]:<30} {line(call, say)}"


def line(call: Call, say: Say) -> str:
    """What follows the name: why to call, at most two reasons; else why not."""
    if call.bar:
        return f"({refusal_words(call.bar.refusal, say.language)})"
    return "; ".join([part for part in (_what(call, say), *_known(call, say)) if part][:2])


def moment(call: Call, say: Say) -> str:
    """By when the call is to be made: '14:30' today, 'wo 12:00' within a week, else with its date. None is set → ''."""
    at = _at(call.wish) if call.wish else None
    return moment_words(at, say) if at else ""


def moment_words(at: datetime, say: Say) -> str:
    """A moment as short as it can be told today: '14:30', 'wo 12:00', 'wo 9 dec 12:00'."""
    day = at.astimezone(say.zone).date()
    if day == say.today:
        return say.time(at)
    if say.today < day <= say.today + _THIS_WEEK:
        return f"{say.words.weekdays[day.weekday()]} {say.time(at)}"
    return say.moment(at)


def barred(refusals: Iterable[Refusal], language: str) -> str:
    """How many are not called and why, the most frequent cause first: '7 eerst mailen, 3 rust, 2 bezwaar'."""
    groups = _words(language).groups
    counted = Counter(groups[_GROUP[one]] if one in _GROUP else refusal_words(one, language) for one in refusals)
    return ", ".join(f"{number} {words}" for words, number in counted.most_common())


def _known(call: Call, say: Say) -> tuple[str, ...]:
    if call.score.value is None and _what(call, say):
        return ()  # that nothing is known of somebody's visits is no reason to keep an appointment
    return why_parts(call.score, call.facts, language=say.language, today=say.today)


def _words(language: str) -> _Words:
    return _EN if language == "en" else _NL


def _at(wish: Wish) -> datetime | None:
    if wish.play == promise.PLAY:
        due = _codes(wish).get("due")
        return datetime.fromisoformat(due) if due else wish.due_at
    return wish.due_at if wish.play in (call_back.PLAY, no_answer.PLAY) else None


def _codes(wish: Wish) -> dict[str, str]:
    return {code: rest for code, _, rest in (one.partition(":") for one in wish.reasons)}


def _what(call: Call, say: Say) -> str:
    say_it = _SAID.get(call.wish.play) if call.wish else None
    return say_it(call, call.wish, say) if say_it and call.wish else ""


def _call_back(_: Call, wish: Wish, say: Say) -> str:
    words = _words(say.language)
    return words.missed if call_back.MISSED in wish.reasons else words.call_back


def _promise(call: Call, wish: Wish, say: Say) -> str:
    words = _words(say.language)
    one = next((one for one in call.facts.applications if application_ref(one) == wish.application), None)
    text = words.interview if wish.occasion.startswith(f"{INTERVIEW}:") else words.decision
    return text.format(job=_named(say.job(one)))


def _unanswered(_: Call, wish: Wish, say: Say) -> str:
    words, came = _words(say.language), dict[str, list[date]]()
    for _code, channel, day in (reason.split(":") for reason in wish.reasons):
        kind = {"email": "mails", "call": "calls"}.get(channel, "messages")
        came.setdefault(kind, []).append(date.fromisoformat(day))
    told = [getattr(words, kind).format(days=say.days(days)) for kind, days in came.items()]
    return words.unanswered.format(what=", ".join(told))


def _started(call: Call, wish: Wish, say: Say) -> str:
    job_id, _, day = wish.reasons[0].partition(":")[2].rpartition(":")
    job = say.job(known_jobs(call.facts).get(job_id))
    return _words(say.language).started.format(job=_named(job), day=say.day(date.fromisoformat(day)))


def _no_answer(_: Call, wish: Wish, say: Say) -> str:
    tried = [one for one in wish.reasons if one != no_answer.LAST]
    return _words(say.language).attempt.format(number=len(tried) + 1)


def _named(job: str) -> str:
    return f" {job}" if job else ""


_SAID: Mapping[str, Callable[[Call, Wish, Say], str]] = {
    call_back.PLAY: _call_back,
    promise.PLAY: _promise,
    unanswered.PLAY: _unanswered,
    abandoned_application.PLAY: _started,
    no_answer.PLAY: _no_answer,
}
