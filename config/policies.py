"""From settings to the plain values the core decides by."""

from __future__ import annotations

import hashlib
import json
from datetime import date, timedelta
from typing import TYPE_CHECKING

import holidays

from config.sections import Hours, ScoreSettings
from config.values import WEEKDAYS
from sync.core.play_policy import FanPolicy, PlaysPolicy
from sync.core.policy import (
    AudiencePolicy,
    ContactPolicy,
    KindPolicy,
    Policy,
    RoutingPolicy,
    ScorePolicy,
    WorkingTime,
    WritePolicy,
)

if TYPE_CHECKING:
    from config.settings import Settings


def policy_of(settings: Settings, *, portal_id: str, properties: frozenset[str], today: date) -> Policy:
    """The policy in force on `today`."""
    return Policy(
        portal_id=portal_id,
        score=score_policy(settings.score),
        time=_working_time(settings, today),
        audience=_audience(settings),
        routing=_routing(settings),
        contact=_contact(settings),
        plays=PlaysPolicy(fan=FanPolicy(**settings.plays.fan.model_dump())),
        write=WritePolicy(
            properties=properties,
            create_contacts=settings.writes.create_contacts,
            rise=settings.writes.rise,
            language=settings.team.language,
        ),
    )


def score_policy(score: ScoreSettings) -> ScorePolicy:
    """The score's rules; their version is a hash of them all, whatever order they were written in."""
    values = score.model_dump()
    version = hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:12]
    kinds = {name: KindPolicy(**kind) for name, kind in values.pop("kinds").items()}
    return ScorePolicy(kinds=kinds, version=version, **values)


def days_off(hours: Hours, years: range) -> frozenset[date]:
    """Public holidays of the country in those years, and the team's own."""
    own = frozenset(hours.extra_holidays)
    if hours.country == "NONE":
        return own
    public = holidays.country_holidays(hours.country, years=years, language="en_US")
    days = {day: name for day, name in public.items() if day.year in years}
    return own | (_dutch_days(hours, days) if hours.country == "NL" else frozenset(days))


def _dutch_days(hours: Hours, public: dict[date, str]) -> frozenset[date]:
    """Sources differ on Good Friday and 5 May (the law says nothing of either): the settings decide."""
    days = {day for day, name in public.items() if name not in ("Good Friday", "Liberation Day")}
    if hours.good_friday:
        days |= {day - timedelta(days=3) for day, name in public.items() if name == "Easter Monday"}
    for year in {day.year for day in public}:
        if hours.liberation_day == "always" or (hours.liberation_day == "lustrum" and year % 5 == 0):
            days.add(date(year, 5, 5))
    return frozenset(days)


def _working_time(settings: Settings, today: date) -> WorkingTime:
    hours = settings.hours
    return WorkingTime(
        zone=settings.team.zone,
        opens=hours.opens,
        closes=hours.closes,
        weekdays=frozenset(WEEKDAYS.index(day) for day in hours.weekdays),
        holidays=days_off(hours, range(today.year - 1, today.year + 2)),
    )


def _audience(settings: Settings) -> AudiencePolicy:
    audience = settings.audience
    return AudiencePolicy(
        lists=frozenset(entry.partition(":")[2] for entry in audience.include if entry.startswith("list:")),
        everyone="all" in audience.include,
        customers=audience.customers,
        open_deals=audience.open_deals,
        internal=audience.internal,
        internal_domains=frozenset(settings.team.domains),
    )


def _routing(settings: Settings) -> RoutingPolicy:
    return RoutingPolicy(
        recruiters=frozenset(settings.routing.recruiters),
        owners=settings.routing.owners,
        fallback=settings.routing.fallback_owner,
        pilots=frozenset(settings.writes.owners),
    )


def _contact(settings: Settings) -> ContactPolicy:
    contact = settings.contact
    return ContactPolicy(
        grounds=frozenset(contact.call_grounds),
        new_tasks_a_day=contact.new_tasks_a_day,
        open_tasks=contact.open_tasks,
        tasks_per_7_days=contact.tasks_per_7_days,
        tasks_per_30_days=contact.tasks_per_30_days,
    )
