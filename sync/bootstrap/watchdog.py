"""The watchdog: looks whether all is well and tells whoever is named in [alerts], once when it is not and once when it
is over (docs/decisions/0070). Any process may look: what was told stands in the mirror."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from connectors.messages import Delivery, Notifier
from connectors.notify import AppriseNotifier
from sync.bootstrap.app import App
from sync.bootstrap.booking import health_of
from sync.bootstrap.look import PORTAL
from sync.core.calendar import local_day
from sync.core.watchdog import Usual, quiet_streams
from sync.errors import ConfigError, MirrorBusy, WarmlineError
from sync.store import incidents, metrics, runs
from sync.store.db import Mirror

EVERY_S = 60.0
_LOG = logging.getLogger(__name__)


def look(app: App, notifier: Notifier | None = None) -> Mapping[str, str]:
    """Look once and tell what is new or over; what is wrong, by name. Raises MirrorError, ConfigError."""
    db = app.open_beside()
    try:
        found = dict(_found(app, db))
        now = app.clock.now()
        if set(found) == set(incidents.standing(db)) and not _untold(db):
            return found
        with db.write():
            incidents.note(db, found, now)
            over = incidents.end(db, found)
            new = incidents.claim_untold(db, now) if app.settings.alerts.is_on else {}
        _tell(app, db, notifier or AppriseNotifier(), new, over)
        return found
    finally:
        db.close()


def try_look(app: App) -> None:
    """Look, for a process that goes on whatever comes of it. Nothing where nobody is to be told."""
    if not app.settings.alerts.is_on:
        return
    try:
        look(app)
    except MirrorBusy:
        return  # a run writes; the next look is soon
    except WarmlineError as error:
        _LOG.warning("The watchdog could not look: %s", error.message, extra={"action": "watchdog_failed"})


class Watchdog:
    """Looks when it is called, at most once a minute."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._not_before = 0.0

    def __call__(self) -> None:
        now = self._app.clock.monotonic()
        if now >= self._not_before:
            self._not_before = now + EVERY_S
            try_look(self._app)


def _untold(db: Mirror) -> bool:
    return db.row("SELECT 1 FROM incident WHERE told_at IS NULL LIMIT 1") is not None


def _found(app: App, db: Mirror) -> Sequence[tuple[str, str]]:
    if runs.last_run(db) is None:
        return []  # nothing was ever asked of it
    found = _of_health(health_of(app, db))
    own, now = app.settings.alerts, app.clock.now()
    time = app.settings.policy("", frozenset(), local_day(now, app.settings.team.zone)).time
    usual = Usual(own.usual_hours, own.drop_share, own.drop_rows, app.settings.team.zone, time.holidays)
    return [*found, *quiet_streams(metrics.news(db), usual, now)]


def _of_health(health: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Incidents by a name that stays the same while it lasts."""
    found = [
        (f"schedule {name}", f"schedule {name} did not run for 3 of its intervals (last: {one['last_started_at']})")
        for name, one in health["schedule"].items()
        if one["overdue"]
    ]
    for reason in health["reasons"]:
        if reason.startswith("no complete run"):
            found.append(("no complete run", f"{reason} (last: {health['last_complete_at'] or 'none'})"))
    if health["running"] is not None and not health["running"]["alive"]:
        found.append(("no sign of life", f"a run began {health['running']['since']} and shows no sign of life"))
    left = {name: one for name, one in health["sources"].items() if one["left_alone"]}
    return found + [(f"source {name}", f"{name} does not answer since {one['since']}") for name, one in left.items()]


def _tell(app: App, db: Mirror, notifier: Notifier, new: Mapping[str, str], over: Mapping[str, str]) -> None:
    portal = runs.setting(db, PORTAL) or "?"
    for names, title in ((new, "needs a look"), (over, "is well again")):
        if not names:
            continue
        lines = [f"- {sentence}" for sentence in names.values()]
        lines = lines if names is new else [f"{line} (over)" for line in lines]
        body = "\n".join([*lines, "", "Look with: warmline status; warmline doctor"])
        if not _sent(app, notifier, f"warmline, portal {portal}: {title}", body):
            _LOG.error("An alert could not be sent: see warmline doctor.", extra={"action": "alert_not_sent"})
            if names is new:
                with db.write():
                    incidents.give_back(db, list(names))


def _sent(app: App, notifier: Notifier, title: str, body: str) -> bool:
    """Whether any address took it, or may have."""
    try:
        addresses = app.settings.alerts.addresses()
    except ConfigError:
        return False
    sent = [notifier.send(one, title, body) for one in addresses]
    return any(one is not Delivery.REFUSED for one in sent)
