"""The invented people: the same each time, and in the proportions the demo tells about."""

from __future__ import annotations

import math
import unicodedata
from collections import Counter
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from sandbox.clock import to_moment
from sandbox.world import World, build, portal
from sandbox.world_people import LINKABLE, REVIEWABLE, Person

NOW = "2026-11-24T08:00:00Z"
ZONE = ZoneInfo("Europe/Amsterdam")
# weight and half-life by dated property, docs/scoring.md
DATED = {
    "hs_analytics_last_visit_timestamp": (0.5, 30),
    "hs_email_last_click_date": (0.4, 30),
    "recent_conversion_date": (1.0, 60),
    "hs_email_last_reply_date": (1.5, 60),
    "hs_sales_email_last_replied": (1.5, 60),
}


@pytest.fixture(scope="module")
def world() -> World:
    return build(NOW)


def folded(name: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", name.lower()) if not unicodedata.combining(c))


def local_day(moment: str | datetime) -> date:
    return to_moment(moment).astimezone(ZONE).date()


def is_keen(world: World, person: Person) -> bool:
    """Hot by the formula of docs/scoring.md at first sight, or touched on three days of the last seven."""
    properties, today = world.contact_properties(person), local_day(world.now)
    days = {name: local_day(properties[name]) for name in DATED if name in properties}
    raw = sum(DATED[name][0] * 2 ** (-(today - day).days / DATED[name][1]) for name, day in days.items())
    applied = [local_day(a.moments["applied_at"]) for a in world.applications if a.person is person]
    raw += sum(2 * 2 ** (-(today - day).days / 60) for day in applied)
    came = [line for line in world.attendance if line.email == person.ats_email and line.kind == "attended"]
    raw += sum(1.5 * 2 ** (-(today - local_day(line.at)).days / 90) for line in came)
    recent = {day for day in days.values() if (today - day).days < 7}
    return len(recent) >= 3 or 100 * (1 - math.exp(-raw / 3)) >= 60


def test_the_same_moment_and_seed_give_the_same_world() -> None:
    assert portal(build(NOW)).dump() == portal(build(NOW)).dump()
    assert portal(build(NOW, seed=8)).dump() != portal(build(NOW)).dump()


def test_300_people_of_whom_214_agree_on_address_and_first_name_and_9_need_a_look(world: World) -> None:
    state = portal(world)
    by_address = {}
    for record in state.stores["contacts"].live():
        for address in [
            record.properties["email"],
            *record.properties.get("hs_additional_emails", "").split(";"),
        ]:
            by_address[address] = record.properties

    linked = review = 0
    for person in (person for person in world.people if person.in_ats):
        contact = by_address.get(person.ats_email.lower())
        same = contact is not None and folded(contact.get("firstname", "")) == folded(person.first)
        linked, review = linked + same, review + (contact is not None and not same)

    assert (len(world.people), linked, review) == (300, 214, 9)


def test_about_twenty_people_are_worth_a_call_and_nobody_else_comes_near(world: World) -> None:
    keen = Counter(world.segments[p.key] for p in world.people if p.kind in LINKABLE and is_keen(world, p))

    assert keen == {"fan_days": 13, "fan_hot": 6, "fan_days_customer": 2, "fan_days_deal": 1}


def test_counters_agree_with_dates_and_nothing_lies_in_the_future(world: World) -> None:
    pairs = {
        "hs_analytics_num_visits": "hs_analytics_last_visit_timestamp",
        "hs_email_click": "hs_email_last_click_date",
        "num_conversion_events": "recent_conversion_date",
        "hs_email_open": "hs_email_last_open_date",
    }
    for person in (person for person in world.people if person.in_hubspot):
        properties = world.contact_properties(person)

        assert all((count in properties) == (last in properties) for count, last in pairs.items())
        assert all(properties[last] < "2026-11-24T08" for last in pairs.values() if last in properties)
        assert properties["createdate"] <= properties["lastmodifieddate"] < "2026-11-24T08"


def test_everyone_is_invented_and_reachable_nowhere(world: World) -> None:
    addresses = {person.email for person in world.people}

    assert {address.split("@")[1] for address in addresses} == {"example.org", "example.nl", "example.com"}
    assert all(person.phone.startswith("+31 6 ") for person in world.people)
    assert len({person.phone for person in world.people}) == 300
    assert len(addresses) == 297  # three shared mailboxes
    assert {person.infix for person in world.people} >= {"van de", "van der", "de", "ter", "'t", "in 't", ""}


def test_some_people_are_outside_the_audience(world: World) -> None:
    contacts = [world.contact_properties(person) for person in world.people if person.in_hubspot]

    assert sum(c["lifecyclestage"] == "customer" for c in contacts) == 6
    assert sum(c.get("num_associated_deals", "0") != "0" for c in contacts) == 5
    assert sum(c.get("hs_email_optout") == "true" for c in contacts) == 8
    assert sum("hs_analytics_num_visits" not in c and "hs_email_delivered" not in c for c in contacts) > 30


def test_moments_of_an_application_follow_each_other(world: World) -> None:
    for application in world.applications:
        moments = application.moments

        assert all(moments["applied_at"] <= moment < world.now for moment in moments.values())
        assert moments["updated_at"] >= moments["stage_entered_at"]
    assert len(REVIEWABLE) == 3 and len(world.vacancies) == 12 and len(world.recruiters) == 4
