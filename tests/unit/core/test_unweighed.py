"""What weighs nothing is told with the rule that caught it."""

from __future__ import annotations

from datetime import date

import pytest

from sync.core.unweighed import unweighed_line

DAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("nl", "weegt niet mee: mailklik 22 nov 2026 (3×, alle links tegelijk); "
         "other 22 nov 2026 (1×, onbekende soort)"),
        ("en", "weighs nothing: clicked in a mail 22 Nov 2026 (3×, all links at once); "
         "other 22 Nov 2026 (1×, of an unknown kind)"),
    ],
)  # fmt: skip
def test_each_event_is_told_with_its_day_and_rule(language: str, expected: str) -> None:
    seen = [("mail_click", DAY, 3, "all_links"), ("other", DAY, 1, "")]

    assert unweighed_line(seen, language) == expected


def test_of_many_only_the_newest_are_told() -> None:
    line = unweighed_line([("mail_click", DAY, 1, "scanner")] * 7, "nl")

    assert line.count("mailklik") == 5
    assert line.endswith("; nog 2 dagen")


def test_of_nothing_nothing_is_told() -> None:
    assert unweighed_line([], "nl") == ""
