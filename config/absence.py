"""Recruiters who are away: one line an absence, the same in the file and in the environment."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict

from config.values import Email

_FORM = "must be an e-mail, the days as 2026-12-21..2027-01-03 and, if there is one, the e-mail of the stand-in"
_LINE = re.compile(r"(\S+)\s+(\d{4}-\d\d-\d\d)(?:\.\.(\d{4}-\d\d-\d\d))?(?:\s+(\S+))?")


class Absence(BaseModel):
    """One owner who is away from the first day to the last, both included. `stand_in`: who takes their tasks."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    owner: Email
    first: date
    last: date
    stand_in: Email | None = None


def _to_lines(value: Any) -> Any:
    return tuple(part for part in value.split(",") if part.strip()) if isinstance(value, str) else value


def _to_absence(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    found = _LINE.fullmatch(value.strip())
    if found is None:
        raise ValueError(_FORM)
    owner, first, last, stand_in = found.groups()
    try:
        days = date.fromisoformat(first), date.fromisoformat(last or first)
    except ValueError:
        raise ValueError(_FORM) from None
    if days[1] < days[0]:
        raise ValueError("ends before it begins")
    return {"owner": owner, "first": days[0], "last": days[1], "stand_in": stand_in}


Absences = Annotated[
    tuple[Annotated[Absence, BeforeValidator(_to_absence)], ...],
    BeforeValidator(_to_lines),
]
