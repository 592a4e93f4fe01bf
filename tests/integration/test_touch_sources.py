"""Better sources than the counters: each visit, click and form once, on its day, whatever order and however often it
comes; and what happens when a portal gains or loses one."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest

from sandbox.engagement import SITE
from sandbox.touch_log import MailEvent
from tests.integration.conftest import Stage
from tests.integration.touch_stage import ANNA, VACANCY, anna, days, kinds, read, show_everything

EVENT_ROUTES = ["GET /email/public/v1/events", "GET /events/event-occurrences/2026-09", "GET /marketing/v3/forms"]


@pytest.fixture
def all_on(stage: Stage) -> Stage:
    return show_everything(stage)


def requests_of(stage: Stage) -> int:
    """HubSpot's requests of one run."""
    report = stage.sync()
    return int(report["requests"]["hubspot"]["reads"] + report["requests"]["hubspot"]["writes"])


# visits ----------------------------------------------------------------------------------------------------------


def test_each_page_is_of_its_kind_and_names_its_vacancy(all_on: Stage) -> None:
    contact = anna(all_on)
    all_on.portal.page_view(contact, f"{VACANCY}/solliciteren", all_on.now - timedelta(days=1))
    all_on.portal.page_view(contact, VACANCY, all_on.now - timedelta(days=2))
    all_on.portal.page_view(contact, f"{SITE}/vacatures", all_on.now - timedelta(days=3))
    all_on.portal.page_view(contact, "https://www.voorbeeldzorg.example.nl/over-ons", all_on.now - timedelta(days=4))

    all_on.sync()

    assert days(all_on, contact) == [
        ("application_started", "page:verpleegkundige-12", "2026-11-22", 1, 0),
        ("careers_visit", "", "2026-11-20", 1, 0),
        ("site_visit", "", "2026-11-19", 1, 0),
        ("vacancy_visit", "page:verpleegkundige-12", "2026-11-21", 1, 0),
    ]


def test_the_address_of_a_vacancy_in_the_ats_goes_before_every_list(all_on: Stage) -> None:
    contact = anna(all_on)
    page = "https://zorg.example.nl/kom-erbij/wijkzorg"
    all_on.drop("jobs", {"id": "j7", "name": "Wijkzorg", "status": "open", "post_url": f"{page}/"})
    all_on.portal.page_view(contact, page)

    read(all_on)

    assert days(all_on, contact) == [("vacancy_visit", "j7", "2026-11-23", 1, 0)]


def test_the_page_of_applying_names_the_vacancy_whose_page_goes_by_that_name(all_on: Stage) -> None:
    contact = anna(all_on)
    all_on.drop("jobs", {"id": "j12", "name": "Verpleegkundige", "status": "open", "post_url": VACANCY})
    all_on.portal.page_view(contact, f"{VACANCY}/solliciteren")

    read(all_on)

    assert days(all_on, contact) == [("application_started", "j12", "2026-11-23", 1, 0)]


def test_the_teams_own_lists_of_pages_hold(all_on: Stage) -> None:
    all_on.set(ENGAGEMENT__VACANCY_PAGES="*/kans/{job}")
    contact = anna(all_on)
    all_on.portal.page_view(contact, "https://zorg.example.nl/kans/47")

    read(all_on)

    assert days(all_on, contact) == [("vacancy_visit", "page:47", "2026-11-23", 1, 0)]


def test_a_day_is_the_day_in_the_teams_zone(all_on: Stage) -> None:
    contact = anna(all_on)
    all_on.portal.page_view(contact, VACANCY, "2026-11-20T23:30:00Z")

    all_on.sync()

    assert [one[2] for one in days(all_on, contact)] == ["2026-11-21"]


def test_visits_are_not_counted_a_second_time_by_the_counters(all_on: Stage) -> None:
    contact = anna(all_on)
    all_on.portal.visit(contact, all_on.now - timedelta(days=2), pages=1, url=VACANCY)
    all_on.sync()

    all_on.later(days=1)
    all_on.portal.visit(contact, all_on.now - timedelta(hours=1), pages=1, url=VACANCY)
    all_on.sync()

    assert days(all_on, contact) == [
        ("vacancy_visit", "page:verpleegkundige-12", "2026-11-21", 1, 0),
        ("vacancy_visit", "page:verpleegkundige-12", "2026-11-24", 1, 0),
    ]


@pytest.mark.parametrize("seed", range(3))
def test_order_repeats_splits_and_lateness_change_no_touch_day(all_on: Stage, seed: int) -> None:
    contact, events = anna(all_on), _many_events(all_on.now)
    shuffled = [*events, *events]
    random.Random(seed).shuffle(shuffled)
    all_on.sync()

    for some in (shuffled[: seed * 9], shuffled[seed * 9 :]):
        for event in some:
            _happen(all_on, contact, event)
        all_on.later(days=1)
        all_on.sync(full=True)

    assert days(all_on, contact) == EXPECTED_DAYS


def _many_events(now: Any) -> list[tuple[str, int, str]]:
    """(kind, days ago, unique name): page views and clicks of the last five days."""
    pages = [("page", ago, f"{VACANCY}{number}") for ago in range(1, 5) for number in range(2)]
    return [*pages, *(("click", ago, f"m{ago}") for ago in (1, 3))]


EXPECTED_DAYS = [
    *(("mail_click", "", day, 1, 0) for day in ("2026-11-20", "2026-11-22")),
    *(
        ("vacancy_visit", f"page:verpleegkundige-12{number}", day, 1, 0)
        for number in range(2)
        for day in ("2026-11-19", "2026-11-20", "2026-11-21", "2026-11-22")
    ),
]


