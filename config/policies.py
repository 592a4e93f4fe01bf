"""From settings to the plain values the core decides by."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from datetime import date, timedelta
from typing import TYPE_CHECKING

import holidays

from config.contact import Hours
from config.kinds import KINDS
from config.sections import ScoreSettings
from config.values import WEEKDAYS
from sync.core.play_policy import (
    AbandonedPolicy,
    CallBackPolicy,
    CoolingPolicy,
    EventPolicy,
    FanPolicy,
    NoAnswerPolicy,
    PlaysPolicy,
    RetentionPlayPolicy,
    SilverMedalistPolicy,
    UnansweredPolicy,
)
from sync.core.policy import (
    Absence,
    AudiencePolicy,
    CallListPolicy,
    ContactPolicy,
    KindPolicy,
    Policy,
    RetentionPolicy,
    RoutingPolicy,
    ScorePolicy,
    WorkingTime,
    WritePolicy,
)
from sync.core.promise_policy import PromisePolicy, Sight

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
        retention=RetentionPolicy(**settings.retention.model_dump()),
        plays=_plays(settings),
        call_list=CallListPolicy(**settings.call_list.model_dump(), is_told=settings.notify.tells("morning")),
        write=WritePolicy(
            properties=properties,
            create_contacts=settings.writes.create_contacts,
            rise=settings.writes.rise,
            language=settings.team.language,
            languages=settings.routing.languages,
            templates=settings.wording.all,
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
    public = holidays.country_holidays(hours.country, subdiv=hours.region or None, years=years, language="en_US")
    days = {day: name for day, name in public.items() if day.year in years}
    free = frozenset(days) if hours.country == "DE" else _doubtful_days(hours, days)
    return (free | own) - frozenset(hours.worked_holidays)


def _doubtful_days(hours: Hours, public: dict[date, str]) -> frozenset[date]:
    """The holidays with Good Friday, and in the Netherlands 5 May, as the settings say: the law says nothing of either,
    and sources differ."""
    days = {day for day, name in public.items() if name not in ("Good Friday", "Liberation Day")}
    if hours.good_friday:
        days |= {day - timedelta(days=3) for day, name in public.items() if name == "Easter Monday"}
    for year in {day.year for day in public} if hours.country == "NL" else ():
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
        early_days=frozenset((int(day[:2]), int(day[3:])) for day in hours.early_days),
        early_closes=hours.early_closes,
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
        absent=tuple(Absence(**one.model_dump()) for one in settings.routing.absent),
    )


def _contact(settings: Settings) -> ContactPolicy:
    contact = settings.contact
    return ContactPolicy(
        grounds=frozenset(contact.call_grounds),
        new_tasks_a_day=contact.new_tasks_a_day,
        open_tasks=contact.open_tasks,
        tasks_per_7_days=contact.tasks_per_7_days,
        tasks_per_30_days=contact.tasks_per_30_days,
        mails_per_7_days=contact.mails_per_7_days,
        contacts_per_30_days=contact.contacts_per_30_days,
        gap_hours=contact.gap_hours,
        missed_attempts=contact.missed_attempts,
        rest_after_misses_days=contact.rest_after_misses_days,
        rest_after_no_days=contact.rest_after_no_days,
        rest_after_rejection_days=contact.rest_after_rejection_days,
    )


def _sees(settings: Settings) -> dict[str, Sight]:
    """By source, what it shows of what the team does."""
    kinds = {name: KINDS[one.kind] for name, one in settings.sources.items()}
    # A folder of files is no system people know by name.
    return {name: Sight(kind.title if kind.secrets else "", **asdict(kind.sees)) for name, kind in kinds.items()}


def _plays(settings: Settings) -> PlaysPolicy:
    plays = settings.plays
    return PlaysPolicy(
        enabled=plays.enabled,
        holdout=plays.holdout,
        fan=FanPolicy(**plays.fan.model_dump()),
        promise=PromisePolicy(**plays.promise.model_dump(), sees=_sees(settings)),
        call_back=CallBackPolicy(**plays.call_back.model_dump()),
        unanswered=UnansweredPolicy(**plays.unanswered.model_dump()),
        no_answer=NoAnswerPolicy(**plays.no_answer.model_dump()),
        abandoned_application=AbandonedPolicy(**plays.abandoned_application.model_dump()),
        silver_medalist=SilverMedalistPolicy(**plays.silver_medalist.model_dump()),
        event_follow_up=EventPolicy(**plays.event_follow_up.model_dump()),
        cooling=CoolingPolicy(**plays.cooling.model_dump()),
        retention=RetentionPlayPolicy(**plays.retention.model_dump()),
    )
