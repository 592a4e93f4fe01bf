"""A person's score over time: the line, the band edges, and under it the touches that made it, a row a kind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sync.core.facts import PersonFacts
from sync.core.model import Band, TouchDay
from sync.core.wording import band_word, date_words, days_words, kind_word
from sync.reports.drawing import INK, LARGE, NORMAL, RULE, WIDTH, Drawing
from sync.reports.people import View, score_series

LEFT, RIGHT, TOP, HEIGHT = 200, 32, 50, 200  # of the plot; the words of kinds stand left of it
LANE = 22
DAYS = 90
TICKS = 6
_TITLES = {"nl": "Score van {name}", "en": "Score of {name}"}


def score_chart(view: View, facts: PersonFacts) -> str:
    """The last 90 local days as SVG. Each touch day is a mark in its kind's row. No line on days without a score.
    Suspect touches and kinds without weight are not marked, because they gave nothing.
    """
    days = [view.today - timedelta(days=back) for back in range(DAYS, -1, -1)]
    title = _TITLES.get(view.language, _TITLES["nl"]).format(name=facts_name(facts))
    drawing = Drawing(title)
    drawing.text(16, 28, f"{title}, {date_words(view.today, view.language)}", size=LARGE, bold=True)
    touches = _shown(view, facts.touches, days)
    lanes = sorted({touch.kind for touch in touches})
    _edges(drawing, view)
    _dates(drawing, view, days, bottom=y_of(0) + LANE * len(lanes) + 8)
    _curve(drawing, view, facts)
    for place, kind in enumerate(lanes):
        _lane(drawing, view, place, [touch for touch in touches if touch.kind == kind])
    return drawing.svg(y_of(0) + LANE * len(lanes) + 40)


def facts_name(facts: PersonFacts) -> str:
    """How the person is called on the picture: the first name only."""
    names = [one.candidate.first_name for one in facts.candidates if one.candidate.first_name]
    if facts.contact is not None and facts.contact.first_name:
        names.append(facts.contact.first_name)
    return names[0] if names else "-"


def x_of(days_ago: int) -> float:
    """Where a day stands."""
    return LEFT + (DAYS - days_ago) * (WIDTH - LEFT - RIGHT) / DAYS


def y_of(value: float) -> float:
    """Where a score stands."""
    return TOP + (100 - value) * HEIGHT / 100


def _shown(view: View, touches: Sequence[TouchDay], days: Sequence[date]) -> list[TouchDay]:
    """One touch a kind and day, of those that weigh."""
    kinds = view.policy.score.kinds
    found = {
        (touch.kind, touch.day): touch
        for touch in touches
        if days[0] <= touch.day <= days[-1]
        and not touch.suspect
        and touch.kind in kinds
        and kinds[touch.kind].weight > 0
    }
    return [found[key] for key in sorted(found)]


def _edges(drawing: Drawing, view: View) -> None:
    policy = view.policy.score
    for edge, band in ((policy.hot, Band.HOT), (policy.warm, Band.WARM), (policy.cool, Band.COOL)):
        drawing.line((LEFT, y_of(edge)), (WIDTH - RIGHT, y_of(edge)), dash="4 4")
        drawing.text(LEFT - 10, y_of(edge) + 4, f"{band_word(band, view.language)} {edge}", anchor="end")
    for edge in (0, 100):
        drawing.line((LEFT, y_of(edge)), (WIDTH - RIGHT, y_of(edge)), colour=INK if edge == 0 else RULE)
        drawing.text(LEFT - 10, y_of(edge) + 4, str(edge), anchor="end")


def _dates(drawing: Drawing, view: View, days: Sequence[date], *, bottom: float) -> None:
    for place in range(TICKS + 1):
        ago = DAYS - round(place * DAYS / TICKS)
        anchor = "end" if ago == 0 else "middle"
        drawing.line((x_of(ago), y_of(0)), (x_of(ago), bottom), colour=RULE)
        words = days_words([days[DAYS - ago]], view.language, today=view.today)
        drawing.text(x_of(ago) + (RIGHT - 6 if ago == 0 else 0), bottom + 16, words, anchor=anchor)


def _curve(drawing: Drawing, view: View, facts: PersonFacts) -> None:
    values = score_series(view, facts, DAYS)
    points = [(x_of(DAYS - place), y_of(value)) for place, (_, value) in enumerate(values) if value is not None]
    if not points:
        return
    drawing.curve(points)
    drawing.text(WIDTH - RIGHT + 6, points[-1][1] + 4, str(values[-1][1]), size=NORMAL, bold=True)


def _lane(drawing: Drawing, view: View, place: int, touches: Sequence[TouchDay]) -> None:
    y = y_of(0) + LANE * (place + 0.5) + 4
    kind = kind_word(touches[0].kind, view.language)
    drawing.text(LEFT - 10, y + 4, kind, anchor="end")
    for touch in touches:
        told = f"{kind} {date_words(touch.day, view.language)}"
        drawing.mark(x_of((view.today - touch.day).days), y, place, told=told)
