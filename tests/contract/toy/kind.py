"""The toy, wired."""

from __future__ import annotations

from connectors.http import Waits
from sync.bootstrap.kinds import Connected, Site
from tests.contract.toy import mapping
from tests.contract.toy.connector import Toy

TO_ROW = {
    "users": mapping.to_user,
    "jobs": mapping.to_job,
    "candidates": mapping.to_candidate,
    "applications": mapping.to_application,
}


def connect(site: Site) -> Connected:
    """One company."""
    fields = mapping.MAPPING.field_lists()
    waits = Waits(site.app.clock.sleep)
    source = Toy(site.name, site.settings.base_url or "", site.token(), fields, waits)
    return Connected(source, site.intakes(TO_ROW, fields), source.check)
