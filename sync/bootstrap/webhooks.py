"""Which webhooks are taken: a door for each source whose vendor signs them and whose secret is set."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from importlib import import_module

from connectors.webhooks import Dialect
from sync.bootstrap.app import App
from sync.core.model import HUBSPOT

SIGNING = ("hubspot", "recruitee", "greenhouse", "teamtailor")  # kinds whose vendor signs what it sends


@dataclass(frozen=True, slots=True)
class Door:
    """How a source's webhooks are checked. `secret`: read again at each call, so that a rotated one is picked up;
    raises ConfigError. `account`: records of another one are not ours; None: the vendor tells none."""

    source: str
    dialect: Dialect
    secret: Callable[[], str]
    account: str | None = None


def doors(app: App) -> Mapping[str, Door]:
    """By source name; one without a secret has no door."""
    own, found = app.settings.hubspot, dict[str, Door]()
    if own.takes_webhooks:
        found[HUBSPOT] = Door(HUBSPOT, _dialect(HUBSPOT), own.read_webhook_secret, own.portal_id)
    for name, source in app.settings.sources.items():
        if source.kind in SIGNING and source.takes_webhooks:
            secret = partial(source.secret_from, "webhook_secret", f"sources.{name}")
            found[name] = Door(name, _dialect(source.kind), secret)
    return found


def _dialect(kind: str) -> Dialect:
    dialect: Dialect = import_module(f"connectors.{kind}.webhooks").DIALECT
    return dialect


def takes_webhooks(app: App) -> bool:
    """Whether any source's webhooks are taken: then the worker looks for what they named."""
    return app.settings.hubspot.takes_webhooks or any(one.takes_webhooks for one in app.settings.sources.values())
