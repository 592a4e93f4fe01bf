"""Every configured ATS source, wired: its connector, and how its nouns enter the mirror."""

from __future__ import annotations

from importlib import import_module

from config import kinds
from config.sources import SourceSettings
from sync.bootstrap.app import App
from sync.bootstrap.kinds import AlreadyRead, Connected, Site
from sync.errors import ConfigError, Problem

__all__ = ["Connected", "connect_sources"]


def connect_sources(app: App, already_read: AlreadyRead) -> list[Connected]:
    """In the order of the settings. `already_read(source, sha256, name)`: the ledger of dropped files.

    Raises ConfigError for every missing secret at once, a wrong mapping file or an address that cannot be; makes no
    request.
    """
    sources = app.settings.sources
    problems = [one for name, settings in sources.items() for one in _missing_secrets(name, settings)]
    if problems:
        raise ConfigError(problems)
    return [_connect(Site(app, name, settings, already_read)) for name, settings in sources.items()]


def _missing_secrets(name: str, settings: SourceSettings) -> list[Problem]:
    return kinds.missing(settings.kind, name, settings.model_dump(exclude_none=True).keys(), secrets=True)


def _connect(site: Site) -> Connected:
    """One source; the connectors of other kinds are not even imported."""
    connected: Connected = import_module(f"sync.bootstrap.kinds.{site.settings.kind}").connect(site)
    return connected
