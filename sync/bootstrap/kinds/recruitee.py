"""Recruitee."""

from __future__ import annotations

from connectors import recruitee
from mappings import recruitee as mapping
from sync.bootstrap.kinds import Connected, Site, rows_of

HOST = "https://api.recruitee.com"


def connect(site: Site) -> Connected:
    """One company, with a personal API token."""
    fields = mapping.field_lists()
    options = recruitee.RecruiteeOptions(
        name=site.name,
        company=site.settings.company or "",
        token=site.token(),
        fields=fields,
        base_url=site.settings.base_url or HOST,
    )
    try:
        source = recruitee.connect(options, clock=site.app.clock.monotonic, sleep=site.app.clock.sleep)
    except ValueError as error:
        fix = f"Set {site.where}.company to the name or number in Recruitee's addresses."
        raise site.wrong("", f"{error}.", fix) from error
    return Connected(source, site.intakes(rows_of(mapping), fields), source.check)
