"""The shape of a language's words, and how it says days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sync.core.model import Refusal


@dataclass(frozen=True, slots=True)
class Words:
    """All fixed text of one language. `{…}` are filled with facts of the person. `kinds`: what a touch of a
    kind is called.
    """

    months: tuple[str, ...]
    weekdays: tuple[str, ...]  # from Monday
    final: str  # between the last two of a list
    on: str  # between what happened and its days
    kinds: Mapping[str, str]
    bands: Mapping[str, str]
    grounds: Mapping[str, str]
    refusals: Mapping[Refusal, str]
    points: str
    nobody: str
    about: str  # a touch of a kind and the vacancy it was about
    viewed: str  # a vacancy that was looked at
    told: str
    withdrawn: str
    parts: tuple[str, str, str]  # of the day: before 12:00, before 16:00, after
    still_fits: str
    keep_longer: str
    why_not_applied: str
    why_nothing: str
    why_unscored: str
    why_as_of: str


def said_days(days: Iterable[date], words: Words, today: date, final: str | None = None) -> str:
    """Days in order, each month once, the year only where it is not today's: '19, 21 en 23 nov'. None → ''.

    `final` stands between the last two instead of the language's own word.
    """
    said: list[str] = []
    for (year, month), group in groupby(sorted(set(days)), key=lambda day: (day.year, day.month)):
        numbers = [str(day.day) for day in group]
        suffix = f" {words.months[month - 1]}" + (f" {year}" if year != today.year else "")
        said += [*numbers[:-1], numbers[-1] + suffix]
    if len(said) < 2:
        return "".join(said)
    return ", ".join(said[:-1]) + (words.final if final is None else final) + said[-1]
