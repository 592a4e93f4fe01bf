"""`python -m docs.render`: bring every generated part of the pages up to date."""

from __future__ import annotations

from docs.render import pages, rendered

for page in pages():
    before = page.read_text(encoding="utf-8")
    after = rendered(before)
    if after != before:
        page.write_text(after, encoding="utf-8")
