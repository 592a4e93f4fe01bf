"""Records of the oddest content through a whole run: each is stored or set aside with field and reason, the run goes
on, and no value shows in quarantine, log or error report."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from tests.integration.conftest import IMPORT, Stage
from tests.unit.mappings.test_bad_values import DATES, MAPS, NUMBERS, OTHERS, SECRET, TEXTS

PARTS = ("stored", "unchanged", "duplicate", "suppressed", "quarantined")
ODD_TEXTS = (*DATES, *NUMBERS, *TEXTS)
ODD = (*ODD_TEXTS, *(one for one in OTHERS if one not in (10**400, [10**400])))  # no JSON file holds those two
STAMPS = ("createdate", "hs_createdate", "lastmodifieddate", "hs_lastmodifieddate", "hs_timestamp")  # never odd
HUBSPOT = ("contacts", "tasks", "calls", "meetings", "emails", "communications")
FILES = ("users", "jobs", "candidates", "applications", "attendance")


def rows(names: Sequence[str], values: Sequence[Any]) -> Iterator[dict[str, Any]]:
    """Each value in three of the fields, one odd field a row; the fields take turns."""
    for place, value in enumerate(values):
        for step in range(3):
            yield {names[(place * 3 + step) % len(names)]: value}


def check(stage: Stage, caplog: pytest.LogCaptureFixture) -> dict[str, Any]:
    """A run and a full one after it: counts add up, nobody is lost, nothing is said of what records hold."""
    stage.later(hours=1)
    with caplog.at_level(logging.DEBUG, logger="warmline"):
        report = stage.sync(share=1.0)
        stage.later(hours=1)
        again = stage.sync(share=1.0, full=True)

    for stream, found in [*report["streams"].items(), *again["streams"].items()]:
        assert found["fetched"] == sum(found[part] for part in PARTS), (stream, found)
    assert (report["complete"], again["complete"]) == (True, True), stage.outcome
    assert {stream: found["deleted"] for stream, found in again["streams"].items() if found["deleted"]} == {}
    spoken = [one for one in caplog.records if one.name.startswith("warmline")]
    said = f"{stage.quarantine()}{stage.outcome}{[{**vars(one), 'text': one.getMessage()} for one in spoken]}"
    reports = [path.read_text("utf-8-sig") for path in stage.folder.glob("ats/rejected/*")]
    assert SECRET not in f"{said}{reports}"
    return report


def test_odd_records_of_hubspot_are_stored_or_set_aside(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    stage.fan_signs(jan := stage.person(1, "Jan", "de Vries"))
    loaded = dict.fromkeys(HUBSPOT, 0)
    for noun in HUBSPOT:
        fields = [
            name for name in MAPS[f"hubspot {noun}"][1] if name.startswith(("hs_", "email", "num", "war", "first"))
        ]
        for odd in rows([name for name in fields if name not in STAMPS], ODD_TEXTS):
            stage.portal.load(noun, {"hs_timestamp": "2026-11-20T09:00:00.000Z", **odd}, IMPORT)
            loaded[noun] += 1

    report = check(stage, caplog)

    fetched = {noun: report["streams"][f"hubspot.{noun}"]["fetched"] for noun in HUBSPOT}
    assert fetched == {**loaded, "contacts": loaded["contacts"] + 1}
    assert report["streams"]["hubspot.contacts"]["quarantined"] > 0
    assert len(stage.tasks(jan)) == 1


def test_odd_rows_of_jsonl_files_are_stored_or_set_aside(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    stage.fan_signs(jan := stage.person(1, "Jan", "de Vries"))
    for noun in FILES:
        drawn = rows(MAPS[f"file {noun}"][1], ODD)
        lines = [json.dumps({"id": f"r{place // 2}", **row}) for place, row in enumerate(drawn)]  # each id comes twice
        stage.drop_text(f"{noun}-odd.jsonl", "\n".join(lines) + "\n")

    report = check(stage, caplog)

    assert all(report["streams"][f"ats.{noun}"]["duplicate"] > 0 for noun in FILES if noun != "attendance")
    assert len(stage.tasks(jan)) == 1


def test_odd_cells_of_csv_files_are_stored_or_set_aside(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    stage.fan_signs(jan := stage.person(1, "Jan", "de Vries"))
    for noun in ("users", "candidates", "applications"):
        names = [name for name in MAPS[f"file {noun}"][1] if name != "id"]
        cells = [
            [f"r{place}", *(quoted(row.get(name, "")) for name in names)]
            for place, row in enumerate(rows(names, ODD_TEXTS))
        ]
        text = "\n".join(";".join(row) for row in [["id", *names], *cells])
        stage.drop_text(f"{noun}-odd.csv", text.encode("utf-8", "replace"))

    check(stage, caplog)

    assert len(stage.tasks(jan)) == 1


def quoted(value: str) -> str:
    """A CSV cell."""
    return '"' + value.replace('"', '""') + '"'
