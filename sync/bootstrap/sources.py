"""Every kind of ATS source: what makes its connector, and how its nouns enter the mirror.

A new kind is one function here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from config.sections import SourceSettings
from connectors import recruitee
from connectors.filedrop import FileDrop
from connectors.protocols import Rejected, Source
from mappings import recruitee as recruitee_mapping
from mappings.filedrop import Mapper
from sync.bootstrap.app import App
from sync.bootstrap.intakes import version_of
from sync.errors import ConfigError, Problem
from sync.stages.intake_ats import AtsIntake
from sync.stages.pull import Intake

AlreadyRead = Callable[[str, str, str], bool]
RECRUITEE = "https://api.recruitee.com"
FILE_NOUNS = ("users", "jobs", "stages", "candidates", "applications", "attendance")
FILE_VERSION = "1"


@dataclass(frozen=True, slots=True)
class Connected:
    """A source that is wired. `check`: doctor's sentence about it; raises WarmlineError with the next step."""

    source: Source
    intakes: Mapping[str, Intake]
    check: Callable[[], str]


Maker = Callable[[App, str, SourceSettings], Connected]


def connect_sources(app: App, already_read: AlreadyRead) -> list[Connected]:
    """Every configured source. `already_read(source, sha256, name)`: the ledger of dropped files.

    Raises ConfigError for a wrong mapping file, a missing token or an address that cannot be; makes no request.
    """
    makers: dict[str, Maker] = {"filedrop": partial(_filedrop, already_read=already_read), "recruitee": _recruitee}
    return [makers[settings.kind](app, name, settings) for name, settings in app.settings.sources.items()]


def _filedrop(app: App, name: str, settings: SourceSettings, *, already_read: AlreadyRead) -> Connected:
    mapper = Mapper(settings.mapping, app.settings.team.zone)
    columns = {noun: mapper.columns(noun) for noun in FILE_NOUNS}
    ledger = partial(already_read, name)
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
    intakes = {noun: AtsIntake(name, noun, row, version=FILE_VERSION, report=report) for noun, row in to_row.items()}
    return Connected(source, intakes, check)


def _recruitee(app: App, name: str, settings: SourceSettings) -> Connected:
    fields = recruitee_mapping.field_lists()
    where = f"sources.{name}"
    settings.token_from(where)
    options = recruitee.RecruiteeOptions(
        name=name,
        company=settings.company or "",
        token=partial(settings.token_from, where),
        fields=fields,
        base_url=settings.base_url or RECRUITEE,
    )
    try:
        source = recruitee.connect(options, clock=app.clock.monotonic, sleep=app.clock.sleep)
    except ValueError as error:
        fix = f"Set {where}.company to the name or number in Recruitee's addresses."
        raise ConfigError([Problem(where, f"{error}.", fix)]) from error
    to_row = {
        "users": recruitee_mapping.to_user,
        "jobs": recruitee_mapping.to_job,
        "candidates": recruitee_mapping.to_candidate,
        "applications": recruitee_mapping.to_application,
    }
    version = version_of([repr(sorted(fields.items()))])
    return Connected(
        source, {noun: AtsIntake(name, noun, row, version=version) for noun, row in to_row.items()}, source.check
    )
