"""An open day, the people who came, and what the worker makes of it: for the stories of open days and sheets."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sync.bootstrap import open_session, open_view
from sync.reports.status import status_report
from tests.integration.conftest import Stage

LAST_WEEK = "2026-11-16T10:00"
SATURDAY = "2026-11-21T10:00"
SHEET = "Open dag"


def kinds(stage: Stage, who: str) -> list[tuple[str, str]]:
    """Kind and day of a person's points."""
    return [(one["kind"], one["day"]) for one in stage.explain(who)["points"]]


def open_day(stage: Stage, name: str = SHEET) -> str:
    return stage.portal.marketing_events.add(name, f"{SATURDAY}:00+01:00", "2026-11-21T14:00:00+01:00")


def tell(stage: Stage, event: str, contact: str, state: str, at: str = SATURDAY) -> None:
    stage.portal.marketing_events.tell(event, contact, state, f"{at}:00+01:00")


def sign(stage: Stage, *people: dict[str, Any]) -> None:
    """Drop a sign-in sheet of the open day."""
    stage.drop(
        "attendance", *({"event": SHEET, "kind": "attended", "at": f"{SATURDAY}+01:00", **one} for one in people)
    )


def anna(stage: Stage) -> str:
    return stage.person(1, "Anna", "Bos")


ANNA = {"email": "anna.bos@example.com", "first_name": "Anna"}


def write(stage: Stage, *, allow: bool = True, writes: bool = True, share: float | None = 1.0) -> list[str]:
    """A run with --write-attendance; why it is not complete. `stage.notes`: what it said."""
    app = stage.app()
    with open_session(app, "sync") as session:
        limits = session.limits(writes=writes, share=share)
        outcome = session.execute(replace(limits, sheets=replace(limits.sheets, write=allow)))
        session.finish(outcome, {})
        stage.notes = session.notes
    return outcome.reasons


def status(stage: Stage) -> dict[str, Any]:
    with open_view(stage.app()) as view:
        return dict(status_report(view.db)["attendance"])


def told(stage: Stage, event: str) -> list[tuple[str, str]]:
    """Every attendance HubSpot ever took, by contact and state."""
    return [(contact, state) for contact, state, _ in stage.portal.marketing_events.event(event).told]
