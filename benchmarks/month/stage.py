"""HubSpot, the ATS's folder and a worker over both, at one moment they share."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from benchmarks.month.cast import TEAM, Cast, Person, Row
from config.settings import load
from sandbox.clock import SandboxClock, to_iso
from sandbox.server import RunningSandbox, start
from sandbox.state import SandboxState
from sandbox.store import Record, Source
from sync.bootstrap import App, open_session, property_specs
from sync.clock import Clock
from sync.reports.runs import outcome_report
from sync.stages.provision import provision
from sync.worker import Outcome

ZONE = ZoneInfo("Europe/Amsterdam")
IMPORT = Source("IMPORT", "month")
OPTIONAL = ("SILVER_MEDALIST", "EVENT_FOLLOW_UP", "COOLING")


class Patient(Clock):
    """A clock on which waiting takes no time."""

    def __init__(self, fixed: datetime | None) -> None:
        super().__init__(fixed)
        self.waited = 0.0

    def monotonic(self) -> float:
        """Real seconds and the ones waited for."""
        return time.monotonic() + self.waited

    def sleep(self, seconds: float) -> None:
        """Over at once."""
        self.waited += max(0.0, seconds)


@dataclass
class Place:
    """Where the month happens. `rows`: what the ATS exports with the next file, by noun and id."""

    sandbox: RunningSandbox
    folder: Path
    cast: Cast
    now: datetime
    env: dict[str, str] = field(default_factory=dict)
    rows: dict[str, dict[str, Row]] = field(default_factory=dict)
    files: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def portal(self) -> SandboxState:
        """HubSpot, to act in."""
        return self.sandbox.state

    @property
    def contact_ids(self) -> dict[str, Person]:
        """People by contact."""
        return self.cast.by_contact()

    def at(self, moment: datetime) -> None:
        """It is now `moment`, everywhere."""
        self.now = moment
        self.portal.clock.set(moment, running=False)

    def meet(self, person: Person, **properties: str) -> None:
        """The person becomes a contact in HubSpot."""
        made = to_iso((self.now - timedelta(days=30)).astimezone(UTC))
        known = {"firstname": person.first, "lastname": person.last, "email": person.email}
        known |= {"createdate": made, "lastmodifieddate": made, "lifecyclestage": "lead"}
        known |= {"hubspot_owner_id": person.owner} if person.owner else {}
        person.contact = self.portal.load("contacts", {**known, **properties}, IMPORT).id

    def tell(self, noun: str, row: Row) -> None:
        """The ATS exports this row with its next file."""
        self.rows.setdefault(noun, {})[row["id"]] = dict(row)

    def export(self) -> None:
        """The ATS writes what changed into its folder."""
        for noun, rows in self.rows.items():
            path = self.folder / "ats" / f"{noun}-{self.files:05d}.jsonl"
            path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows.values()), "utf-8")
            self.files += 1
            os.utime(path, (1_700_000_000 + self.files, 1_700_000_000 + self.files))
        self.rows = {}

    def app(self) -> App:
        """The worker's parts as a command would start them."""
        given = {**self.env, "CLOCK__NOW": self.now.isoformat()}
        settings = load(None, environ={f"WARMLINE_{name}": value for name, value in given.items()})
        return App(settings, Patient(settings.fixed_now))

    def run(self, *, full: bool = False, share: float | None = None) -> tuple[Outcome, dict[str, Any]]:
        """One run; what it did and its report."""
        self.export()
        with open_session(self.app(), "run") as session:
            outcome = session.execute(session.limits(writes=True, share=share), full=full)
            report = outcome_report(session, outcome, duration_s=0.0)
            session.finish(outcome, report)
            self.notes = session.notes
        return outcome, report

    def tasks(self) -> list[Record]:
        """Warmline's tasks, archived ones too."""
        records = self.portal.stores["tasks"].records.values()
        return [one for one in records if "[wl:" in one.properties.get("hs_task_body", "")]

    def about(self, task: Record) -> list[str]:
        """The contacts a task is associated with."""
        return self.portal.associations.of("tasks", task.id, "contacts")


@contextmanager
def place(cast: Cast, folder: Path, now: datetime, absent: str) -> Iterator[Place]:
    """The stage with everybody on it, provisioned, before the first run."""
    state = SandboxState(SandboxClock(now, running=False))
    state.limits.burst = state.limits.search = state.limits.daily = None  # their windows run on real time
    state.owners = list(cast.recruiters)
    (folder / "ats").mkdir(parents=True)
    with start(state) as sandbox:
        found = Place(sandbox, folder, cast, now)
        found.env = _settings(sandbox, folder, cast, absent)
        app = found.app()
        provision(app.connect(), property_specs(app, everything=True), lambda _: None)
        for value, label in (("no-thanks", "Geen interesse"), ("never", "Niet meer bellen")):
            state.add_disposition(value, label)
        _fill(found)
        yield found


def _fill(found: Place) -> None:
    for person in found.cast.people:
        if person.known != "ats":
            found.meet(person)
        if person.candidate:
            found.tell("candidates", person.candidate_row())
    for noun, rows in (("jobs", found.cast.vacancies), ("applications", list(found.cast.applications.values()))):
        for row in rows:
            found.tell(noun, row)


def _settings(sandbox: RunningSandbox, folder: Path, cast: Cast, absent: str) -> dict[str, str]:
    emails = [one.email for one in cast.recruiters]
    return {
        "MIRROR__PATH": str(folder / "mirror.db"),
        "HUBSPOT__BASE_URL": sandbox.base_url,
        "HUBSPOT__TOKEN": sandbox.state.token,
        "SOURCES__ATS__KIND": "filedrop",
        "SOURCES__ATS__PATH": str(folder / "ats"),
        "ROUTING__RECRUITERS": ",".join(emails),
        "ROUTING__FALLBACK_OWNER": emails[0],
        "ROUTING__LANGUAGES": f"{emails[-1]}=en",
        "ROUTING__ABSENT": absent,
        "CONTACT__CALL_GROUNDS": "application,legitimate_interest",
        "CONTACT__TRACKING_CONSENT": "portal",
        "WRITES__ENABLED": "true",
        "TEAM__DOMAINS": TEAM,
        **{f"PLAYS__{name}__ENABLED": "true" for name in OPTIONAL},
    }
