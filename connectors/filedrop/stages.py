"""Stages of jobs from files of their own, joined to the jobs by job id."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from connectors.protocols import Rejected


@dataclass(frozen=True, slots=True)
class Stages:
    """Stage rows by job id. `digest`: of the files they came from ('': none). `rejected`: rows left out, told once."""

    by_job: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict)
    digest: str = ""
    rejected: tuple[Rejected, ...] = ()
    job_columns: tuple[str, ...] = ()
    list_columns: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        rows: Sequence[dict[str, Any]],
        rejected: Sequence[Rejected],
        digests: Sequence[str],
        columns: Mapping[str, Mapping[str, str]],
    ) -> Stages:
        """Rows in file order: a later row about the same stage of the same job takes the place of an earlier one."""
        latest: dict[tuple[str, str], dict[str, Any]] = {}
        for row in rows:
            latest[_value(row, _names(columns["stages"], "job_id")), _value(row, _names(columns["stages"], "id"))] = row
        by_job: dict[str, list[dict[str, Any]]] = {}
        for (job_id, _), row in latest.items():
            by_job.setdefault(job_id, []).append({name: value for name, value in row.items() if name != "_ref"})
        digest = hashlib.sha256("|".join(digests).encode()).hexdigest() if digests else ""
        jobs = columns["jobs"]
        return cls(by_job, digest, tuple(rejected), _names(jobs, "id"), _names(jobs, "stages"))

    def mixed_with(self, sha256: str) -> str:
        """A jobs file's hash together with its stages': new stages make the jobs unread."""
        return hashlib.sha256(f"{sha256}|{self.digest}".encode()).hexdigest() if self.digest else sha256

    def joined(self, record: dict[str, Any]) -> dict[str, Any]:
        """The job with its stages; stages of its own stay."""
        if not self.by_job or any(record.get(name) for name in self.list_columns):
            return record
        stages = self.by_job.get(_value(record, self.job_columns))
        return {**record, "stages": stages} if stages else record

    def told(self) -> Stages:
        """The same without the rejected rows, which stand on the first page only."""
        return replace(self, rejected=())


NO_STAGES = Stages()


def _names(columns: Mapping[str, str], wanted: str) -> tuple[str, ...]:
    return tuple(name for name, to in columns.items() if to == wanted)


def _value(row: Mapping[str, Any], names: Sequence[str]) -> str:
    """The first filled one of the columns, as text."""
    return next((str(row[name]).strip() for name in names if row.get(name) not in (None, "")), "")
