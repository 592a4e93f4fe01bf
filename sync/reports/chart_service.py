"""The picture of the service to applicants: a bar a group, the numbers beside it, the public figures under it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sync.core.disclosure import Hidden
from sync.core.service import Answer, Figures
from sync.core.wording_templates import cut
from sync.reports.drawing import INK, LARGE, NORMAL, WIDTH, Drawing
from sync.reports.figures import hidden_word, number, references, span, words_in
from sync.reports.service import ServiceReport
from sync.reports.service_table import backlog_words, period_words, unseen_notes

SHADES = {
    Answer.IN_TIME: "#a8d0f0",
    Answer.LATE: "#c9721a",
    Answer.NEVER: "#4a0d0d",
    Answer.WAITING: "#ffffff",
}  # light, middle, dark and white in grey
MOST = 24  # groups in one picture
BARS, BARS_RIGHT = 232, 440
COLUMNS = {Answer.IN_TIME: 484, Answer.LATE: 532, Answer.NEVER: 576, Answer.WAITING: 640}
HOURS = 744
TOP, ROW = 122, 26
_NAME = 34  # letters that fit left of the bars


def service_chart(report: ServiceReport, language: str) -> str:
    """As SVG. Each bar is as long as the group's share of the largest group: who heard in time, late, never, who waits.
    The total has none: beside it every group would be a stub."""
    words = words_in(language)
    title = f"{words['service']}, {period_words(report, language)}"
    drawing = Drawing(title)
    drawing.text(16, 28, title, size=LARGE, bold=True)
    drawing.text(16, 50, f"{words['first_reaction']} ({words[f'by_{report.by}']})", size=NORMAL, bold=True)
    if report.service.total is None:
        drawing.text(16, 80, words["too_few"] if report.service.groups else words["nobody"])
        return drawing.svg(104)
    _head(drawing, words)
    _numbers(drawing, TOP, words["total"], report.service.total, language)
    bottom = _groups(drawing, report, language)
    bottom = _notes(drawing, report, bottom + 14, language)
    return drawing.svg(_beside(drawing, report, bottom + 34, language))


def bar_parts(found: Figures, most: int) -> list[tuple[Answer, float]]:
    """The parts of a group's bar that are not empty, with their lengths. `most`: applicants of the largest group."""
    room = (BARS_RIGHT - BARS) / max(1, most)
    counts = [(one, found.reaction.count(one)) for one in SHADES]
    return [(one, count * room) for one, count in counts if count]


def _head(drawing: Drawing, words: Mapping[str, str]) -> None:
    for answer, right in COLUMNS.items():
        drawing.bar((right - 10, TOP - 48), (10, 10), colour=SHADES[answer], told=words[answer.value])
        drawing.text(right, TOP - 24, words[answer.value], anchor="end")
    drawing.text(HOURS, TOP - 38, words["hours"], anchor="end")
    drawing.text(HOURS, TOP - 24, "med. / p90", anchor="end")
    drawing.line((16, TOP - 16), (WIDTH - 16, TOP - 16), colour=INK)


def _groups(drawing: Drawing, report: ServiceReport, language: str) -> float:
    """The groups that show, the largest first, and how many do not; where they end."""
    words, groups = words_in(language), report.ordered()
    shown = [(group, group.figures) for group in groups if group.figures is not None]
    most = max((_counted(found) for _, found in shown), default=1)
    y = float(TOP)
    for group, found in shown[:MOST]:
        y += ROW
        _bar(drawing, y, bar_parts(found, most), [f"{report.name(group)}: {one}" for one in _told(found, language)])
        _numbers(drawing, y, report.name(group), found, language)
    if len(shown) > MOST:
        y += ROW
        drawing.text(16, y, words["more"].format(number=len(shown) - MOST))
    for hidden in Hidden:
        those = [group for group in groups if group.hidden is hidden]
        if those:
            y += ROW
            drawing.text(16, y, f"{len(those)} × {hidden_word(hidden, language)}")
    return y


def _told(found: Figures, language: str) -> list[str]:
    """What each part of a bar says."""
    words, heard = words_in(language), found.reaction
    return [f"{words[one.value]} {heard.count(one)}" for one in SHADES if heard.count(one)]


def _bar(drawing: Drawing, y: float, parts: Sequence[tuple[Answer, float]], told: Sequence[str]) -> None:
    x = float(BARS)
    for (answer, length), words in zip(parts, told, strict=True):
        drawing.bar((x, y - 13), (length, 17), colour=SHADES[answer], told=words)
        x += length


def _counted(found: Figures) -> int:
    return sum(found.reaction.count(one) for one in SHADES)


def _numbers(drawing: Drawing, y: float, name: str, found: Figures, language: str) -> None:
    is_total = y == TOP
    drawing.text(16, y, cut(name, _NAME), bold=is_total)
    for answer, right in COLUMNS.items():
        drawing.text(right, y, str(found.reaction.count(answer)), anchor="end", bold=is_total)
    drawing.text(HOURS, y, span(found.reaction.hours, language), anchor="end", bold=is_total)


def _notes(drawing: Drawing, report: ServiceReport, y: float, language: str) -> float:
    words, total = words_in(language), report.service.total
    notes = [words["rank"], backlog_words(report, language)]
    if any(group.hidden for group in report.service.groups):
        notes.append(words["hidden_note"])
    if total is not None:
        told = f"{words['kept']} {total.promises['kept']}, {words['broken']} {total.promises['broken']}"
        notes.append(f"{words['promises'].capitalize()}: {told}, {words['moved']} {total.moved}.")
    notes += unseen_notes(report, language)
    for note in notes:
        for line in _folded(note):
            y += 18
            drawing.text(16, y, line)
    return y


def _beside(drawing: Drawing, report: ServiceReport, y: float, language: str) -> float:
    """Ours and theirs, a line a public figure; where the drawing ends."""
    words = words_in(language)
    drawing.text(16, y, words["references"], size=NORMAL, bold=True)
    drawing.text(410, y, words["ours"], anchor="end")
    drawing.text(484, y, words["theirs"], anchor="end")
    drawing.text(500, y, words["where"])
    for one in references():
        y += 20
        unit = "%" if one.unit == "%" else " w."
        ours = report.ours.get(one.measure)
        drawing.text(16, y, one.said["en" if language == "en" else "nl"])
        drawing.text(410, y, "–" if ours is None else f"{number(ours, language)}{unit}", anchor="end")
        drawing.text(484, y, f"{number(one.figure, language)}{unit}", anchor="end")
        drawing.text(500, y, f"{one.source}, {one.year}{'' if one.via else ', ' + words['not_checked']}")
    return y + 24


def _folded(text: str, longest: int = 112) -> list[str]:
    """Lines short enough for the width, folded between words."""
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) + 1 > longest:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
