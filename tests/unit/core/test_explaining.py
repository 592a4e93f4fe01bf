"""A score in words: points, what changed, what would be, and what other rules did."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sync.core.engagement import score
from sync.core.explaining import head, point_rows, rules_change_lines, since_line, total_line, without_line
from sync.core.model import Band, Score, TouchDay
from sync.core.rules_change import Move, RulesChange, from_values, to_values
from tests.unit.core.make import SCORING, TODAY, touched

VISITS = touched("site_visit", "2026-11-19", "2026-11-21", "2026-11-23")


def scored(touches: tuple[TouchDay, ...], days_ago: int = 0) -> Score:
    return score(touches, SCORING, today=TODAY - timedelta(days=days_ago), seen=True, previous=None)


def test_a_point_says_weight_damping_and_points() -> None:
    rows = point_rows(scored(touched("event_attended", "2026-10-20")), SCORING, "nl")

    assert head("nl") == ("aanraking", "gewicht", "demping", "plafond", "punten")
    assert rows == [("open dag 20 okt 2026", "1,5", "× 0,764 (35 d oud, halveert per 90 d)", "", "1,146")]


def test_a_capped_point_says_what_the_cap_takes_and_how_often_a_day_was_seen() -> None:
    days = [(TODAY - timedelta(days=n)).isoformat() for n in range(10)]
    touches = tuple(replace(one, count=2) for one in touched("mail_click", *days))

    row = point_rows(scored(touches), SCORING, "en")[0]

    assert row == (
        "clicked in a mail 24 Nov 2026 (2×)",
        "0.4",
        "× 1.000 (0 d old, halves every 30 d)",
        "× 0.415 (at most 1.5)",
        "0.166",
    )


def test_the_parts_of_a_row_multiply_to_its_points() -> None:
    days = [(TODAY - timedelta(days=n)).isoformat() for n in range(10)]
    for row, point in zip(
        point_rows(found := scored(touched("mail_click", *days)), SCORING, "en"), found.points, strict=True
    ):
        weight, decay, share = float(row[1]), float(row[2].split()[1]), float(row[3].split()[1])
        assert abs(weight * decay * share - point.points) < 0.001


def test_since_yesterday_a_touch_came_and_the_rest_faded() -> None:
    touches = touched("reply", "2026-11-20") + touched("form", "2026-11-24")

    assert since_line(scored(touches, 1), scored(touches), "nl") == (
        "sinds gisteren 38 → 56: erbij formulier ingevuld 24 nov 2026 +1,000; demping en plafond −0,017"
    )
    assert since_line(scored(()), scored(()), "en") == "since yesterday 0 → 0: nothing changed"


def test_a_touch_that_is_gone_is_told() -> None:
    lost = touched("reply", "2026-11-20")

    assert (
        since_line(scored(lost, 1), scored(()), "en")
        == "since yesterday 38 → 0: gone answered a mail 20 Nov 2026 −1.449"
    )


def test_the_sum_and_the_score_without_a_kind_are_told() -> None:
    assert total_line(scored(VISITS), "nl") == "samen 1,401 punten → score 37, warm"
    assert (
        without_line({"event_attended": 45, "site_visit": None}, "nl")
        == "zonder open dag: 45; zonder gezien op de website: 0"
    )


def test_a_change_of_rules_counts_bands_and_names_the_largest_moves() -> None:
    change = RulesChange("v2").and_also(
        [
            Move(1, 62, 50, Band.HOT, Band.WARM),
            Move(2, 61, 58, Band.HOT, Band.WARM),
            Move(3, 20, 20, Band.COOL, Band.COOL),
            Move(4, None, 30, Band.UNSCORED, Band.COOL),
        ]
    )
    change = change.and_also([Move(5, 40, 70, Band.WARM, Band.HOT)])

    assert list(rules_change_lines(change, "en")) == [
        "other rules: 5 people scored anew, 4 have another score",
        "  hot → warm: 2",
        "  unknown → cool: 1",
        "  warm → hot: 1",
        "  largest moves: p4 - → 30, p5 40 → 70, p1 62 → 50, p2 61 → 58",
    ]
    assert from_values(to_values(change)) == change


def test_only_the_ten_largest_moves_are_named() -> None:
    moves = [Move(number, 0, number, Band.COLD, Band.COLD) for number in range(30)]

    change = RulesChange("v2").and_also(moves)

    assert [one.person_id for one in change.largest] == list(range(29, 19, -1))
