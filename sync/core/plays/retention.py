"""Play `retention`: the time somebody may be kept is almost over. Ask their consent, or say goodbye."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sync.core.applications import newest_application
from sync.core.calendar import add_working_minutes, local_day
from sync.core.facts import PersonFacts
from sync.core.model import Decision
from sync.core.plays.wish import Case, Wish
from sync.core.retention import CALL_BACK, CONSENT, Term, retention_term
from sync.core.wording_say import Say

PLAY = "retention"


def wish(case: Case) -> Wish | None:
    """A to-do about somebody whose retention ends soon; None for anybody else. The occasion is the day it ends."""
    term = _term(case)
    if term is None or not _warns_at(case, term) <= case.now < term.until:
        return None
    ends = local_day(term.until, case.policy.time.zone).isoformat()
    due_at = add_working_minutes(case.now, case.policy.plays.retention.due_working_minutes, case.policy.time)
    return Wish(PLAY, ends, (f"ends:{ends}", f"because:{term.because}"), due_at, type="TODO", priority="LOW")


def next_at(case: Case) -> datetime | None:
    """When the warning is due; that the retention ends is looked at anyhow."""
    term = _term(case)
    warns_at = _warns_at(case, term) if term else None
    return warns_at if warns_at and warns_at > case.now else None


def told(facts: PersonFacts, decision: Decision, say: Say) -> Mapping[str, object]:
    """The last day the person is kept, the vacancy of the last procedure, and whether a consent ends."""
    known = dict(reason.split(":", 1) for reason in decision.why)
    newest = newest_application(facts)
    return {
        "kept_until": say.day(datetime.fromisoformat(known["ends"]).date()) if known.get("ends") else "",
        "kept_for": say.job(newest) if newest else "",
        "consent_ends": known.get("because") == CONSENT,
    }


def _term(case: Case) -> Term | None:
    term = retention_term(case.facts, case.policy.retention)
    return term if term and term.because != CALL_BACK else None


def _warns_at(case: Case, term: Term) -> datetime:
    return term.until - timedelta(days=case.policy.plays.retention.days_before)
