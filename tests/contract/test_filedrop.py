"""The file drop keeps the promises of every ATS connector that a folder can keep."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from connectors.capabilities import Capabilities
from connectors.filedrop import FileDrop
from connectors.filedrop import source as filedrop_source
from connectors.protocols import Source, Window
from mappings.filedrop import NOUNS, Mapper
from sandbox.clock import to_iso
from sandbox.filedrop_export import rows
from sandbox.world import build
from sync.errors import BadAnswer
from tests.contract.ats_harness import Harness, everything
from tests.contract.ats_suite import AtsSuite

NOW = "2026-11-24T08:00:00.000Z"
MAPPER = Mapper(None, ZoneInfo("Europe/Amsterdam"))
WORLD = build(NOW)


class FileDropHarness(Harness):
    """A folder an exporter fills with whole snapshots after each change."""

    capabilities = Capabilities(
        incremental=frozenset(),
        inclusive=None,
        granularity="none",
        tombstones="sweep",
        stage_history="exact",
        reject_reason=True,
        reject_time=True,
        users_email=True,
        consent=True,
        prospects=True,
        page_stability="file",
        networked=False,
    )
    mappers = {
        "users": MAPPER.to_user,
        "jobs": MAPPER.to_job,
        "candidates": MAPPER.to_candidate,
        "applications": MAPPER.to_application,
    }

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = WORLD.now
        self.rows = {noun: [dict(row) for row in lines] for noun, lines in rows(WORLD).items() if noun != "attendance"}
        self.export()

    @property
    def now(self) -> datetime:
        return self.clock

    def advance(self, minutes: float) -> None:
        self.clock += timedelta(minutes=minutes)

    def connect(self) -> Source:
        columns = {noun: MAPPER.columns(noun) for noun in NOUNS}
        return FileDrop("ats", self.folder, columns, lambda sha256, name: False)

    def ids(self, noun: str) -> set[str]:
        return {row["id"] for row in self.rows[noun]}

    def edit(self, candidate_id: str) -> None:
        row = next(row for row in self.rows["candidates"] if row["id"] == candidate_id)
        row |= {"phone_numbers": ["+31 6 00000000"], "updated_at": self.now}
        self.export()

    def add(self) -> str:
        candidate_id = f"new{len(self.rows['candidates'])}"
        self.rows["candidates"].append({"id": candidate_id, "first_name": "Nova", "updated_at": self.now})
        self.export()
        return candidate_id

    def delete(self, candidate_id: str) -> None:
        kept = [row for row in self.rows["candidates"] if row["id"] != candidate_id]
        applications = [row for row in self.rows["applications"] if row["candidate_id"] != candidate_id]
        self.rows |= {"candidates": kept, "applications": applications}
        self.export()

    def reject(self, application_id: str, reason: str) -> None:
        row = next(row for row in self.rows["applications"] if row["id"] == application_id)
        row |= {"status": "rejected", "reject_reason": reason, "rejected_at": self.now}
        self.export()

    def plant(self, marker: str) -> None:
        for lines in self.rows.values():
            for row in lines:
                row |= dict.fromkeys(("notes", "birth_date", "photo", "gender", "cv_text", "motivation"), marker)
        self.export()

    def export(self) -> None:
        for noun, lines in self.rows.items():
            text = "".join(json.dumps(row, default=to_iso) + "\n" for row in lines)
            (self.folder / f"{noun}.snapshot.jsonl").write_text(text, encoding="utf-8")


class TestFileDrop(AtsSuite):
    @pytest.fixture
    def ats(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FileDropHarness:
        monkeypatch.setattr(filedrop_source, "PAGE_ROWS", 60)
        return FileDropHarness(tmp_path)

    def test_a_file_that_changes_while_it_is_read_ends_in_an_error(self, ats: FileDropHarness) -> None:
        pages = ats.connect().fetch_pages("candidates", Window(None, ats.now), None)
        next(pages)
        gone = max(ats.ids("candidates"))
        ats.delete(gone)

        with pytest.raises(BadAnswer):
            list(pages)

        assert gone not in {record["id"] for page in everything(ats, "candidates") for record in page.records}
