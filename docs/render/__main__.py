"""`python -m docs.render`: bring every generated part of the pages, and every picture, up to date."""

from __future__ import annotations

from docs.render import DOCS, PICTURES, pages, rendered

for page in pages():
    before = page.read_text(encoding="utf-8")
    after = rendered(before)
    if after != before:
        page.write_text(after, encoding="utf-8")

for name, draw in PICTURES.items():
    (DOCS / "pictures" / name).write_text(draw(), encoding="utf-8")
