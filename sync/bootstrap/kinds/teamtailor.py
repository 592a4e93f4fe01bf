"""Teamtailor."""

from __future__ import annotations

from connectors import teamtailor
from mappings import teamtailor as mapping
from sync.bootstrap.kinds import Connected, Site, by_key

HOST = "https://api.teamtailor.com"


def connect(site: Site) -> Connected:
    """One company, with an API key."""
    return by_key(site, teamtailor, teamtailor.TeamtailorOptions, mapping, HOST)
