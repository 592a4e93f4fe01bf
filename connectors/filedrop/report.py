"""The error report beside the files: which lines were left out and why. Never a value."""

from __future__ import annotations

import csv
import logging
from collections.abc import Iterable
from pathlib import Path

from connectors.protocols import Rejected

_log = logging.getLogger(__name__)


def write_report(folder: Path, name: str, rejected: Iterable[Rejected]) -> Path | None:
    """Writes `<folder>/rejected/<name>.errors.csv` (line; field; reason) whole or not at all, and gives its path.
    Without rejected rows an earlier report of that name goes away. None: nothing written; a folder that cannot be
    written to is logged, not raised."""
    report = folder / "rejected" / f"{Path(name).name}.errors.csv"
    rows = [(_line(row.ref), row.field, row.reason) for row in rejected]
    try:
        if not rows:
            report.unlink(missing_ok=True)
            return None
        report.parent.mkdir(exist_ok=True)
        partial = report.with_suffix(".part")
        with partial.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, delimiter=";")
            writer.writerows([("line", "field", "reason"), *rows])
        partial.replace(report)
    except OSError as error:
        _log.warning(
            "No error report could be written beside the files: %s",
            error.strerror,
            extra={"action": "filedrop.report_failed", "file": report.name},
        )
        return None
    return report


def _line(ref: str) -> str:
    """The line of `file:line`; empty when the whole file is meant."""
    line = ref.rpartition(":")[2]
    return line if line.isdigit() else ""
