"""Bullhorn."""

from __future__ import annotations

from connectors import bullhorn
from mappings import bullhorn as mapping
from sync.bootstrap.kinds import Connected, Site


def connect(site: Site) -> Connected:
    """One company, by an API client and a user of its own."""
    fields, mapper, settings = mapping.field_lists(), mapping.Mapper(site.settings.mapping), site.settings
    options = bullhorn.BullhornOptions(
        name=site.name,
        client_id=settings.client_id or "",
        client_secret=site.secret("client_secret"),
        username=settings.username or "",
        password=site.secret("password"),
        fields=fields,
        base_url=settings.base_url,
    )
    source = bullhorn.connect(options, clock=site.app.clock.monotonic, sleep=site.app.clock.sleep)
    to_row = {
        "users": mapping.to_user,
        "jobs": mapper.to_job,
        "candidates": mapping.to_candidate,
        "applications": mapper.to_application,
    }
    return Connected(source, site.intakes(to_row, fields, mapper.version), source.check)
