"""What doctor says of webhooks, alerts and the metrics file."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from connectors.notify import AppriseNotifier
from sync.bootstrap.app import App
from sync.bootstrap.webhooks import SIGNING, doors
from sync.doctor import FIX, OK, WARNING, Finding
from sync.errors import ConfigError


def watching_findings(app: App) -> Iterator[Finding]:
    """Whose webhooks are taken, who is told when warmline is not well, whether the metrics file can be written."""
    yield from webhook_findings(app)
    yield from alert_findings(app)
    file = app.settings.metrics.textfile
    if file is None:
        return
    if file.suffix != ".prom":
        yield Finding("metrics", WARNING, f"{file} does not end in .prom: node_exporter reads no other", "Rename it.")
    elif not os.access(file.absolute().parent, os.W_OK | os.X_OK):
        yield Finding("metrics", FIX, f"{file.parent} cannot be written to", "Correct metrics.textfile.")
    else:
        yield Finding("metrics", OK, f"written into {file} by each run")


def webhook_findings(app: App) -> Sequence[Finding]:
    """Doctor's findings: whose webhooks are taken, and what HubSpot's signature needs besides."""
    settings = app.settings
    deaf = [name for name, one in settings.sources.items() if one.takes_webhooks and one.kind not in SIGNING]
    found = [
        Finding("webhooks", WARNING, f"{name}: its vendor signs none", f"Unset sources.{name}.webhook_secret.")
        for name in deaf
    ]
    # Of an installed app the secret is there anyhow; that its webhooks are wanted shows in the address.
    asked = settings.hubspot.webhook_secret is not None or settings.hubspot.webhook_secret_file is not None
    if asked and settings.web.public_url is None:
        fix = "Set web.public_url to the address HubSpot posts to, as https://warmline.example.org."
        found.append(Finding("webhooks", WARNING, "hubspot signs the public address, and none is set", fix))
    return found + [_secrets(app)]


def _secrets(app: App) -> Finding:
    known = doors(app)
    try:
        for door in known.values():
            door.secret()
    except ConfigError as error:
        return Finding("webhooks", FIX, error.problems[0].problem, error.problems[0].fix)
    if not known:
        return Finding("webhooks", OK, "none are taken (no secret is set): everything is read by polling")
    return Finding("webhooks", OK, f"taken from {', '.join(known)}; needs `warmline web` and `warmline run`")


def alert_findings(app: App) -> list[Finding]:
    """Doctor's finding: who is told when warmline is not well."""
    if not app.settings.alerts.is_on:
        fix = "Set alerts.urls to an address of apprise, or watch /health."
        return [Finding("alerts", WARNING, "nobody is told when warmline itself is not well", fix)]
    try:
        addresses = app.settings.alerts.addresses()
    except ConfigError as error:
        return [Finding("alerts", FIX, error.problems[0].problem, error.problems[0].fix)]
    notifier = AppriseNotifier()
    flaws = [flaw for one in addresses if (flaw := notifier.flaw(one))]
    if flaws:
        text = f"{len(flaws)} of {len(addresses)} addresses cannot be used: {flaws[0]}"
        return [Finding("alerts", FIX, text, "Correct alerts.urls; forms: github.com/caronc/apprise/wiki.")]
    return [Finding("alerts", OK, f"{len(addresses)} addresses are told when warmline is not well")]
