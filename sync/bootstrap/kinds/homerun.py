"""Homerun."""

from __future__ import annotations

from connectors import homerun
from mappings import homerun as mapping
from sync.bootstrap.kinds import Connected, Site

HOST = "https://api.homerun.co"
TO_ROW = {
    "users": mapping.to_user,
    "jobs": mapping.to_job,
    "candidates": mapping.to_candidate,
    "applications": mapping.to_application,
}


def connect(site: Site) -> Connected:
    """One company, with an API key."""
    fields = mapping.field_lists()
    options = homerun.HomerunOptions(
        name=site.name, token=site.token(), fields=fields, base_url=site.settings.base_url or HOST
    )
    source = homerun.connect(options, clock=site.app.clock.monotonic, sleep=site.app.clock.sleep)
    return Connected(source, site.intakes(TO_ROW, fields), source.check)