def _happen(stage: Stage, contact: str, event: tuple[str, int, str]) -> None:
    """An event with an id of its own: the same event again is the same id."""
    kind, ago, name = event
    at = stage.now.replace(month=11, day=23, hour=9, minute=0) - timedelta(days=ago)
    log = stage.portal.touches
    if kind == "page":
        made = log.occurred(contact, at, url=name)
        made["id"] = f"{name}{ago}"
    else:
        made = log.mailed(ANNA, at, MailEvent(campaign=ago, sent_at=at - timedelta(minutes=9)))
        made["id"] = name


# switched on and off ---------------------------------------------------------------------------------------------


def test_the_day_a_source_is_switched_on_counts_once(stage: Stage) -> None:
    contact = anna(stage)
    stage.sync()
    stage.later(hours=1)
    stage.portal.visit(contact, pages=1, url=f"{SITE}/vacatures")
    stage.portal.click(contact)
    stage.sync()
    before = days(stage, contact)

    stage.portal.touches.enterprise = True
    stage.portal.scopes |= {"content"}
    stage.later(days=1, hours=1)
    stage.sync()

    assert [one[0] for one in before] == ["mail_click", "site_visit"]
    assert days(stage, contact) == [
        ("careers_visit", "", "2026-11-23", 1, 0),
        ("mail_click", "", "2026-11-23", 1, 0),
    ]


def test_days_before_the_oldest_event_stay_with_the_counters(all_on: Stage) -> None:
    contact = anna(all_on, hs_analytics_num_visits="3", hs_analytics_last_visit_timestamp="2026-10-01T08:00:00.000Z")
    all_on.portal.page_view(contact, VACANCY, all_on.now - timedelta(days=2))

    all_on.sync()

    assert [(one[0], one[2]) for one in days(all_on, contact)] == [
        ("site_visit", "2026-10-01"),
        ("vacancy_visit", "2026-11-21"),
    ]


def test_what_happened_around_switching_off_is_counted_once(all_on: Stage) -> None:
    contact = anna(all_on)
    all_on.portal.visit(contact, pages=1, url="https://zorg.example.nl/")
    all_on.sync()
    all_on.portal.touches.enterprise = False

    all_on.later(days=1)
    all_on.portal.visit(contact, pages=1, url="https://zorg.example.nl/")
    all_on.sync()
    all_on.later(days=1)
    all_on.portal.visit(contact, pages=1, url="https://zorg.example.nl/")
    all_on.sync()

    found = days(all_on, contact)
    assert found == [("site_visit", "", f"2026-11-{day}", 1, 0) for day in (23, 24, 25)]


def test_a_source_that_comes_back_takes_over_from_where_it_was_read(all_on: Stage) -> None:
    contact = anna(all_on)
    all_on.portal.visit(contact, pages=1, url=VACANCY)
    all_on.sync()
    all_on.portal.touches.enterprise = False
    all_on.later(days=1)
    all_on.portal.visit(contact, pages=1, url=VACANCY)
    all_on.sync()

    all_on.portal.touches.enterprise = True
    all_on.later(days=1, hours=1)
    all_on.sync()

    day_by_day = [("vacancy_visit", "page:verpleegkundige-12", f"2026-11-{day}", 1, 0) for day in (23, 24)]
    assert days(all_on, contact) == day_by_day


def test_a_source_that_answers_and_shows_nobody_leaves_the_counters_in_charge(all_on: Stage) -> None:
    contact = anna(all_on)
    all_on.sync()
    all_on.later(hours=1)
    all_on.portal.visit(contact, pages=1)
    all_on.portal.touches.pages.clear()

    all_on.sync()

    assert kinds(all_on, contact) == ["site_visit"]


def test_an_off_source_is_named_and_asked_for_once_a_day(stage: Stage) -> None:
    stage.sync()
    assert stage.outcome is not None
    off = {one.stream: one.error for one in stage.outcome.streams if one.off}
    complete = stage.outcome.complete
    stage.later(hours=1)
    stage.writes()  # counts from zero
    quiet = requests_of(stage)
    asked = [label for label in stage.portal.stats.as_json()["requests"] if label in EVENT_ROUTES]
    stage.later(days=1)
    stage.writes()
    stage.sync()
    asked_again = [label for label in stage.portal.stats.as_json()["requests"] if label in EVENT_ROUTES]

    assert sorted(off) == ["hubspot.email_events", "hubspot.events", "hubspot.forms"]
    assert all("It needs " in reason for reason in off.values())
    assert (complete, asked, sorted(asked_again)) == (True, [], EVENT_ROUTES)
    assert quiet <= 12


def test_a_source_that_is_lost_is_told_once(all_on: Stage) -> None:
    all_on.sync()
    before = list(all_on.notes)
    all_on.portal.touches.enterprise = False
    all_on.later(minutes=5)
    all_on.sync()
    told = list(all_on.notes)
    all_on.later(minutes=5)
    all_on.sync()

    assert [one.partition(":")[0] for one in told if one not in before] == ["hubspot.events is off"]
    assert all_on.notes == before


def test_a_full_read_asks_for_what_is_off_at_once(stage: Stage) -> None:
    contact = anna(stage)
    stage.sync()
    stage.portal.touches.enterprise = True
    stage.portal.page_view(contact, VACANCY)

    stage.later(minutes=5)
    stage.sync(full=True)

    assert kinds(stage, contact) == ["vacancy_visit"]


def test_a_quiet_run_stays_polite_with_every_source_on(all_on: Stage) -> None:
    contact = anna(all_on)
    all_on.portal.visit(contact)
    all_on.portal.click(contact)
    all_on.portal.form(contact)
    all_on.sync()
    all_on.later(hours=2)
    all_on.sync()
    all_on.later(hours=2)

    assert requests_of(all_on) <= 15
