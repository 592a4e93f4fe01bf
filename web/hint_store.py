"""Where the web process writes: hints into the mirror, one short transaction after another on one thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from sync.errors import MirrorError
from sync.store import hints
from sync.store.db import Mirror
from sync.store.hints import Hint

MOST_WAITING = 64  # deliveries; more than that and the vendor is asked to send again


class HintStore:
    """`open_mirror`: opens it to write beside the worker; raises MirrorError. It is opened at the first hint, and anew
    after an error. `now`: aware UTC."""

    def __init__(self, open_mirror: Callable[[], Mirror], now: Callable[[], datetime]) -> None:
        self._open_mirror = open_mirror
        self._now = now
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="hints")
        self._db: Mirror | None = None
        self._waiting = 0

    async def keep(self, found: Sequence[Hint]) -> bool:
        """Store hints; False: the mirror is busy or is not there, nothing was stored."""
        if self._waiting >= MOST_WAITING:
            return False
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, self._keep, found)
        finally:
            self._waiting -= 1

    def _keep(self, found: Sequence[Hint]) -> bool:
        try:
            if self._db is None:
                self._db = self._open_mirror()
            with self._db.write() as db:
                hints.add(db, found, self._now())
        except MirrorError:
            self._close()
            return False
        return True

    def _close(self) -> None:
        db, self._db = self._db, None
        if db is not None:
            db.close()

    def close(self) -> None:
        """Finish what is in hand."""
        self._thread.submit(self._close)
        self._thread.shutdown(wait=True)
