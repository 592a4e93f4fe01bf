"""Three months of visits, mails, clicks and forms per person, by how keen the person is."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

from sandbox.world_people import LINKABLE, Person

Event = tuple[str, datetime, dict[str, Any]]
# Among people both systems know. Who is keen: fan_days touched on three days of the last week, fan_hot
# scores hot on
# fewer days. The fan_customer and fan_deal are as keen, but not the audience. The rest is silent or never
# identified.
LINKED_SEGMENTS = {
    "fan_days": 13,
    "fan_hot": 6,
    "fan_days_customer": 2,
    "fan_days_deal": 1,
    "moderate": 45,
    "fader": 55,
    "silent": 50,
    "silent_optout": 8,
    "silent_customer": 4,
    "silent_deal": 4,
}
OTHER_SEGMENTS = ("moderate", "fader", "silent", "unidentified")
MAILING_EVERY_DAYS = 14
HISTORY_DAYS = 92


def segments_for(people: list[Person], rng: random.Random) -> dict[str, str]:
    """Segment by person key; people only the ATS knows are `unidentified`."""
    linked = [person for person in people if person.kind in LINKABLE]
    rng.shuffle(linked)
    names = [name for name, count in LINKED_SEGMENTS.items() for _ in range(count)]
    names += ["unidentified"] * (len(linked) - len(names))
    chosen = {person.key: name for person, name in zip(linked, names, strict=True)}
    for person in people:
        if person.key not in chosen:
            chosen[person.key] = rng.choice(OTHER_SEGMENTS) if person.in_hubspot else "unidentified"
    return chosen


def history_of(segment: str, now: datetime, rng: random.Random) -> list[Event]:
    """The events of one person, all before `now`; none for somebody HubSpot never identified."""
    if segment == "unidentified":
        return []
    kind = segment.removesuffix("_customer").removesuffix("_deal").removesuffix("_optout")
    events = _mailings(now, rng)
    if segment.endswith("_optout"):
        events.append(("optout", _day(now, rng.randint(10, 60), rng), {}))
    return events + {
        "fan_days": _fan_days,
        "fan_hot": _fan_hot,
        "moderate": _moderate,
        "fader": _fader,
        "silent": _silent,
    }[kind](now, rng)


def contact_flags(segment: str) -> dict[str, str]:
    """Properties that take somebody out of the audience."""
    return {"num_associated_deals": "1"} if segment.endswith("_deal") else {}


def _fan_days(now: datetime, rng: random.Random) -> list[Event]:
    visited, clicked, third = rng.sample(range(1, 7), 3)
    last = rng.choice(["form", "reply"])
    return [
        *_spread("visit", now, range(max(8, visited), 85), rng, 9),
        *_spread("click", now, range(10, 80), rng, 3),
        ("visit", _day(now, visited, rng), {"pages": rng.randint(3, 9)}),
        ("click", _day(now, clicked, rng), {}),
        (last, _day(now, third, rng), {}),
    ]


def _fan_hot(now: datetime, rng: random.Random) -> list[Event]:
    return [
        *_spread("visit", now, range(8, 85), rng, 7),
        ("visit", _day(now, 3, rng), {"pages": 5}),
        ("click", _day(now, 4, rng), {}),
        ("form", _day(now, rng.randint(8, 10), rng), {}),
        ("reply", _day(now, rng.randint(8, 10), rng), {"sales": rng.random() < 0.5}),
    ]


def _moderate(now: datetime, rng: random.Random) -> list[Event]:
    return [*_spread("visit", now, range(6, 85), rng, 4), *_spread("click", now, range(9, 80), rng, 2)]


def _fader(now: datetime, rng: random.Random) -> list[Event]:
    forms = _spread("form", now, range(30, 90), rng, 1) if rng.random() < 0.4 else []
    return [
        *_spread("visit", now, range(28, 90), rng, 6),
        *_spread("click", now, range(28, 90), rng, 2),
        *forms,
    ]


def _silent(now: datetime, rng: random.Random) -> list[Event]:
    return _spread("visit", now, range(70, 92), rng, 1) if rng.random() < 0.5 else []


def _spread(kind: str, now: datetime, ages: range, rng: random.Random, count: int) -> list[Event]:
    options = {"pages": rng.randint(1, 6)} if kind == "visit" else {}
    return [(kind, _day(now, age, rng), options) for age in rng.sample(ages, count)]


def _mailings(now: datetime, rng: random.Random) -> list[Event]:
    events: list[Event] = []
    for age in range(7, HISTORY_DAYS, MAILING_EVERY_DAYS):
        sent = now - timedelta(days=age, hours=2)
        events.append(("mail", sent, {}))
        if rng.random() < 0.3:
            events.append(("open", sent + timedelta(minutes=rng.randint(5, 600)), {}))
    return events


def _day(now: datetime, age_days: int, rng: random.Random) -> datetime:
    """A moment between 9 and 18 UTC, `age_days` days ago: never near midnight in any European zone."""
    moment = (now - timedelta(days=age_days)).replace(hour=9, minute=0, second=0, microsecond=0)
    return moment + timedelta(minutes=rng.randint(0, 9 * 60), seconds=rng.randint(0, 59))
