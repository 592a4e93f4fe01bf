"""A person with a mark in every field that may not be read goes through every connector; no mark is kept or told."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from config.kinds import KINDS
from connectors import http
from sandbox.server import RunningSandbox
from sandbox.state import SandboxState
from sync.bootstrap import open_view
from sync.reports.export import export, page
from sync.store import holdings
from tests.denied import DENIED, denied
from tests.integration.conftest import MONDAY, Stage
from tests.integration.same_world import planned
from tests.unit.mappings.test_allow_lists import LOOKED_AT

MARK = re.compile(r"zwm\d+[a-z]+")
NAMES = [spelled for names in DENIED.values() for one in names for spelled in (one.replace(" ", "_"), one.title())]
FORBIDDEN = {name.replace(" ", ""): f"zwm{place}q" for place, name in enumerate(dict.fromkeys(NAMES))}
# Vendors that hand out whole records, whatever is asked: for the others the request already leaves the fields out.
TELLS_ALL = {"recruitee", "greenhouse", "homerun", "teamtailor"}


def rows_in(value: Any, seen: set[int]) -> Iterator[dict[str, Any]]:
    """Every record a company of the sandbox holds, nested ones too."""
    if id(value) in seen or isinstance(value, str | int | float | bool | None):
        return
    seen.add(id(value))
    if isinstance(value, dict):
        if {"id", "Id", "attributes", "first_name", "email"} & value.keys():
            yield value
        for one in list(value.values()):
            yield from rows_in(one, seen)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from rows_in(one, seen)
    elif is_dataclass(value):
        for field in fields(value):
            inner = getattr(value, field.name)
            if field.name == "attributes":
                yield inner
            yield from rows_in(inner, seen)


@dataclass
class Heard:
    """What connectors asked for and what was answered."""

    asked: set[str]
    served: set[str]


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Heard:
    """Listens to every request and answer of every connector."""
    found, exchange = Heard(set(), set()), http.Transport._exchange

    def listening(self: http.Transport, request: http.Request) -> http.Answer:
        answer = exchange(self, request)
        found.asked |= asked_in(request)
        found.served |= set(MARK.findall(answer.body.decode(errors="replace")))
        return answer

    monkeypatch.setattr(http.Transport, "_exchange", listening)
    return found


def asked_in(request: http.Request) -> set[str]:
    """Names of fields in a request: properties, fields, and what a SOQL query selects."""
    found: set[str] = set()
    for name, value in request.query:
        if name in ("properties", "fields", "include", "q") or name.startswith("fields["):
            found |= set(re.findall(r"[A-Za-z_][\w.]*", value.partition(" FROM ")[0]))
    body = json.loads(request.body) if request.body and request.content_type == "application/json" else {}
    if isinstance(body, dict) and not {"inputs", "name"} <= body.keys():
        found |= {
            one for one in body.get("properties", ()) if isinstance(one, str) and isinstance(body["properties"], list)
        }
    return found


def mark_everybody(sandbox: RunningSandbox, kind: str) -> None:
    """Every record of the ATS has every forbidden field, each with a mark of its own."""
    company = sandbox.state.dialect(kind)
    for row in rows_in(
        {name: value for name, value in vars(company).items() if name not in ("clock", "window")}, set()
    ):
        row |= {name: mark for name, mark in FORBIDDEN.items() if name not in row}


def mark_contacts(state: SandboxState) -> None:
    """Every contact and activity of HubSpot has them too, and what people did shows more than may be kept."""
    for store in state.stores.values():
        for record in store.records.values():
            record.properties |= FORBIDDEN
    contact = next(iter(state.stores["contacts"].records))
    state.touches.enterprise, state.scopes = True, state.scopes | {"content", "forms"}
    yesterday = state.clock.now() - timedelta(days=1)
    state.page_view(contact, "https://www.example.org/vacatures/kok?naam=zwm9001q#zwm9002q", yesterday)
    state.visit(contact, yesterday, url="https://www.example.org/mijn-profiel/zwm9003q")
    state.form(contact, yesterday)
    for submissions in state.touches.submissions.values():
        for one in submissions:
            one["values"] = [*one.get("values", ()), {"name": "motivatie", "value": "zwm9004q"}]
    email = state.record("contacts", contact).properties["email"]
    state.mail_event(email, "CLICK", yesterday, url="https://www.example.org/?e=zwm9005q", user_agent="Agent zwm9006q")
    for log in (state.log_call, state.log_meeting, state.log_email, state.log_message):
        made = log(contact)
        made.properties |= {
            name: "zwm9007q" for name in made.properties if denied(name) or "title" in name or "subject" in name
        }


def told(stage: Stage, plan: list[dict[str, Any]], caplog: pytest.LogCaptureFixture) -> str:
    """All that was shown of a run: logs with what hangs on them, plan, calls, notes, the whole export of everybody."""
    shown = [json.dumps(plan), json.dumps(stage.calls()), repr(stage.notes)]
    own = [record for record in caplog.records if not record.name.startswith("uvicorn")]  # the sandbox's
    shown += [repr(vars(record)) for record in own]
    with open_view(stage.app()) as view:
        for (person_id,) in view.db.rows("SELECT id FROM person ORDER BY id LIMIT 5"):
            made = export(view, holdings.subjects(view.db, f"p{person_id}")[0])
            shown += [json.dumps(made.report), page(view, made)]
    return "\n".join(shown)


def kept(folder: Path) -> set[str]:
    """The marks in any file below a folder, what was put there to be read apart."""
    files = [one for one in folder.rglob("*") if one.is_file() and not {"ats", "opendag"} & set(one.parts)]
    assert any(one.name == "mirror.db" for one in files)
    return {mark for one in files for mark in MARK.findall(one.read_bytes().decode(errors="replace"))}


@pytest.mark.parametrize("kind", sorted(KINDS.keys() - {"filedrop"}))
def test_no_mark_comes_through_any_ats_or_hubspot(
    kind: str, heard: Heard, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    def mark(sandbox: RunningSandbox) -> None:
        mark_everybody(sandbox, kind)
        mark_contacts(sandbox.state)

    plan, stage = planned(kind, tmp_path, mark)

    assert kept(tmp_path) == set()
    assert MARK.findall(told(stage, plan, caplog)) == []
    assert [name for name in heard.asked if name not in LOOKED_AT and denied(name)] == []
    # What was looked for was there to be taken: records told whole, and what HubSpot shows of single events.
    assert {"zwm9001q", "zwm9004q", "zwm9006q"} <= heard.served
    assert len(heard.served) > (len(FORBIDDEN) if kind in TELLS_ALL else 0)


def test_no_mark_comes_through_the_file_drop(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    stage.drop("candidates", {"id": "c1", "first_name": "Roos", "email_addresses": ["roos@example.com"]} | FORBIDDEN)
    stage.drop("jobs", {"id": "j1", "name": "Kok", "status": "open"} | FORBIDDEN)
    row = {"id": "a1", "candidate_id": "c1", "job_id": "j1", "status": "active", "applied_at": MONDAY.isoformat()}
    stage.drop("applications", row | FORBIDDEN)
    stage.drop("users", {"id": "u1", "name": "Noor", "email": "noor@team.example.com"} | FORBIDDEN)
    line = {"event": "Open dag", "kind": "attended", "at": MONDAY.isoformat(), "email": "roos@example.com"}
    stage.drop("attendance", line | FORBIDDEN)
    head, cells = ",".join(["id", *FORBIDDEN]), ",".join(["c2", *FORBIDDEN.values()])
    stage.drop_text("candidates-more.csv", f"{head}\n{cells}\n")
    bad = {"id": "c3", "created_at": "zwm9100q"}
    stage.drop("candidates", bad)

    report = stage.sync()

    assert report["streams"]["ats.candidates"]["quarantined"] == 1
    assert kept(stage.folder) == set()
    assert MARK.findall(told(stage, [report], caplog)) == []
    rejected = [one.read_text(encoding="utf-8") for one in (stage.folder / "ats" / "rejected").iterdir()]
    assert rejected and MARK.findall("".join(rejected)) == []
