"""The page of promises says of each source what its connector declares."""

from __future__ import annotations

import re

from config.kinds import KINDS, Kind
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "promise.md").read_text(encoding="utf-8")


def told(kind: Kind) -> tuple[bool, bool, bool]:
    """What the page says of a kind: stage moves, first message, rejection told."""
    title = re.sub(r"^a ", "", kind.title)
    row = next(line for line in PAGE.splitlines() if line.startswith("|") and title.lower() in line.lower())
    moves, messages, telling = (cell.strip() for cell in row.strip("|").split("|")[1:])
    return moves == "yes", not messages.startswith("no"), not telling.startswith("no")


def test_the_page_says_what_each_source_shows() -> None:
    declared = {name: (kind.sees.moves, kind.sees.messages, kind.sees.told) for name, kind in KINDS.items()}

    assert {name: told(kind) for name, kind in KINDS.items()} == declared
