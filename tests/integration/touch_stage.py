"""What stories about touches share: a portal that shows everything, Anna, and her touch days."""

from __future__ import annotations

from sandbox.engagement import SITE
from sync.bootstrap import open_view
from tests.integration.conftest import Stage

VACANCY = f"{SITE}/vacatures/verpleegkundige-12"
ANNA = "anna.boer@example.com"


def anna(stage: Stage, **properties: str) -> str:
    return stage.person(1, "Anna", "Boer", email=ANNA, **properties)


def days(stage: Stage, contact: str) -> list[tuple[str, str, str, int, int]]:
    """Kind, vacancy, day, count and suspect of the touch days of a contact."""
    with open_view(stage.app()) as view:
        sql = "SELECT kind, job_id, day, count, suspect FROM touch_day WHERE remote_id = ? ORDER BY 1, 2, 3"
        return view.db.rows(sql, (contact,))


def kinds(stage: Stage, contact: str) -> list[str]:
    return sorted({one[0] for one in days(stage, contact)})


def read(stage: Stage) -> None:
    """A run a minute later: a window ends before the moment of its run."""
    stage.later(minutes=1)
    stage.sync()


def show_everything(stage: Stage) -> Stage:
    """A portal of every tier and scope."""
    stage.portal.touches.enterprise = True
    stage.portal.scopes |= {"content", "forms"}
    return stage
