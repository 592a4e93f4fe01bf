"""The pages as the tests read them."""

from __future__ import annotations

import re
from pathlib import Path

from docs.render import DOCS, ROOT, pages

__all__ = ["DOCS", "ROOT", "anchors", "page", "pages", "prose"]

_FENCE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)


def page(name: str) -> str:
    """The text of a page under docs."""
    return (DOCS / name).read_text(encoding="utf-8")


def prose(path: Path) -> str:
    """A page without its code blocks."""
    return _FENCE.sub("", path.read_text(encoding="utf-8"))


def anchors(path: Path) -> set[str]:
    """What a link into a page may name, as GitHub spells headings."""
    heads = re.findall(r"^#+ (.+)$", prose(path), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}
