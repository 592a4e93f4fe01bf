"""The picture of everyone's scores: how many people have which score, and who rose or fell to another band by week."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sync.core.history import Week
from sync.core.model import Band
from sync.core.policy import ScorePolicy
from sync.core.wording import band_word, date_words, days_words
from sync.reports.drawing import INK, LARGE, NORMAL, WIDTH, Drawing
from sync.reports.people import View
from sync.reports.pool import BANDS, STEP, WEEKS, Pool

SHADES = {
    Band.HOT: "#8a1c1c",
    Band.WARM: "#dd6b20",
    Band.COOL: "#f2c57c",
    Band.COLD: "#e7e5e4",
}  # dark to light in grey
LEFT, RIGHT = 110, 24
BARS_TOP, BARS_BOTTOM = 76, 236
FLOW_TOP, FLOW_ZERO, FLOW_BOTTOM = 356, 436, 516  # as much room to rise as to fall
TABLE = 566


@dataclass(frozen=True, slots=True)
class _Words:
    title: str
    unscored: str
    axis: str
    flow: str
    to: str
    rose: str
    fell: str
    sizes: str


_NL = _Words(
    "Scores van {people} mensen",
    "{number} zonder score (onbekend)",
    "score",
    "Wie ging per week naar een andere band",
    "naar {band}",
    "steeg",
    "daalde",
    "Mensen aan het eind van de week",
)
_EN = _Words(
    "Scores of {people} people",
    "{number} without a score (unknown)",
    "score",
    "Who went to another band, by week",
    "to {band}",
    "rose",
    "fell",
    "People at the end of the week",
)


def pool_chart(view: View, pool: Pool) -> str:
    """The picture as SVG: a bar for each 5 points, the flow of each week, and the sizes of the bands under it."""
    words = _EN if view.language == "en" else _NL
    title = words.title.format(people=pool.people)
    drawing = Drawing(title)
    drawing.text(16, 28, f"{title}, {date_words(view.today, view.language)}", size=LARGE, bold=True)
    drawing.text(16, 48, words.unscored.format(number=pool.unscored))
    _histogram(drawing, view, pool, words)
    drawing.text(16, FLOW_TOP - 64, words.flow, size=NORMAL, bold=True)
    _legend(drawing, view, words)
    most = max([1, *(max(week.rose.total(), week.fell.total()) for week in pool.weeks)])
    for place, week in enumerate(pool.weeks):
        _week(drawing, view, place, week, most)
    drawing.line((LEFT, FLOW_ZERO), (WIDTH - RIGHT, FLOW_ZERO), colour=INK)
    drawing.text(LEFT - 10, FLOW_ZERO - 10, words.rose, anchor="end")
    drawing.text(LEFT - 10, FLOW_ZERO + 20, words.fell, anchor="end")
    _sizes(drawing, view, pool, words)
    return drawing.svg(TABLE + 40 + 20 * len(BANDS))


def _histogram(drawing: Drawing, view: View, pool: Pool, words: _Words) -> None:
    most, width = max(1, *pool.steps.values()), (WIDTH - LEFT - RIGHT) * STEP / 100
    for lowest, number in pool.steps.items():
        x, height = _score_x(lowest), number / most * (BARS_BOTTOM - BARS_TOP)
        colour = SHADES[_band(lowest, view.policy.score)]
        told = f"{lowest}–{min(100, lowest + STEP) - (lowest + STEP < 100)}: {number}"
        drawing.bar((x + 1, BARS_BOTTOM - height), (width - 2, height), colour=colour, told=told)
        if number:
            drawing.text(x + width / 2, BARS_BOTTOM - height - 5, str(number), anchor="middle")
    drawing.line((LEFT, BARS_BOTTOM), (WIDTH - RIGHT, BARS_BOTTOM), colour=INK)
    policy = view.policy.score
    edges: Mapping[int, Band] = {0: Band.COLD, policy.cool: Band.COOL, policy.warm: Band.WARM, policy.hot: Band.HOT}
    for edge, band in edges.items():
        drawing.line((_score_x(edge), BARS_BOTTOM), (_score_x(edge), BARS_BOTTOM + 8), colour=INK)
        drawing.text(_score_x(edge) + 3, BARS_BOTTOM + 20, f"{edge} {band_word(band, view.language)}")
    drawing.text(LEFT - 10, BARS_BOTTOM + 20, words.axis, anchor="end")
    drawing.text(WIDTH - RIGHT, BARS_BOTTOM + 20, "100", anchor="end")


def _band(lowest: int, policy: ScorePolicy) -> Band:
    """The band of a bar's lowest score."""
    edges = ((policy.hot, Band.HOT), (policy.warm, Band.WARM), (policy.cool, Band.COOL))
    return next((band for edge, band in edges if lowest >= edge), Band.COLD)


def _score_x(score: float) -> float:
    return LEFT + score * (WIDTH - LEFT - RIGHT) / 100


def _legend(drawing: Drawing, view: View, words: _Words) -> None:
    for place, band in enumerate(BANDS):
        x = LEFT + place * 110
        drawing.bar((x, FLOW_TOP - 48), (14, 12), colour=SHADES[band], told=band.value)
        drawing.text(x + 20, FLOW_TOP - 38, words.to.format(band=band_word(band, view.language)))


def _week_x(place: int) -> float:
    return LEFT + (place + 0.5) * (WIDTH - LEFT - RIGHT) / WEEKS


def _week(drawing: Drawing, view: View, place: int, week: Week, most: int) -> None:
    """People who rose stand above the line, who fell below it; a part for each band they ended in."""
    x, day = _week_x(place), days_words([week.until], view.language, today=view.today)
    top, bottom = float(FLOW_ZERO), float(FLOW_ZERO)
    for band in reversed(BANDS):
        height = week.rose[band] / most * (FLOW_ZERO - FLOW_TOP)
        if height:
            top -= height
            told = f"{day} → {band_word(band, view.language)}: +{week.rose[band]}"
            drawing.bar((x - 20, top), (40, height), colour=SHADES[band], told=told)
    for band in BANDS:
        height = week.fell[band] / most * (FLOW_BOTTOM - FLOW_ZERO)
        if height:
            told = f"{day} → {band_word(band, view.language)}: −{week.fell[band]}"
            drawing.bar((x - 20, bottom), (40, height), colour=SHADES[band], told=told)
            bottom += height
    drawing.text(x, top - 5, f"+{week.rose.total()}", anchor="middle")
    drawing.text(x, bottom + 14, f"−{week.fell.total()}", anchor="middle")


def _sizes(drawing: Drawing, view: View, pool: Pool, words: _Words) -> None:
    drawing.text(16, TABLE, words.sizes, size=NORMAL, bold=True)
    for place, week in enumerate(pool.weeks):
        day = days_words([week.until], view.language, today=view.today)
        drawing.text(_week_x(place), TABLE + 20, day, anchor="middle")
    for row, band in enumerate(BANDS):
        y = TABLE + 40 + 20 * row
        drawing.text(LEFT - 10, y, band_word(band, view.language), anchor="end")
        for place, week in enumerate(pool.weeks):
            drawing.text(_week_x(place), y, str(week.sizes[band]), anchor="middle")
