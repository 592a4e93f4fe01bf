"""What commands look at without running: the properties wanted, doctor's findings, the mirror to read."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import TypeVar

from connectors.protocols import PropertySpec
from mappings import hubspot_properties
from sync.bootstrap.app import App
from sync.bootstrap.sources import connect_sources
from sync.doctor import Finding, Setup
from sync.doctor import examine as doctor_findings
from sync.errors import MirrorError
from sync.mirror_doctor import examine_mirror
from sync.reports.mending import mending_counts
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
        grounds=settings.contact.call_grounds,
        tracking=settings.contact.tracking_consent,
        sources=sources,
        routes=settings.routing.owners,
        ats_recruiters=partial(_ats_recruiters, app),
        unknown_stages=partial(_unknown_stages, app),
    )
    return doctor_findings(crm, setup, property_specs(app, everything=False), partial(_look_at_mirror, app))


def examine_mirror_file(app: App) -> Iterator[Finding]:
    """Doctor's findings about the mirror file alone; no token is needed."""
    healthy = timedelta(minutes=app.settings.schedule.healthy_minutes)
    return examine_mirror(app.settings.mirror.path, now=app.clock.now(), healthy=healthy)


def _look_at_mirror(app: App) -> str:
    """Makes none: one that is not there yet only needs a folder that may be written to."""
    path = app.settings.mirror.path
    if path.exists():
        return "; ".join([f"{path} opens", *_what_waits(app)])
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


@contextmanager
def open_view(app: App) -> Iterator[View]:
    """The mirror to read from, as of now."""
    db = app.read_mirror()
    try:
        policy = app.policy(runs.setting(db, PORTAL) or "", frozenset())
        yield View(db, policy, app.clock.now())
    finally:
        db.close()
