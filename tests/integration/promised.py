"""A vacancy with stages, and people who applied to it: what stories of promises begin with."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sandbox.store import Record
from sync.bootstrap import open_view
from sync.core.promise import Promise
from sync.store.promises import report_promises
from tests.integration.conftest import NOOR, Stage, applied, candidate

CHANGES = ("create_task", "update_task", "complete_task", "archive_task")
STAGES = [
    {"id": "s1", "name": "Nieuw", "kind": "applied", "order": 0},
    {"id": "s2", "name": "Bekeken", "kind": "screening", "order": 1},
    {"id": "s3", "name": "Gesprek", "kind": "interview", "order": 2},
    {"id": "s4", "name": "Aanbod", "kind": "offer", "order": 3},
]


def vacancy(stage: Stage, id: str = "j1", **more: Any) -> None:
    """A vacancy of Noor's."""
    row = {"id": id, "name": "Wijkverpleegkundige", "status": "open", "recruiter_email": NOOR, "stages": STAGES}
    stage.drop("jobs", {**row, **more})


def applicant(stage: Stage, number: int, first: str, *, hours_ago: float = 2, job: str = "j1", **more: Any) -> str:
    """Somebody in both systems who applied; the contact."""
    contact = stage.person(number, first, "de Vries")
    put(stage, number, hours_ago=hours_ago, job=job, **more)
    return contact


def put(stage: Stage, number: int, *, hours_ago: float = 2, job: str = "j1", **more: Any) -> None:
    """The application as the ATS has it now."""
    at = more.pop("at", stage.now - timedelta(hours=hours_ago))
    stage.drop("applications", applied(f"a{number}", f"c{number}", job, at, **{"stage_id": "s1", **more}))


def stranger(stage: Stage, number: int, first: str) -> None:
    """A candidate HubSpot does not know."""
    stage.drop("candidates", candidate(f"c{number}", first, "Onbekend"))
    put(stage, number)


def done(stage: Stage) -> dict[str, int]:
    """One run; how many writes of tasks were applied, by kind, those that were."""
    report = stage.sync()
    return {kind: count for kind in CHANGES if (count := report["actions"][kind]["applied"])}


def todo(stage: Stage) -> Record:
    """The one grouped task there is."""
    [task] = [one for one in stage.tasks() if one.properties["hs_task_type"] == "TODO"]
    return task


def text(task: Record) -> list[str]:
    """Subject and body's lines, the marker left out."""
    return [task.properties["hs_task_subject"], *str(task.properties["hs_task_body"]).split("<br>")[:-1]]


def about(stage: Stage, task: Record) -> list[str]:
    """The contacts a task is associated with."""
    return sorted(stage.portal.associations.of("tasks", task.id, "contacts"))


def status(stage: Stage, task: Record) -> tuple[str, bool]:
    """Status of a task, and whether it is in the recycle bin."""
    found = stage.portal.record("tasks", task.id)
    return found.properties["hs_task_status"], bool(found.archived_at)


def reply_due(stage: Stage, contact: str) -> str:
    """`warmline_reply_due_at` as HubSpot holds it."""
    return stage.properties(contact).get("warmline_reply_due_at") or ""


def promises(stage: Stage) -> list[Promise]:
    """Every promise in the mirror."""
    with open_view(stage.app()) as view:
        return [one.owed.promise for one in report_promises(view.db)]


def quiet(stage: Stage) -> bool:
    """Whether the runs that follow write nothing."""
    stage.writes()
    for minutes in (2, 40):
        stage.later(minutes=minutes)
        assert stage.sync()["complete"]
    return stage.writes() == 0
