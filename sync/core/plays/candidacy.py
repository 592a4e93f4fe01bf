"""Whom plays that rest on behaviour leave alone because of their applications: they are owed an answer, or quiet."""

from __future__ import annotations

from datetime import datetime, timedelta

from sync.core.applications import has_reaction
from sync.core.facts import LinkedApplication
from sync.core.model import Refusal
from sync.core.plays.wish import Case, No


def candidacy(case: Case) -> No | None:
    """Why somebody's interest is no reason to call: hired, waiting for a first reaction, in process or in offer, or
    rejected less than `contact.rest_after_rejection_days` ago (with its end). None: nothing of the kind.

    A rejection counts from the moment the person was told, else from the decision, else from the last change of the
    application; one without any moment counts as running. Prospects and withdrawn applications are in nobody's way.
    """
    facts = case.facts
    if any(one.application.status == "hired" for one in facts.applications):
        return No(Refusal.HIRED)
    running = [one for one in facts.applications if _runs(one)]
    if any(one.application.status == "active" and not has_reaction(one, facts) for one in running):
        return No(Refusal.AWAITING_REACTION)
    if running:
        return No(Refusal.IN_PROCESS)
    rest = timedelta(days=case.policy.contact.rest_after_rejection_days)
    ends = [at + rest for one in facts.applications if (at := _rejected_at(one)) is not None]
    until = max(ends, default=case.now)
    return No(Refusal.REJECTED_LATELY, until) if until > case.now else None


def _runs(one: LinkedApplication) -> bool:
    status = one.application.status
    return status == "active" or (status == "rejected" and _rejected_at(one) is None)


def _rejected_at(one: LinkedApplication) -> datetime | None:
    application = one.application
    if application.status != "rejected":
        return None
    own = (application.stage_entered_at, application.updated_at)  # not before the rejection: the quiet is rather longer
    seen = max((at for at in own if at is not None), default=None)
    return application.told_at or application.rejected_at or seen
