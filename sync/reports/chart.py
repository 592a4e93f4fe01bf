"""One person's score over time as SVG: the line, the band edges, the touches that made it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from html import escape

from sync.core.engagement import series
from sync.core.facts import PersonFacts
from sync.core.model import Band, TouchDay
from sync.core.wording import band_word, date_words
from sync.reports.people import View

WIDTH, HEIGHT = 720, 260
LEFT, RIGHT, TOP, BOTTOM = 44, 12, 34, 46
DAYS = 90
COLOURS = ("#0b6e99", "#c2410c", "#4d7c0f", "#7e22ce", "#b91c1c", "#525252")


def score_chart(view: View, facts: PersonFacts) -> str:
    """The last 90 local days. Each touch day is a mark on the base line, coloured by kind; no touches: a flat line at
    0."""
    days = [view.today - timedelta(days=back) for back in range(DAYS, -1, -1)]
    points = series(facts.touches, view.policy.score, days, seen=True)
    body = [
        _frame(view),
        _edges(view),
        _line(days, points),
        _marks(view, facts.touches, days),
        _ends(view, days, points),
    ]
    title = "Score " + facts_name(facts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{escape(title)}" font-family="sans-serif" font-size="11">{"".join(body)}</svg>\n'
    )


def facts_name(facts: PersonFacts) -> str:
    """How the person is called on the picture: the first name only."""
    names = [one.candidate.first_name for one in facts.candidates if one.candidate.first_name]
    if facts.contact is not None and facts.contact.first_name:
        names.append(facts.contact.first_name)
    return names[0] if names else ""


def _x(index: int) -> float:
    return LEFT + index * (WIDTH - LEFT - RIGHT) / DAYS


def _y(value: float) -> float:
    return TOP + (100 - value) * (HEIGHT - TOP - BOTTOM) / 100


def _frame(view: View) -> str:
    return (
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>'
        f'<text x="{LEFT}" y="20" font-size="13" font-weight="bold">score, '
        f"{date_words(view.today, view.language)}</text>"
        f'<line x1="{LEFT}" y1="{_y(0)}" x2="{WIDTH - RIGHT}" y2="{_y(0)}" stroke="#404040"/>'
    )


def _edges(view: View) -> str:
    policy = view.policy.score
    edges = ((policy.hot, Band.HOT), (policy.warm, Band.WARM), (policy.cool, Band.COOL))
    return "".join(
        f'<line x1="{LEFT}" y1="{_y(edge):.1f}" x2="{WIDTH - RIGHT}" y2="{_y(edge):.1f}" '
        f'stroke="#d4d4d4" stroke-dasharray="4 4"/>'
        f'<text x="{LEFT - 6}" y="{_y(edge) + 4:.1f}" text-anchor="end">{edge}</text>'
        f'<text x="{LEFT + 4}" y="{_y(edge) - 4:.1f}" fill="#737373">{escape(band_word(band, view.language))}</text>'
        for edge, band in edges
    )


def _line(days: Sequence[date], points: Sequence[tuple[date, int | None]]) -> str:
    found = [f"{_x(index):.1f},{_y(value or 0):.1f}" for index, (_, value) in enumerate(points)]
    return (
        f'<polyline points="{" ".join(found)}" fill="none" stroke="#0b6e99" stroke-width="2" data-days="{len(days)}"/>'
    )


def _marks(view: View, touches: Sequence[TouchDay], days: Sequence[date]) -> str:
    from sync.core.wording import kind_word

    first = days[0]
    shown = sorted(
        (touch for touch in touches if first <= touch.day <= view.today), key=lambda touch: (touch.kind, touch.day)
    )
    kinds = sorted({touch.kind for touch in shown})
    colour = {kind: COLOURS[place % len(COLOURS)] for place, kind in enumerate(kinds)}
    marks = "".join(
        f'<circle cx="{_x((touch.day - first).days):.1f}" cy="{_y(0):.1f}" r="4" fill="{colour[touch.kind]}">'
        f"<title>{escape(kind_word(touch.kind, view.language))} {date_words(touch.day, view.language)}</title></circle>"
        for touch in shown
    )
    legend = "".join(
        f'<circle cx="{LEFT + place * 130 + 4}" cy="{HEIGHT - 10}" r="4" fill="{colour[kind]}"/>'
        f'<text x="{LEFT + place * 130 + 12}" y="{HEIGHT - 6}">{escape(kind_word(kind, view.language))}</text>'
        for place, kind in enumerate(kinds)
    )
    return marks + legend


def _ends(view: View, days: Sequence[date], points: Sequence[tuple[date, int | None]]) -> str:
    last, right, below = points[-1][1], WIDTH - RIGHT, HEIGHT - BOTTOM + 18
    first_day, last_day = (date_words(day, view.language) for day in (days[0], days[-1]))
    return (
        f'<text x="{LEFT}" y="{below}">{first_day}</text>'
        f'<text x="{right}" y="{below}" text-anchor="end">{last_day}</text>'
        f'<text x="{right}" y="{_y(last or 0) - 8:.1f}" text-anchor="end" font-weight="bold">'
        f"{'-' if last is None else last}</text>"
    )
