"""Walking pages without going round in circles."""

from __future__ import annotations

from sync.errors import BadAnswer


class LoopGuard:
    """Refuses a page token that was used before in this walk: an endless list becomes an error.

    Remembers hashes only; 10,000 pages cost under a megabyte.
    """

    def __init__(self, token: str | None = None) -> None:
        self._seen = {hash(token)}

    def step(self, token: str | None) -> str | None:
        """The token, if it leads on (None ends the walk). Raises BadAnswer."""
        if token is None:
            return None
        if hash(token) in self._seen:
            raise BadAnswer("The vendor gave the same page token twice.")
        self._seen.add(hash(token))
        return token
