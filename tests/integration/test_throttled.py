"""A 429 in the middle of a stream: the page is asked again, or the next run goes on at it."""

from __future__ import annotations

import pytest

from sandbox.errors import too_many
from tests.integration.conftest import Stage

PAGES = "/crm/objects/2026-09/contacts"


@pytest.fixture
def crowd(stage: Stage) -> Stage:
    """A portal of 250 contacts: three pages."""
    for number in range(250):
        stage.contact(f"Naam{number}x", "Vos")
    return stage


def throttle_second_page(stage: Stage, *, times: int) -> None:
    """HubSpot refuses the second page of contacts so many times."""
    body = too_many("TEN_SECONDLY_ROLLING").body("1")
    stage.portal.plan_fault("status", PAGES + "$", method="GET", skip=1, times=times, status=429, body=body)


def pages(stage: Stage) -> int:
    """Pages of contacts that HubSpot gave since the last time this was asked."""
    count = stage.portal.stats.count("GET", "/crm/objects/contacts", 200)
    stage.portal.stats.__init__()  # type: ignore[misc]
    return count


def test_a_429_in_the_middle_of_a_stream_is_waited_out_and_every_page_is_read_once(crowd: Stage) -> None:
    throttle_second_page(crowd, times=2)
    pages(crowd)

    report = crowd.sync()

    assert (report["complete"], report["streams"]["hubspot.contacts"]["stored"], pages(crowd)) == (True, 250, 3)
    assert report["requests"]["hubspot"]["throttled"] == 2


def test_a_429_that_outlasts_the_tries_leaves_the_cursor_at_that_page_and_the_next_run_goes_on(crowd: Stage) -> None:
    throttle_second_page(crowd, times=6)
    pages(crowd)

    first, read_first = crowd.sync(), pages(crowd)
    second, read_second = crowd.sync(), pages(crowd)

    assert (first["complete"], first["streams"]["hubspot.contacts"]["stored"], read_first) == (False, 100, 1)
    assert (second["complete"], second["streams"]["hubspot.contacts"]["stored"], read_second) == (True, 150, 2)
    assert second["requests"]["hubspot"]["throttled"] == 0
