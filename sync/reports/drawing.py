"""A small drawing: lines, bars, marks and words on white paper, as SVG and as PNG (docs/decisions/0041)."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from sync.errors import ConfigError, Problem
from sync.private_file import write_private

WIDTH = 760  # pixels; at 96 to the inch it fits across a page
INK, SOFT, RULE, BLUE = "#1c1917", "#57534e", "#d6d3d1", "#0b5cad"
SMALL, NORMAL, LARGE = 12, 13, 16
_FONT = "Lato, 'Helvetica Neue', Arial, sans-serif"
_PNG_ZOOM = 3  # about 290 dots to the inch over the width of a page
_MARKS = ("circle", "square", "diamond", "triangle", "cross")


class Drawing:
    """Parts are drawn over each other in the order they are added. Coordinates are pixels from the top left."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._parts: list[str] = []

    def text(
        self, x: float, y: float, words: str, *, anchor: str = "start", size: int = SMALL, bold: bool = False
    ) -> None:
        """Words with their baseline at `y`. `anchor`: start, middle or end of them stands at `x`."""
        weight = ' font-weight="bold"' if bold else ""
        self._parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}"{weight}>{escape(words)}</text>'
        )

    def line(self, start: tuple[float, float], end: tuple[float, float], *, colour: str = RULE, dash: str = "") -> None:
        """A thin line; `dash` as SVG spells it."""
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self._parts.append(
            f'<line x1="{start[0]:.1f}" y1="{start[1]:.1f}" x2="{end[0]:.1f}" y2="{end[1]:.1f}" '
            f'stroke="{colour}"{dashes}/>'
        )

    def curve(self, points: Sequence[tuple[float, float]]) -> None:
        """A thick line through points."""
        found = " ".join(f"{x:.2f},{y:.2f}" for x, y in points)
        self._parts.append(f'<polyline points="{found}" fill="none" stroke="{BLUE}" stroke-width="2.5"/>')

    def bar(self, corner: tuple[float, float], size: tuple[float, float], *, colour: str, told: str) -> None:
        """A filled rectangle from its top left corner. `told`: what it says when pointed at."""
        self._parts.append(
            f'<rect x="{corner[0]:.2f}" y="{corner[1]:.2f}" width="{size[0]:.2f}" height="{size[1]:.2f}" '
            f'fill="{colour}" stroke="{INK}" stroke-width="0.5"><title>{escape(told)}</title></rect>'
        )

    def mark(self, x: float, y: float, shape: int, *, told: str) -> None:
        """A mark around a point; marks of another shape differ without colour too."""
        path = _mark(_MARKS[shape % len(_MARKS)], x, y)
        self._parts.append(f'<g class="mark" fill="{INK}" stroke="{INK}">{path}<title>{escape(told)}</title></g>')

    def svg(self, height: float) -> str:
        """The whole drawing, `height` pixels high."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height:.0f}" '
            f'viewBox="0 0 {WIDTH} {height:.0f}" role="img" aria-label="{escape(self._title)}" '
            f'font-family="{_FONT}" fill="{INK}"><rect width="{WIDTH}" height="{height:.0f}" fill="#ffffff"/>'
            f"{''.join(self._parts)}</svg>\n"
        )


def _mark(shape: str, x: float, y: float) -> str:
    if shape == "circle":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4"/>'
    paths = {
        "square": f"M{x - 3.5:.1f} {y - 3.5:.1f}h7v7h-7z",
        "diamond": f"M{x:.1f} {y - 5:.1f}l5 5l-5 5l-5 -5z",
        "triangle": f"M{x:.1f} {y - 5:.1f}l5 9h-10z",
        "cross": f"M{x - 4:.1f} {y - 4:.1f}l8 8M{x - 4:.1f} {y + 4:.1f}l8 -8",
    }
    width = ' stroke-width="2"' if shape == "cross" else ""
    return f'<path d="{paths[shape]}"{width}/>'


def save(svg: str, path: Path) -> None:
    """Write a drawing as its name says: .svg or .png. Raises ConfigError for another name or a folder that is not
    there.
    """
    kind = path.suffix.lower()
    if kind not in (".svg", ".png"):
        problem = Problem("--out", f"{path.name} is neither SVG nor PNG.", "Let the name end in .svg or .png.")
        raise ConfigError([problem])
    content = svg.encode() if kind == ".svg" else png(svg)
    try:
        write_private(path, content)
    except OSError as error:
        problem = Problem("--out", f"{path} cannot be written ({error.strerror}).", "Give a file in a folder of yours.")
        raise ConfigError([problem]) from error


def png(svg: str) -> bytes:
    """The drawing as PNG, large enough to print, in the font that comes with warmline."""
    import font_lato  # both are needed for pictures only
    import resvg_py

    fonts = [font_lato.font_files[name] for name in ("Lato", "LatoBold")]
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, zoom=_PNG_ZOOM, font_files=fonts, sans_serif_family="Lato"))
