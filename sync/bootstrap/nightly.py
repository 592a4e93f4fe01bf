"""Whether the next run must read everything whole, where no worker with a schedule of its own does so at night."""

from __future__ import annotations

from sync.bootstrap.app import App
from sync.core.schedule import full_due
from sync.reports.health import read_whole_since

READ_WHOLE = "everything was read whole, as once a night (schedule.full_at)"


def full_read_due(app: App) -> bool:
    """Whether the last full read lies before the last moment one was due. A new mirror is read whole anyhow.

    Raises ConfigError without a token, MirrorError.
    """
    app.connect()  # a missing token is told before a mirror is touched
    if not app.settings.mirror.path.exists():
        return False
    db = app.open_mirror()
    try:
        return full_due(app.settings.cadence, read_whole_since(db), app.clock.now())
    finally:
        db.close()
