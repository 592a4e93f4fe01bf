"""A Salesforce org with a recruitment package in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from connectors import salesforce
from connectors.salesforce.login import ClientCredentials, JwtBearer, audience_of, can_sign
from mappings.salesforce import PRESETS, Mapper
from sync.bootstrap.kinds import Connected, Site


def connect(site: Site) -> Connected:
    """One org, by a connected app: with its secret, or with a private key for a user."""
    mapper = _mapper(site)
    fields = mapper.field_lists()
    options = salesforce.SalesforceOptions(
        name=site.name,
        base_url=site.settings.base_url or "",
        grant=_grant(site),
        objects=mapper.objects(),
        fields=fields,
        where=mapper.where(),
        lookups=mapper.lookups(),
        rules=mapper.rules(),
        bulk_above=site.settings.bulk_above,
    )
    try:
        source = salesforce.connect(options, clock=site.app.clock.monotonic, sleep=site.app.clock.sleep)
    except ValueError as error:
        raise site.wrong("base_url", f"{error}.", "Set it to the org's My Domain host.") from error
    to_row = {
        "users": mapper.to_user,
        "jobs": mapper.to_job,
        "candidates": mapper.to_candidate,
        "applications": mapper.to_application,
    }
    return Connected(source, site.intakes(to_row, fields, mapper.version()), source.check)


def _mapper(site: Site) -> Mapper:
    preset = (site.settings.preset or "").strip().lower()
    if preset and preset not in PRESETS:
        fix = f"Known: {', '.join(PRESETS)}; for another package set {site.where}.mapping."
        raise site.wrong("preset", f"there is no preset {preset}.", fix)
    return Mapper(preset, site.settings.mapping)


def _grant(site: Site) -> Callable[[], Mapping[str, str]]:
    """Client credentials when there is a secret, else an assertion signed with the key in `token_file`."""
    settings, client_id = site.settings, site.settings.client_id or ""
    if settings.client_secret is not None or settings.client_secret_file is not None:
        return ClientCredentials(client_id, site.secret("client_secret"))
    if not settings.username:
        raise site.wrong("username", "is not set.", "With a private key, set it to the org's user to read as.")
    if not can_sign():
        fix = "Run `pip install 'warmline[jwt]'`, or set client_secret instead."
        raise site.wrong("token_file", "a private key needs the package cryptography, which is missing.", fix)
    clock = site.app.clock
    audience = audience_of(settings.base_url or "")
    return JwtBearer(
        client_id, settings.username, audience, site.token(), lambda: datetime.fromtimestamp(clock.real_time(), UTC)
    )
