"""The plays' tables of warmline.toml. Defaults stand in default.toml only."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from config.sections import Section
from config.values import Minutes, Share, Times


class Fan(Section):
    """The fan play."""

    enabled: bool
    days: Annotated[int, Field(ge=1, le=30)]
    within_days: Annotated[int, Field(ge=1, le=90)]
    due_working_minutes: Annotated[int, Field(ge=0, le=10_000)]

    @model_validator(mode="after")
    def _days_fit(self) -> Fan:
        if self.days > self.within_days:
            raise ValueError("days cannot be more than within_days")
        return self


class CallBack(Section):
    """The agreed call-backs."""

    enabled: bool
    early_minutes: Minutes
    missed_after_minutes: Minutes
    late_working_days: Annotated[int, Field(ge=0, le=30)]
    reminder_minutes: Minutes


class Unanswered(Section):
    """Answers to what comes in."""

    enabled: bool
    wait_working_minutes: Annotated[int, Field(ge=0, le=10_000)]
    due_working_minutes: Annotated[int, Field(ge=0, le=10_000)]
    within_days: Annotated[int, Field(ge=1, le=90)]


class NoAnswer(Section):
    """Next attempts after calls nobody took."""

    enabled: bool
    most_attempts: Annotated[int, Field(ge=1, le=10)]
    after_working_days: Annotated[int, Field(ge=0, le=30)]
    times: Times
    within_days: Annotated[int, Field(ge=1, le=90)]


class Promised(Section):
    """Answers to applicants. `jobs`: other public terms in working days, by '<source>:<job id>' or job id."""

    enabled: bool
    public_working_days: Annotated[int, Field(ge=1, le=60)]
    internal_working_days: Annotated[int, Field(ge=1, le=60)]
    jobs: dict[str, Annotated[int, Field(ge=1, le=60)]]
    ahead_working_minutes: Annotated[int, Field(ge=0, le=10_000)]
    margin_working_minutes: Annotated[int, Field(ge=0, le=10_000)]
    automatic_minutes: Minutes

    @model_validator(mode="after")
    def _norm_within_term(self) -> Promised:
        if self.internal_working_days > self.public_working_days:
            raise ValueError("internal_working_days cannot be more than public_working_days")
        return self


class Abandoned(Section):
    """Applications that were begun and not sent in."""

    enabled: bool
    wait_working_minutes: Annotated[int, Field(ge=0, le=10_000)]
    due_working_minutes: Annotated[int, Field(ge=0, le=10_000)]
    within_days: Annotated[int, Field(ge=1, le=30)]


class SilverMedalist(Section):
    """People who came far, and are still interested."""

    enabled: bool
    within_days: Annotated[int, Field(ge=1, le=360)]
    due_working_minutes: Annotated[int, Field(ge=0, le=10_000)]


class Event(Section):
    """People who came to an open day."""

    enabled: bool
    within_days: Annotated[int, Field(ge=1, le=60)]
    no_shows: bool
    due_working_minutes: Annotated[int, Field(ge=0, le=10_000)]


class Cooling(Section):
    """People who were warm for long, and are no more."""

    enabled: bool
    warm_weeks: Annotated[int, Field(ge=1, le=26)]
    within_days: Annotated[int, Field(ge=1, le=60)]
    due_working_minutes: Annotated[int, Field(ge=0, le=10_000)]


class RetentionPlay(Section):
    """People whose retention ends soon."""

    enabled: bool
    days_before: Annotated[int, Field(ge=1, le=60)]
    due_working_minutes: Annotated[int, Field(ge=0, le=10_000)]


class Plays(Section):
    """What holds for all plays, and the plays that have knobs."""

    enabled: bool
    holdout: Share
    fan: Fan
    promise: Promised
    call_back: CallBack
    unanswered: Unanswered
    no_answer: NoAnswer
    abandoned_application: Abandoned
    silver_medalist: SilverMedalist
    event_follow_up: Event
    cooling: Cooling
    retention: RetentionPlay
