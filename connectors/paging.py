"""Walking pages without going round in circles."""

from __future__ import annotations

from collections.abc import Iterable

from sync.errors import BadAnswer

MOST_EMPTY_PAGES = 10


class LoopGuard:
    """Refuses a walk that leads nowhere: a page token used before, a page shown before, page after page of nothing. So
    an endless list becomes an error.

    Remembers hashes only; 10,000 pages cost under 2 MB.
    """

    def __init__(self, token: str | None = None) -> None:
        self._seen = {hash(token)}
        self._pages: set[int] = set()
        self._empty = 0

    def step(self, token: str | None, ids: Iterable[str] | None = None) -> str | None:
        """The token, if it leads on (None ends the walk). `ids`: of the page's records, where the caller has them.
        Raises BadAnswer."""
        if token is None:
            return None
        if hash(token) in self._seen:
            raise BadAnswer("The vendor gave the same page token twice.")
        self._seen.add(hash(token))
        if ids is not None:
            self._look(tuple(ids))
        return token

    def _look(self, ids: tuple[str, ...]) -> None:
        self._empty = 0 if ids else self._empty + 1
        if self._empty > MOST_EMPTY_PAGES:
            raise BadAnswer(f"The vendor gave {self._empty} pages without a record and names a next one.")
        if ids and hash(ids) in self._pages:
            raise BadAnswer("The vendor gave the same page twice under another token.")
        self._pages.add(hash(ids))
