"""Homerun."""

from __future__ import annotations

from connectors import homerun
from mappings import homerun as mapping
from sync.bootstrap.kinds import Connected, Site, by_key

HOST = "https://api.homerun.co"


def connect(site: Site) -> Connected:
    """One company, with an API key."""
    return by_key(site, homerun, homerun.HomerunOptions, mapping, HOST)
