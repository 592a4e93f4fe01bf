"""What commands look at without running: the properties wanted, doctor's findings, the mirror to read."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import TypeVar

from config.settings import Settings
from connectors.protocols import PropertySpec
from mappings import hubspot_properties
from sync.bootstrap.app import App
from sync.bootstrap.look_watching import watching_findings
from sync.bootstrap.look_wording import wording_findings
from sync.bootstrap.sources import connect_sources
from sync.bootstrap.telling import telling_findings
from sync.core.calendar import local_day
from sync.core.consent import PHONE
from sync.core.drift import Drift, DriftPolicy
from sync.doctor import OK, WARNING, Finding, Setup
from sync.doctor import examine as doctor_findings
from sync.errors import MirrorError
from sync.mirror_doctor import examine_mirror
from sync.reports.mending import mending_counts
from sync.reports.oversight import drift_now
from sync.reports.people import View
from sync.store import reads, runs
from sync.store.db import Mirror
from sync.store.reads import AtsRecruiter, UnknownStage

PORTAL = "portal_id"
Read = TypeVar("Read")


def property_specs(app: App, *, everything: bool) -> list[PropertySpec]:
    """The contact properties to provision, most wanted first, with labels in the portal's language."""
    language = app.settings.team.language
    return [
        PropertySpec(
            name=one.name,
            label=one.labels[language],
            description=one.descriptions[language],
            type=one.type,
            field_type=one.field_type,
            options=one.option_labels(language),
            unique=one.unique,
        )
        for one in hubspot_properties.load_properties()
        if one.default or everything
    ]


def examine(app: App) -> Iterator[Finding]:
    """Doctor's findings, with the real parts."""
    settings = app.settings
    crm = app.connect()
    sources = [(one.source.name, one.check) for one in connect_sources(app, lambda *_: False)]
    setup = Setup(
        mirror_path=settings.mirror.path,
        portal_id=settings.hubspot.portal_id,
        writes=settings.writes.enabled,
        recruiters=settings.routing.recruiters,
        fallback_owner=settings.routing.fallback_owner,
        grounds=_grounds(settings),
        tracking=settings.contact.tracking_consent,
        sources=sources,
        routes=settings.routing.owners,
        absent=[email for one in settings.routing.absent for email in (one.owner, one.stand_in) if email],
        ats_recruiters=partial(_ats_recruiters, app),
        unknown_stages=partial(_unknown_stages, app),
    )
    yield from doctor_findings(crm, setup, property_specs(app, everything=False), partial(_look_at_mirror, app))
    yield from _oversight(app)
    yield from wording_findings(app)
    yield from telling_findings(app)
    yield from watching_findings(app)


def _oversight(app: App) -> Iterator[Finding]:
    """Who answers for the scores, and whether they lie otherwise than a week ago."""
    overseer = app.settings.oversight.overseer
    if overseer is not None:
        yield Finding("overseer", OK, overseer)
    try:
        moved = _from_mirror(app, partial(drift_of, app)) or []
    except MirrorError:
        return  # the check of the mirror says so
    for one in moved:
        fix = "Look at `warmline report score`: other rules, a source that fell silent, or a campaign?"
        yield Finding("drift", WARNING, str(one), fix)


def drift_of(app: App, db: Mirror) -> list[Drift]:
    """The bands that moved more than the settings say."""
    own = app.settings.oversight
    policy = DriftPolicy(own.drift_share, own.drift_days, own.drift_people)
    return drift_now(db, policy, local_day(app.clock.now(), app.settings.team.zone))


def examine_mirror_file(app: App) -> Iterator[Finding]:
    """Doctor's findings about the mirror file alone; no token is needed."""
    healthy = timedelta(minutes=app.settings.schedule.healthy_minutes)
    own = app.settings.mirror
    return examine_mirror(own.path, now=app.clock.now(), healthy=healthy, key=own.read_key())


def _look_at_mirror(app: App) -> str:
    """Makes none: one that is not there yet only needs a folder that may be written to."""
    path = app.settings.mirror.path
    if path.exists():
        state = "encrypted" if app.settings.mirror.read_key() else "not encrypted"
        return "; ".join([f"{path} opens, {state}", *_what_waits(app)])
    folder = next(one for one in path.absolute().parents if one.exists())
    try:
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        raise MirrorError(f"{path} cannot be made: {folder} is no folder that may be written to.") from error
    return f"{path} is made by the first sync"


def _what_waits(app: App) -> list[str]:
    db = app.read_mirror()
    try:
        return [f"{number} {name}: warmline {name}" for name, number in mending_counts(db).items() if number]
    finally:
        db.close()


def _ats_recruiters(app: App) -> Sequence[AtsRecruiter] | None:
    return _from_mirror(app, reads.ats_recruiters)


def _unknown_stages(app: App) -> Sequence[UnknownStage]:
    return _from_mirror(app, reads.unknown_stages) or []


def _from_mirror(app: App, read: Callable[[Mirror], Read]) -> Read | None:
    """None while there is no mirror."""
    if not app.settings.mirror.path.exists():
        return None
    db = app.read_mirror()
    try:
        return read(db)
    finally:
        db.close()


def _grounds(settings: Settings) -> list[str]:
    """The grounds people may be called on: those the team attests, and consent on their own record."""
    recorded = any(one.channel == PHONE and not one.refuses for one in settings.consents.values())
    return [*settings.contact.call_grounds, *(["consent on record"] if recorded else [])]


@contextmanager
def open_view(app: App) -> Iterator[View]:
    """The mirror to read from, as of now."""
    db = app.read_mirror()
    try:
        policy = app.policy(runs.setting(db, PORTAL) or "", frozenset())
        yield View(db, policy, app.clock.now())
    finally:
        db.close()
