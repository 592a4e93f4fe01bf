"""What every template about a person may tell: facts as text, lists and yes or no (config/templates/variables.toml)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from sync.core.activity import TASK, WRONG_NUMBER, Activity, is_act, is_missed_attempt
from sync.core.applications import application_ref, has_running_application
from sync.core.calendar import local_day
from sync.core.consent import EMAIL, PHONE, Standing
from sync.core.facts import LinkedApplication, PersonFacts
from sync.core.grounds import CONSENT, channel_consent
from sync.core.keys import live_candidates, primary_candidate
from sync.core.model import Application, Decision, Job, Score
from sync.core.touches import APPLICATION_STARTED, EVENT_ATTENDED, VACANCY_VISIT
from sync.core.wording import has_applied, person_name
from sync.core.wording_reasons import known_jobs, reasons
from sync.core.wording_say import Say

_LONGEST_NAME = 120
_MOST_REASONS = 5
_MOST_APPLICATIONS = 2
_STALE = timedelta(days=180)  # an application this old may no longer say what somebody looks for
_SOON = timedelta(days=60)
_WEB = frozenset({"site_visit", "vacancy_visit", "careers_visit", "mail_click"})
_VIEWS = frozenset({VACANCY_VISIT, APPLICATION_STARTED})
_MAY_CHANGE = frozenset({"active", "prospect", "withdrawn"})
_NOON, _FOUR = 12, 16


def common(facts: PersonFacts, score: Score, decision: Decision, say: Say, now: datetime) -> dict[str, object]:
    """The variables of every task about a person. Of somebody who objects to profiling, nothing about behaviour."""
    if facts.contact and facts.contact.no_profiling:
        score, facts = replace(score, points=()), replace(facts, touches=(), viewed=())
    job = _job(facts, decision, say)
    offered = _offered(facts)
    event_day = max((point.day for point in score.points if point.kind == EVENT_ATTENDED), default=None)
    return {
        **_who(facts, say),
        **_did(facts, score, say),
        "job": job,
        "topic": job or say.job(offered) or (say.kind(EVENT_ATTENDED) if event_day else ""),
        "event_day": say.day(event_day) if event_day else "",
        "last_contact": _last_contact(facts, say, now),
        "offer": say.job(offered),
        "offer_until": say.open_until(offered),
        "check": tuple(_to_check(facts, say)),
        "ground": _ground(facts, decision, say, now),
        "best_time": _best_time(facts, say, now),
        "recruiter": say.recruiter(decision.owner_id),
        "type": decision.type,
    }


def _who(facts: PersonFacts, say: Say) -> dict[str, object]:
    primary = primary_candidate(facts)
    first = (primary.candidate.first_name if primary else None) or (facts.contact.first_name if facts.contact else None)
    return {"name": say.clip(person_name(facts), _LONGEST_NAME) or say.words.nobody, "first_name": say.clip(first)}


def _did(facts: PersonFacts, score: Score, say: Say) -> dict[str, object]:
    words = say.words
    told = [reason.said(say, words.on, words.final) for reason in reasons(score, facts, say)]
    shown = [one for one in newest_first(facts) if one.application.status != "prospect" and say.job(one)]
    return {
        "reasons": tuple(told[:_MOST_REASONS]),
        "web": any(point.kind in _WEB for point in score.points),
        "applications": tuple(_application(one, say) for one in shown[:_MOST_APPLICATIONS]),
        "never_applied": not has_applied(facts),
    }


def newest_first(facts: PersonFacts) -> list[LinkedApplication]:
    """The person's applications, those of unknown moment last."""
    ordered = sorted(facts.applications, key=lambda one: (one.source, one.application.remote_id))
    return sorted(ordered, key=lambda one: -one.application.applied_at.timestamp() if one.application.applied_at else 0)


def _job(facts: PersonFacts, decision: Decision, say: Say) -> str:
    """The vacancy of the decision's application; else of the newest that lives."""
    newest = newest_first(facts)
    if decision.application:
        return next((say.job(one) for one in newest if application_ref(one) == decision.application), "")
    return next((name for one in newest if _lives(one.application) and (name := say.job(one))), "")


def _lives(application: Application) -> bool:
    told = application.status == "rejected" and application.told_at is not None
    return not told and application.status not in ("withdrawn", "hired")


def _application(one: LinkedApplication, say: Say) -> str:
    application = one.application
    parts = [say.job(one)]
    if application.applied_at:
        parts.append(say.day(application.applied_at))
    if application.status == "withdrawn":
        parts.append(say.words.withdrawn)
    if application.status == "rejected" and application.told_at:
        parts.append(say.words.told.format(day=say.day(application.told_at)))
    return ", ".join(parts)


