"""Before a run: which sources may be asked, whether they are the ones the mirror was filled from, and what HubSpot says
first."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from config.sources import SourceSettings
from connectors.protocols import Account, Crm
from sync.bootstrap.app import App
from sync.bootstrap.intakes import version_of
from sync.bootstrap.look import PORTAL, property_specs
from sync.bootstrap.telling import UI_DOMAIN
from sync.core.breaker import Moment
from sync.core.guards import check_company
from sync.core.model import HUBSPOT
from sync.errors import MissingScope, NotServed, PortalMismatch, RejectedAction, RetriableError
from sync.stages.circuit import PORTAL_ZONE, Circuit, resting_now
from sync.stages.provision import mismatches
from sync.store import breakers, cursors, runs
from sync.store.db import Mirror
from sync.store.lease import Lease


@dataclass(frozen=True, slots=True)
class Greeting:
    """What a run knows of the portal. `properties`: warmline's own that may be written; empty when HubSpot rests."""

    portal_id: str
    properties: frozenset[str]


def open_circuit(app: App, db: Mirror, *, scheduled: bool) -> Circuit:
    """What the mirror remembers of each source; one whose address or share was changed is asked anew. `scheduled`: a
    run of the worker, which comes again in minutes; any other tries what is in a pause."""
    own, real_time = app.settings.hubspot, app.clock.real_time()
    versions = {HUBSPOT: version_of([own.base_url, str(own.daily_reserve)])}
    versions |= {name: version_of(_parts(one)) for name, one in app.settings.sources.items()}
    circuit = Circuit(versions, app.settings.guards.breaker_runs, real_time)
    at = Moment(app.clock.now(), real_time)
    known, zone = breakers.load(db, versions), app.settings.team.zone
    circuit.resting = resting_now(known, at, zone, tries_anyway=not scheduled)
    return circuit


def check_sources(app: App, db: Mirror, lease: Lease) -> None:
    """Keep which company each source is. Raises SourceChanged when one is another than the mirror was filled from,
    before anything is read."""
    accepted = app.settings.guards.source_changed
    for name, settings in app.settings.sources.items():
        setting = f"source:{name}"
        found, known = _company(settings), json.loads(runs.setting(db, setting) or "{}")
        if name != accepted:
            check_company(name, known, found)
        if {**known, **found} == known:
            continue
        with db.write(lease):
            if known:
                cursors.forget_all(db, keep=[HUBSPOT, *(one for one in app.settings.sources if one != name)])
            runs.set_setting(db, setting, json.dumps({**known, **found}))


def _company(settings: SourceSettings) -> dict[str, str]:
    """What tells one company from another, without the port: a sandbox comes back on another one."""
    host = urlsplit(str(settings.base_url)).hostname if settings.base_url else None
    parts = {"kind": settings.kind, "base_url": host, "company": settings.company}
    return {key: value.lower() for key, value in parts.items() if value}


def _parts(settings: SourceSettings) -> Sequence[str]:
    return [settings.kind, str(settings.base_url), str(settings.company), str(settings.path)]


def greet(app: App, crm: Crm, db: Mirror, circuit: Circuit, notes: list[str]) -> Greeting:
    """What HubSpot says first, or what the mirror knows while HubSpot rests or does not answer.

    Raises AuthError, PortalMismatch, MissingScope, NotServed; RetriableError on a first run, when nothing is known.
    """
    known = runs.setting(db, PORTAL) or ""
    if circuit.closed(HUBSPOT):
        return Greeting(known, frozenset())
    try:
        return Greeting(_check_portal(app, crm, db, notes), _writable(app, crm, notes))
    except NotServed:
        raise
    except RetriableError as error:
        if not known:
            raise
        circuit.give_up(HUBSPOT, error)
        return Greeting(known, frozenset())


def _check_portal(app: App, crm: Crm, db: Mirror, notes: list[str]) -> str:
    """The portal the token belongs to, the same as the settings and the mirror say. Raises PortalMismatch before any
    write."""
    known = runs.setting(db, PORTAL)
    try:
        account = check_expected_portal(app, crm)
    except (MissingScope, NotServed, RejectedAction):
        account = Account(app.settings.hubspot.portal_id or known or "", "", "")
        notes.append("account-info cannot be read, so the portal could not be checked: run `warmline doctor`")
    if known and account.portal_id != known:
        raise PortalMismatch(
            f"The token belongs to portal {account.portal_id}, the mirror holds portal {known};"
            " nothing was read or written.",
            fix="Use one mirror.path for each portal.",
        )
    if account.time_zone and account.time_zone != runs.setting(db, PORTAL_ZONE):
        with db.write():
            runs.set_setting(db, PORTAL_ZONE, account.time_zone)
    if account.ui_domain and account.ui_domain != runs.setting(db, UI_DOMAIN):
        with db.write():
            runs.set_setting(db, UI_DOMAIN, account.ui_domain)
    return account.portal_id


def check_expected_portal(app: App, crm: Crm) -> Account:
    """The portal the token belongs to.

    Raises PortalMismatch when the settings name another, MissingScope when it cannot be asked.
    """
    expected = app.settings.hubspot.portal_id
    account = crm.fetch_account()
    if expected and account.portal_id != expected:
        raise PortalMismatch(
            f"The token belongs to portal {account.portal_id}, the settings say {expected};"
            " nothing was read or written.",
            fix="Correct hubspot.portal_id, or use the token of that portal.",
        )
    return account


def _writable(app: App, crm: Crm, notes: list[str]) -> frozenset[str]:
    """Names of warmline's properties that exist as they should; the others switch their feature off."""
    states = crm.fetch_properties()
    specs = property_specs(app, everything=True)
    wrong = mismatches(specs, states)
    notes.extend(wrong)
    usable = {spec.name for spec in specs if spec.name in states and not states[spec.name].archived}
    usable -= {sentence.partition(" ")[0] for sentence in wrong}
    missing = [spec.name for spec in property_specs(app, everything=False) if spec.name not in usable]
    if missing:
        notes.append(f"{len(missing)} contact properties are missing, what needs them is off: run `warmline provision`")
    return frozenset(usable)
