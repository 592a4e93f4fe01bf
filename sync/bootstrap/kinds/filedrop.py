"""A folder of files."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from connectors.filedrop import FileDrop
from connectors.protocols import Rejected
from mappings.filedrop import Mapper
from sync.bootstrap.kinds import Connected, Site
from sync.stages.intake_ats import AtsIntake

NOUNS = ("users", "jobs", "stages", "candidates", "applications", "attendance")
VERSION = "1"


def connect(site: Site) -> Connected:
    """Reads the files that the ledger does not know. Raises ConfigError for a wrong mapping file."""
    name, settings = site.name, site.settings
    mapper = Mapper(settings.mapping, site.app.settings.team.zone)
    columns = {noun: mapper.columns(noun) for noun in NOUNS}
    ledger = partial(site.already_read, name)
    source = FileDrop(name, settings.path or Path(), columns, ledger, errors_report=settings.errors_report)

    def report(file: str, rejected: Sequence[tuple[str, str, str]]) -> None:
        source.write_error_report(file, [Rejected(*row) for row in rejected])

    def check() -> str:
        source.check()
        return "readable"

    to_row = {
        "users": mapper.to_user,
        "jobs": mapper.to_job,
        "candidates": mapper.to_candidate,
        "applications": mapper.to_application,
        "attendance": mapper.to_attendance,
    }
    intakes = {noun: AtsIntake(name, noun, row, version=VERSION, report=report) for noun, row in to_row.items()}
    return Connected(source, intakes, check)