def _offered(facts: PersonFacts) -> Job | None:
    """The newest open vacancy the person is in the running for, else the open one they looked at on most days and did
    not apply for. Never a confidential one.
    """
    for one in newest_first(facts):
        if one.application.status in ("active", "prospect") and _may_offer(one.job):
            return one.job
    jobs, applied = known_jobs(facts), {one.application.job_id for one in facts.applications}
    seen = [one for one in facts.touches if one.kind in _VIEWS and not one.suspect and one.job_id not in applied]
    days = Counter(one.job_id for one in seen if _may_offer(jobs.get(one.job_id)))
    last = {one.job_id: one.day for one in sorted(seen, key=lambda one: one.day)}
    best = max(days, key=lambda job_id: (days[job_id], last[job_id], job_id), default="")
    return jobs.get(best)


def _may_offer(job: Job | None) -> bool:
    return job is not None and job.status == "open" and not job.confidential and bool((job.name or "").strip())


def _last_contact(facts: PersonFacts, say: Say, now: datetime) -> str:
    """Who of the team last had contact with the person, and the day; attempts nobody answered are none."""
    had = [one for one in facts.activities if one.at <= now and _had_contact(one)]
    if not had:
        return ""
    last = max(had, key=lambda one: (one.at, one.remote_id))
    return ", ".join(part for part in (say.recruiter(last.owner_id), say.day(last.at)) if part)


def _had_contact(activity: Activity) -> bool:
    if activity.archived or activity.channel == TASK or activity.outcome == WRONG_NUMBER:
        return False
    return is_act(activity) and not is_missed_attempt(activity)


def _to_check(facts: PersonFacts, say: Say) -> Iterator[str]:
    """What is known and may have changed: an application long ago, and data that may be kept a short while only."""
    newest = next(iter(newest_first(facts)), None)
    at = newest.application.applied_at if newest else None
    may_change = newest is not None and newest.application.status in _MAY_CHANGE
    if newest and at and may_change and say.job(newest) and say.today - local_day(at, say.zone) >= _STALE:
        yield say.words.still_fits.format(job=say.job(newest), month=say.month(at))
    ends = [local_day(end, say.zone) for one in live_candidates(facts) if (end := one.candidate.consent_expires_at)]
    first = min((day for day in ends if say.today <= day <= say.today + _SOON), default=None)
    if first:
        yield say.words.keep_longer.format(day=say.day(first))


def _ground(facts: PersonFacts, decision: Decision, say: Say, now: datetime) -> str:
    """What the call rests on; a recorded consent with its day and text. A confidential application is not mentioned:
    then it is the team's own statement.
    """
    if not decision.ground:
        return ""
    if decision.ground == CONSENT:
        return _consent(facts, decision, say, now)
    attested = decision.ground == "application" and not _runs_in_the_open(facts)
    ground = "application_attested" if attested else decision.ground
    return say.words.grounds.get(ground, ground)


def _consent(facts: PersonFacts, decision: Decision, say: Say, now: datetime) -> str:
    """'toestemming 20 okt 2026, formulier v3'."""
    found = channel_consent(facts, EMAIL if decision.type == "EMAIL" else PHONE, now)
    told = [one.said for one in found.rows if one.said.channel == found.channel]
    best = max(told, key=lambda one: (one.at is not None, one.at, one.text_version), default=None)
    word = say.words.grounds[CONSENT]
    if best is None or found.standing is not Standing.GIVEN:
        return word
    day = f"{word} {say.full_day(best.at)}" if best.at else word
    return ", ".join(part for part in (day, say.clip(best.text_version)) if part)


def _runs_in_the_open(facts: PersonFacts) -> bool:
    named = tuple(one for one in facts.applications if not (one.job and one.job.confidential))
    return has_running_application(replace(facts, applications=named))


def _best_time(facts: PersonFacts, say: Say, now: datetime) -> str:
    """The part of the day in which most calls were answered, the latest of equal ones."""
    answered = [one.at for one in facts.activities if one.channel == "call" and one.outcome == "connected"]
    parts = [_part(at, say) for at in sorted(answered) if at <= now]
    if not parts:
        return ""
    best = max(parts, key=lambda part: (parts.count(part), len(parts) - parts[::-1].index(part)))
    return say.words.parts[best]


def _part(at: datetime, say: Say) -> int:
    hour = at.astimezone(say.zone).hour
    return 0 if hour < _NOON else 1 if hour < _FOUR else 2
