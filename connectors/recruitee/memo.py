"""Placements met while candidates were read, kept for the applications stream so that nobody is fetched twice.

They are ids, stages and moments, cut to the allowed fields. Up to 2 MB stay in memory; more goes to a temporary file
that has no name and ends with the process.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from typing import IO

from connectors.protocols import Page, Window

IN_MEMORY = 2_000_000


class Memo:
    """The applications pages of one whole walk over one window. Handed out once."""

    def __init__(self) -> None:
        self._window: Window | None = None
        self._pages: list[Page] = []
        self._file: IO[str] | None = None
        self._is_whole = False

    def begin(self, window: Window) -> None:
        """Forget what was kept, and start on a window."""
        self.clear()
        self._window = window
        self._file = tempfile.SpooledTemporaryFile(IN_MEMORY, "w+", encoding="utf-8")  # noqa: SIM115 (clear closes it)

    def keep(self, page: Page) -> None:
        """Keep one page; the one without a token completes the walk. With a full disk the rows are fetched again."""
        if self._window is None or self._file is None:
            return
        if page.snapshot_begin and self._pages:
            self.begin(self._window)
        try:
            self._file.write(json.dumps(list(page.records)) + "\n")
        except OSError:
            self.clear()
            return
        self._pages.append(replace(page, records=()))
        self._is_whole = page.token is None

    def has(self, window: Window) -> bool:
        """Whether every page of the window is here."""
        return self._is_whole and self._window == window

    def pages(self) -> Iterator[Page]:
        """The pages in order; nothing is left behind, also when the reader stops half-way."""
        if self._file is None:
            return
        try:
            self._file.seek(0)
            for page in self._pages:
                yield replace(page, records=json.loads(self._file.readline()))
        finally:
            self.clear()

    def clear(self) -> None:
        """Forget everything."""
        self._window, self._pages, self._is_whole = None, [], False
        if self._file is not None:
            self._file.close()
            self._file = None

    def __del__(self) -> None:
        self.clear()
