"""The ATS side as files, in the three styles."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from sandbox.filedrop_export import export
from sandbox.world import World, build


@pytest.fixture(scope="module")
def world() -> World:
    return build("2026-11-24T08:00:00Z")


def test_jsonl_holds_one_normalised_row_a_line(world: World, tmp_path: Path) -> None:
    names = [path.name for path in export(world, tmp_path)]

    rows = [json.loads(line) for line in (tmp_path / "candidates.snapshot.jsonl").read_text("utf-8").splitlines()]
    jobs = [json.loads(line) for line in (tmp_path / "jobs.snapshot.jsonl").read_text("utf-8").splitlines()]
    assert names == [
        "candidates.snapshot.jsonl",
        "jobs.snapshot.jsonl",
        "applications.snapshot.jsonl",
        "users.snapshot.jsonl",
        "attendance.jsonl",
    ]
    assert len(rows) == sum(person.in_ats for person in world.people)
    assert rows[0]["email_addresses"][0].count("@") == 1 and rows[0]["created_at"].endswith("Z")
    assert [stage["kind"] for stage in jobs[0]["stages"]] == [
        "applied",
        "screening",
        "interview",
        "offer",
        "hired",
    ]


def test_dutch_csv_has_semicolons_a_byte_order_mark_and_dutch_dates(world: World, tmp_path: Path) -> None:
    export(world, tmp_path, "csv-nl")

    raw = (tmp_path / "applications.snapshot.csv").read_bytes()
    with (tmp_path / "applications.snapshot.csv").open(encoding="utf-8-sig", newline="") as file:
        row = next(csv.DictReader(file, delimiter=";"))
    assert raw.startswith(b"\xef\xbb\xbf")
    assert row["id"] == "a0001" and row["applied_at"][2] == row["applied_at"][5] == "-"
    assert (tmp_path / "stages.snapshot.csv").exists()
    assert not list(tmp_path.glob("*.part"))


def test_an_unknown_style_is_refused(world: World, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="csv-nl"):
        export(world, tmp_path, "xml")
