"""Words and numbers of the reports on service and channels, and the public figures beside ours."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sync.core.calendar import day_start
from sync.core.disclosure import Hidden
from sync.core.spans import Times
from sync.reports.people import View

_FILE = Path(__file__).with_name("figures.toml")


@dataclass(frozen=True, slots=True)
class Period:
    """Local days, both included."""

    since: date
    until: date

    def moments(self, view: View) -> tuple[datetime, datetime]:
        """From the first moment on, and before the second, aware UTC."""
        zone = view.policy.time.zone
        return day_start(self.since, zone), day_start(self.until + timedelta(days=1), zone)


@dataclass(frozen=True, slots=True)
class Reference:
    """A public figure. `unit`: % or weeks. `via`: where it was read, never the original; '': not verified. `said`: what
    it is about, by language."""

    measure: str
    figure: float
    unit: str
    year: int
    source: str
    via: str
    said: Mapping[str, str]


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def words_in(language: str) -> Mapping[str, str]:
    """The words of a language; of one that is not known, the Dutch ones."""
    found: Mapping[str, str] = _file()["en" if language == "en" else "nl"]
    return found


@cache
def references() -> tuple[Reference, ...]:
    """Every public figure, in the order it is shown."""
    keys = ("measure", "figure", "unit", "year", "source", "via")
    return tuple(
        Reference(**{key: one[key] for key in keys}, said={"nl": one["nl"], "en": one["en"]})
        for one in _file()["reference"]
    )


def number(value: float | None, language: str) -> str:
    """With at most one decimal, as the language writes it; None → '–'."""
    if value is None:
        return "–"
    text = f"{value:.1f}".removesuffix(".0")
    return text if language == "en" else text.replace(".", ",")


def span(found: Times, language: str) -> str:
    """Median and p90: '3,5 / 12'; 'under 5' where too few were measured, '–' where none."""
    if found.median is None:
        return words_in(language)["few"] if found.measured else "–"
    return f"{number(found.median, language)} / {number(found.p90, language)}"


def span_report(found: Times, unit: str) -> dict[str, Any]:
    """Median and p90 for JSON, null where fewer than five people were measured."""
    return {f"median_{unit}": _rounded(found.median), f"p90_{unit}": _rounded(found.p90), "measured": found.measured}


def hidden_word(hidden: Hidden, language: str) -> str:
    """Why a group does not show."""
    return words_in(language)["under" if hidden is Hidden.UNDER else "withheld"]


def percent(part: int, whole: int) -> float | None:
    """Of nothing: None."""
    return round(100 * part / whole, 1) if whole else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
