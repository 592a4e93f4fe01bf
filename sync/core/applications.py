"""What a person's applications say: whether one runs, which is the newest, where in the procedure they are."""

from __future__ import annotations

from sync.core.activity import IN
from sync.core.facts import LinkedApplication, PersonFacts


def has_running_application(facts: PersonFacts) -> bool:
    """Whether an application is running as far as the person knows: a rejection that was not told yet still
    counts.
    """
    return any(is_running(one) for one in facts.applications)


def is_running(one: LinkedApplication) -> bool:
    """Whether this application is running as far as the person knows."""
    application = one.application
    return application.status == "active" or (application.status == "rejected" and application.told_at is None)


def has_reaction(one: LinkedApplication, facts: PersonFacts) -> bool:
    """Whether somebody reacted to this application, as far as any source shows: in the ATS, by moving it on, or by
    being in touch with the person since.
    """
    application = one.application
    if application.first_reply_at is not None or len(application.stage_entries) > 1:
        return True
    if stage_kind(one) not in ("", "applied", "other"):
        return True
    applied_at = application.applied_at
    return applied_at is not None and any(
        act.at > applied_at and act.direction != IN and not act.archived for act in facts.activities
    )


def newest_application(facts: PersonFacts) -> LinkedApplication | None:
    """The application made last; unknown moments come first. None without any."""
    return max(facts.applications, key=_application_order, default=None)


def stage_kind(one: LinkedApplication) -> str:
    """Where in the procedure the application is: applied, screening, interview, offer, hired, other; '' unknown."""
    stages = one.job.stages if one.job else ()
    return next((stage.kind for stage in stages if stage.remote_id == one.application.stage_id), "")


def application_ref(one: LinkedApplication) -> str:
    """'<source>:<id>'."""
    return f"{one.source}:{one.application.remote_id}"


def _application_order(one: LinkedApplication) -> tuple[bool, float, str, str]:
    at = one.application.applied_at
    return (at is not None, at.timestamp() if at else 0.0, one.source, one.application.remote_id)
