"""What makes the connector of each kind of ATS: a module a kind, imported only when a source of that kind is set.

A module `<kind>.py` has one function, `connect(site) -> Connected`. It makes no request and raises ConfigError for
settings that cannot be; those that are missing were told before it is called (`config/kinds.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from config.kinds import KINDS
from config.sources import SourceSettings
from connectors.protocols import Source
from mappings import stages
from sync.bootstrap.app import App
from sync.bootstrap.intakes import version_of
from sync.errors import ConfigError, Problem
from sync.stages.intake_ats import AtsIntake
from sync.stages.pull import Intake

AlreadyRead = Callable[[str, str, str], bool]


@dataclass(frozen=True, slots=True)
class Connected:
    """A source that is wired. `check`: doctor's sentence about it; raises WarmlineError with the next step."""

    source: Source
    intakes: Mapping[str, Intake]
    check: Callable[[], str]


@dataclass(frozen=True, slots=True)
class Site:
    """A configured source. `already_read(source, sha256, name)`: the ledger of dropped files."""

    app: App
    name: str
    settings: SourceSettings
    already_read: AlreadyRead

    @property
    def where(self) -> str:
        """Its table in warmline.toml."""
        return f"sources.{self.name}"

    def token(self) -> Callable[[], str]:
        """What gives the token now; a file is read again at each call. Raises ConfigError when there is none yet."""
        self.settings.token_from(self.where)
        return partial(self.settings.token_from, self.where)

    def secret(self, key: str) -> Callable[[], str]:
        """What gives `client_secret` or `password` now; it was checked to be set. A file is read again at each call."""
        return partial(self.settings.secret_from, key, self.where)

    def wrong(self, key: str, problem: str, fix: str) -> ConfigError:
        """The error for a setting that cannot be."""
        return ConfigError([Problem(f"{self.where}.{key}" if key else self.where, problem, fix)])

    def intakes(
        self, to_row: Mapping[str, Callable[[Any], Any]], fields: Mapping[str, Any], *more: str
    ) -> dict[str, Intake]:
        """An intake for each noun. Rows are mapped and stored anew when `fields` or one of `more` changes.

        The words for stages in the user's own mapping file come before those all vendors share.
        """
        kind = KINDS[self.settings.kind]
        reads_mapping = kind.own_words or any("mapping" in one for one in kind.needs)
        path = self.settings.mapping
        own = stages.own_words(path, alone=not reads_mapping) if path else {}
        if own and "jobs" in to_row:
            to_row = {**to_row, "jobs": partial(_with_own_stages, to_row["jobs"], own)}
        told = [repr(sorted(own.items()))] if own else []
        version = version_of([repr(sorted(fields.items())), *more, *told])
        return {noun: AtsIntake(self.name, noun, row, version=version) for noun, row in to_row.items()}


def rows_of(mapping: Any) -> dict[str, Callable[[Any], Any]]:
    """What makes rows of each noun, by the names that a mapping module has for them."""
    return {
        "users": mapping.to_user,
        "jobs": mapping.to_job,
        "candidates": mapping.to_candidate,
        "applications": mapping.to_application,
    }


def by_key(site: Site, vendor: Any, options: type[Any], mapping: Any, host: str) -> Connected:
    """A vendor that asks for an API key and nothing else. `vendor`, `mapping`: its modules."""
    fields, base_url = mapping.field_lists(), site.settings.base_url or host
    given = options(name=site.name, token=site.token(), fields=fields, base_url=base_url)
    source = vendor.connect(given, clock=site.app.clock.monotonic, sleep=site.app.clock.sleep)
    return Connected(source, site.intakes(rows_of(mapping), fields), source.check)


def _with_own_stages(to_job: Callable[[Any], Any], own: stages.Words, raw: Any) -> Any:
    return stages.by_own_words(to_job(raw), own)
