"""The picture of where people came from: of each channel how many were there, how many applied and were hired."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sync.core.channels import Reach
from sync.core.spans import Times
from sync.core.wording_templates import cut
from sync.reports.channels import ChannelsReport, channels_title
from sync.reports.drawing import INK, LARGE, NORMAL, WIDTH, Drawing
from sync.reports.figures import hidden_word, number, percent, words_in

SHADES = {"people": "#ffffff", "applied": "#a8d0f0", "hired": "#0b5cad"}  # light to dark in grey
MOST = 16  # channels in one picture
BARS, BARS_RIGHT = 210, 530
TOP, ROW, HIGH = 104, 62, 16
_NAME = 28  # letters that fit left of the bars


@dataclass(frozen=True, slots=True)
class _Bar:
    word: str
    count: int
    share: str = ""


def channels_chart(report: ChannelsReport, language: str) -> str:
    """As SVG: three bars a channel, as long as its share of the largest channel's people."""
    words, title = words_in(language), channels_title(report, language)
    drawing = Drawing(title)
    drawing.text(16, 28, title, size=LARGE, bold=True)
    drawing.text(16, 50, words[f"by_{report.by}"], size=NORMAL, bold=True)
    if report.channels.total is None:
        drawing.text(16, 80, words["too_few"] if report.channels.rows else words["nobody"])
        return drawing.svg(104)
    _legend(drawing, language)
    y = _rows(drawing, report, language)
    is_hidden = any(one.hidden for one in report.channels.rows)
    for note in [words["days_note"], *([words["hidden_note"]] if is_hidden else [])]:
        drawing.text(16, y + 16, note)
        y += 18
    return drawing.svg(y + 24)


def _rows(drawing: Drawing, report: ChannelsReport, language: str) -> float:
    """The channels, the largest first; where they end."""
    words, rows = words_in(language), report.ordered()
    most = max((one.reach.people for one in rows[:MOST] if one.reach), default=1)
    y = float(TOP)
    for row in rows[:MOST]:
        drawing.text(16, y + 12, cut(report.name(row), _NAME))
        if row.reach is None:
            drawing.text(BARS, y + 12, hidden_word(row.hidden, language) if row.hidden else "")
            y += ROW / 2
            continue
        parts = lengths(row.reach, most)
        _bars(drawing, y, parts, _told(row.reach, language), report.name(row))
        y += ROW
    if len(rows) > MOST:
        drawing.text(16, y + 12, words["more"].format(number=len(rows) - MOST))
        y += ROW / 2
    drawing.line((BARS, TOP - 8), (BARS, y - 6), colour=INK)
    return y


def lengths(found: Reach, most: int) -> dict[str, float]:
    """How long the bars of a channel are. `most`: people of the largest channel."""
    room = (BARS_RIGHT - BARS) / max(1, most)
    return {"people": found.people * room, "applied": found.applied * room, "hired": found.hired * room}


def _legend(drawing: Drawing, language: str) -> None:
    words = words_in(language)
    for place, name in enumerate(SHADES):
        x = BARS + 130 * place
        drawing.bar((x, TOP - 32), (10, 10), colour=SHADES[name], told=words[name])
        drawing.text(x + 16, TOP - 23, words[name])


def _bars(drawing: Drawing, y: float, parts: Mapping[str, float], told: Mapping[str, _Bar], name: str) -> None:
    for place, (what, length) in enumerate(parts.items()):
        top, bar = y + place * HIGH, told[what]
        drawing.bar((BARS, top), (length, HIGH - 2), colour=SHADES[what], told=f"{name}: {bar.word} {bar.count}")
        drawing.text(min(BARS + length + 6, WIDTH - 224), top + 11, f"{bar.count}{bar.share}")


def _told(found: Reach, language: str) -> dict[str, _Bar]:
    words = words_in(language)
    applied = _said(percent(found.applied, found.people), words["applied_share"], found.to_applied, language)
    hired = _said(percent(found.hired, found.applied), words["hired_share"], found.to_hired, language)
    return {
        "people": _Bar(words["people"], found.people),
        "applied": _Bar(words["applied"], found.applied, applied),
        "hired": _Bar(words["hired"], found.hired, hired),
    }


def _said(share: float | None, of: str, spans: Times, language: str) -> str:
    if share is None:
        return ""
    days = f", {number(spans.median, language)} {words_in(language)['days']}" if spans.median is not None else ""
    return f" ({number(share, language)}% {of}{days})"
