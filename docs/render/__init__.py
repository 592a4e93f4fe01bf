"""Parts of the documentation that are made from the code: `python -m docs.render` writes them into the pages.

A page marks such a part with `<!-- generated: name -->` and `<!-- /generated -->`; a test fails when one is stale.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from docs.render import code, data, persons, reports, settings, wording

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"

BLOCKS: Mapping[str, Callable[[], str]] = {
    "bands": code.bands,
    "channels_example": reports.channels_example,
    "columns": data.columns,
    "command_options": code.command_options,
    "command_table": code.command_table,
    "contact_properties": data.contact_properties,
    "decisions": lambda: decisions(),
    "error_classes": code.error_classes,
    "example_persons": persons.examples,
    "explained_example": persons.explained_example,
    "file_fields": data.file_fields,
    "file_words": data.file_words,
    "outbox_states": code.outbox_states,
    "plays": code.plays,
    "read_properties": data.read_properties,
    "refusals": code.refusals,
    "service_example": reports.service_example,
    "settings": settings.settings,
    "source_settings": settings.source_settings,
    "task_properties": data.task_properties,
    "touch_kinds": code.touch_kinds,
    "weights": settings.weights,
    "wording_variables": wording.variables_table,
    "worked_example": persons.worked_example,
    "write_kinds": code.write_kinds,
}

PICTURES: Mapping[str, Callable[[], str]] = {
    "channels.svg": reports.channels_picture,
    "service.svg": reports.service_picture,
}  # in docs/pictures

_BLOCK = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- /generated -->)", re.DOTALL)


def pages() -> list[Path]:
    """Every page that people read, the README first."""
    top = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")]
    return [*top, *sorted(DOCS.rglob("*.md"))]


def rendered(text: str) -> str:
    """The page with its generated parts made anew. KeyError: a part nobody makes."""
    return _BLOCK.sub(lambda found: f"{found[1]}\n{BLOCKS[found[2]]().strip()}\n\n{found[3]}", text)


def decisions() -> str:
    """The decision records by number, with their titles."""
    lines = []
    for path in sorted((DOCS / "decisions").glob("*.md")):
        title = path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")
        lines.append(f"- [{title}](decisions/{path.name})")
    return "\n".join(lines)
