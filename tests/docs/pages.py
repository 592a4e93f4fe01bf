"""The pages as the tests read them."""

from __future__ import annotations

import re
from pathlib import Path

from docs.render import DOCS, ROOT, pages

__all__ = ["DOCS", "ROOT", "anchors", "page", "pages", "prose", "sources"]

_FOLDERS = ("sync", "connectors", "mappings", "config", "sandbox", "tests", "benchmarks", "packaging", "docs/render")
_TOP = ("Makefile", "Dockerfile", "compose.yaml", "pyproject.toml")
_ENDINGS = frozenset({".py", ".toml", ".sql", ".service", ".timer"})

_FENCE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)


def page(name: str) -> str:
    """The text of a page under docs."""
    return (DOCS / name).read_text(encoding="utf-8")


def sources() -> list[Path]:
    """Code, TOML and SQL, and what runs them; without the tests of the pages, which must name what they look for."""
    inside = [path for folder in _FOLDERS for path in (ROOT / folder).rglob("*") if path.suffix in _ENDINGS]
    own = ROOT / "tests" / "docs"
    return [*(ROOT / name for name in _TOP), *sorted(path for path in inside if path.parent != own)]


def prose(path: Path) -> str:
    """A page without its code blocks."""
    return _FENCE.sub("", path.read_text(encoding="utf-8"))


def anchors(path: Path) -> set[str]:
    """What a link into a page may name, as GitHub spells headings."""
    heads = re.findall(r"^#+ (.+)$", prose(path), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}
