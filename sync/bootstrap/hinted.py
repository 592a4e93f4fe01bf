"""The worker's look for what webhooks named: no request and no run while there is nothing."""

from __future__ import annotations

from collections.abc import Callable

from sync.bootstrap.app import App
from sync.errors import MirrorError
from sync.store import hints
from sync.store.db import Mirror

LOOK_S = 1.0


class HintWatch:
    """`look` is called every second, always on the same thread. `attempt`: does one run that reads what was named.

    Between two such runs lie at least schedule.hint_pause_s seconds, also when one could not read everything.
    """

    def __init__(self, app: App, attempt: Callable[[], None]) -> None:
        self._app = app
        self._attempt = attempt
        self._not_before = 0.0
        self._db: Mirror | None = None

    def look(self) -> None:
        """Begin a run when something was named. Never raises MirrorError: the runs themselves say what is wrong."""
        if self._app.clock.monotonic() < self._not_before:
            return
        try:
            if not self._any_waiting():
                return
        except MirrorError:
            self._close()
            return
        self._attempt()
        self._not_before = self._app.clock.monotonic() + self._app.settings.schedule.hint_pause_s

    def _any_waiting(self) -> bool:
        if self._db is None:
            self._db = self._app.read_mirror()
        return hints.any_waiting(self._db)

    def _close(self) -> None:
        db, self._db = self._db, None
        if db is not None:
            db.close()
