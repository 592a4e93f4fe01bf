"""Whom the team may be in touch with, how often, until when, and at what hours."""

from __future__ import annotations

from datetime import time
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from config.sections import Section
from config.values import Consent, Count, Dates, DaysOfYear, Grounds, Lower, Texts, Upper, Weekdays

States = Literal[
    "", "BB", "BE", "BW", "BY", "HB", "HE", "HH", "MV", "NI", "NW", "RP", "SH", "SL", "SN", "ST", "TH"
]  # fmt: skip
Days = Annotated[int, Field(ge=0, le=3650)]


class Contact(Section):
    """When a person may be called and how often."""

    call_grounds: Grounds
    tracking_consent: Consent
    attested_by: str | None = None
    attested_at: Annotated[str, BeforeValidator(str)] | None = None
    new_tasks_a_day: Count
    open_tasks: Count
    tasks_per_7_days: Count
    tasks_per_30_days: Count
    mails_per_7_days: Count
    contacts_per_30_days: Count
    gap_hours: Annotated[int, Field(ge=0, le=720)]
    missed_attempts: Count
    rest_after_misses_days: Days
    rest_after_no_days: Days
    do_not_contact_outcomes: Texts
    rest_after_rejection_days: Days

    @property
    def consent_property(self) -> str | None:
        """The contact property that says whether web and mail behaviour may be stored; None when it is not per
        contact."""
        name = self.tracking_consent.partition(":")[2]
        return name or None


class Retention(Section):
    """How long people may be kept."""

    days: Days
    consent_days: Days
    silent_days: Days
    erase: bool


class Hours(Section):
    """When recruiters work."""

    opens: time
    closes: time
    weekdays: Weekdays
    country: Annotated[Literal["NL", "BE", "DE", "NONE"], Upper]
    region: Annotated[States, Upper]
    good_friday: bool
    liberation_day: Annotated[Literal["never", "lustrum", "always"], Lower]
    extra_holidays: Dates
    worked_holidays: Dates
    early_days: DaysOfYear
    early_closes: time

    @model_validator(mode="after")
    def _opens_before_closing(self) -> Hours:
        if self.opens >= self.closes:
            raise ValueError("opens must be before closes")
        if self.early_days and self.opens >= self.early_closes:
            raise ValueError("opens must be before early_closes")
        if self.region and self.country != "DE":
            raise ValueError("region is for country DE only")
        return self
