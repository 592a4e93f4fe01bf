"""What an ATS can and cannot tell (docs/decisions/0024). Declared by a connector, used by doctor and contract suite."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Capabilities:
    """One vendor's answers, as its connector reads them.

    `incremental`: nouns that can be asked for a time window. `inclusive`: whether the window's start is, None unknown.
    `tombstones`: how a deletion shows: poll (told when asked), sweep (only by absence from a complete listing), none.
    `stage_history`: exact (the vendor dates each move), current (only the last one) or observed (two pulls differ).
    `page_stability`: keyset (rows cannot move between pages), offset (they can), file.
    `networked`: reads over HTTP with a token; a folder of files does not.
    """

    incremental: frozenset[str]
    inclusive: bool | None
    granularity: Literal["ms", "s", "day", "none"]
    tombstones: Literal["none", "poll", "sweep"]
    stage_history: Literal["exact", "current", "observed"]
    reject_reason: bool
    reject_time: bool
    users_email: bool
    consent: bool
    prospects: bool
    page_stability: Literal["keyset", "offset", "file"]
    networked: bool = True
