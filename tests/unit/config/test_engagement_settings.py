"""The team's own pages, forms and event types."""

from __future__ import annotations

import pytest

from config.settings import load
from sync.errors import ConfigError


def test_lists_come_from_the_environment_by_commas() -> None:
    settings = load(
        None,
        {
            "WARMLINE_ENGAGEMENT__VACANCY_PAGES": "*/kans/{job}, zorg.example.nl/werk/{job}/*",
            "WARMLINE_ENGAGEMENT__APPLICATION_FORMS": "f-1,f-2",
            "WARMLINE_ENGAGEMENT__CLICK_EVENTS": "e_clicked_sequence_email",
        },
    )

    assert settings.engagement.pages == {
        "application_started": (),
        "vacancy_visit": ("*/kans/{job}", "zorg.example.nl/werk/{job}/*"),
        "careers_visit": (),
    }
    assert settings.engagement.application_forms == ("f-1", "f-2")
    assert settings.engagement.click_events == ("e_clicked_sequence_email",)


@pytest.mark.parametrize(
    "pattern",
    ["https://zorg.example.nl/kans/{job}", "*/kans?id={job}", "*/kans/{baan}", "*/{job}/{job}", "*/kans /{job}"],
)
def test_a_pattern_that_can_match_no_page_is_refused_with_its_key(pattern: str) -> None:
    with pytest.raises(ConfigError) as refused:
        load(None, {"WARMLINE_ENGAGEMENT__VACANCY_PAGES": pattern})

    assert [one.key for one in refused.value.problems] == [
        "engagement.vacancy_pages (WARMLINE_ENGAGEMENT__VACANCY_PAGES)"
    ]
