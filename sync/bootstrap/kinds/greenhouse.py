"""Greenhouse."""

from __future__ import annotations

from connectors import greenhouse
from mappings import greenhouse as mapping
from sync.bootstrap.kinds import Connected, Site, rows_of

HOST, TOKEN_HOST = "https://harvest.greenhouse.io", "https://auth.greenhouse.io"


def connect(site: Site) -> Connected:
    """One organisation, with client credentials of Harvest v3; `username` is the id of the user they act for."""
    fields = mapping.field_lists()
    settings = site.settings
    options = greenhouse.GreenhouseOptions(
        name=site.name,
        client_id=settings.client_id or "",
        client_secret=site.secret("client_secret"),
        fields=fields,
        base_url=settings.base_url or HOST,
        auth_url=settings.base_url or TOKEN_HOST,
        user_id=settings.username,
    )
    source = greenhouse.connect(options, clock=site.app.clock.monotonic, sleep=site.app.clock.sleep)
    return Connected(source, site.intakes(rows_of(mapping), fields), source.check)
