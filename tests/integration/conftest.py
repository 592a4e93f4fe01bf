"""A small portal and a small ATS, built by hand, and a worker over both: every story is played on this stage."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from config.settings import load
from sandbox.clock import SandboxClock, to_iso
from sandbox.directory import Owner
from sandbox.schema import ObjectSchema
from sandbox.server import RunningSandbox, start
from sandbox.state import SandboxState
from sandbox.store import Record, Source
from sync.bootstrap import App, open_session, open_view, property_specs
from sync.clock import Clock
from sync.core.model import HUBSPOT, RecordRef
from sync.reports import people as views
from sync.reports.calls import call_list
from sync.reports.runs import outcome_report, plan_report
from sync.stages.provision import provision
from sync.store import conflicts, reviews, work
from sync.worker import Outcome
from tests.new_mirror import prime

ZONE = ZoneInfo("Europe/Amsterdam")
MONDAY = datetime(2026, 11, 23, 9, tzinfo=ZONE)
IMPORT = Source("IMPORT", "by-hand")
NOOR, SAM, FIN = "noor@team.example.com", "sam@team.example.com", "fin@team.example.com"


@dataclass
class Waited:
    """Seconds that were waited for without waiting, by any worker: HubSpot's limits run on them too."""

    seconds: float = 0.0

    def monotonic(self) -> float:
        """Real seconds and the ones waited for."""
        return time.monotonic() + self.seconds


WAITED = Waited()


class Hasty(Clock):
    """A clock on which waiting takes no time."""

    def monotonic(self) -> float:
        """Real seconds and the ones waited for."""
        return WAITED.monotonic()

    def sleep(self, seconds: float) -> None:
        """Over at once."""
        WAITED.seconds += max(0.0, seconds)


@pytest.fixture(scope="session")
def sandbox() -> Iterator[RunningSandbox]:
    """One server for all stories; each story has it emptied first."""
    with start(SandboxState(SandboxClock(MONDAY, running=False))) as running:
        yield running


@dataclass
class Stage:
    """HubSpot, the ATS's folder and the worker's settings, at one moment all three share.

    `env`: settings as the environment would give them, without WARMLINE_.
    """

    sandbox: RunningSandbox
    folder: Path
    now: datetime = MONDAY
    env: dict[str, str] = field(default_factory=dict)
    files: int = 0
    notes: list[str] = field(default_factory=list)
    outcome: Outcome | None = None

    @property
    def portal(self) -> SandboxState:
        """HubSpot, to act in."""
        return self.sandbox.state

    @property
    def mirror(self) -> Path:
        """The mirror's file."""
        return self.folder / "mirror.db"

    # the clock -------------------------------------------------------------------------------------------------

    def at(self, moment: datetime | str) -> None:
        """It is now `moment` (without a zone: in Amsterdam) for HubSpot and for the worker."""
        moment = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
        self.now = moment if moment.tzinfo else moment.replace(tzinfo=ZONE)
        self.portal.clock.set(self.now, running=False)

    def later(self, **span: float) -> None:
        """Some time goes by: `days`, `hours`, `minutes`; whole days keep the wall clock."""
        days = int(span.pop("days", 0))
        self.at(self.now + timedelta(days=days) + timedelta(**span))

    # HubSpot ---------------------------------------------------------------------------------------------------

    def contact(self, first: str, last: str, email: str | None = None, **properties: str) -> str:
        """A contact made a month ago, never seen on the site; its id."""
        made = to_iso((self.now - timedelta(days=30)).astimezone(UTC))
        known = {"firstname": first, "lastname": last, "createdate": made, "lastmodifieddate": made}
        known |= {"email": email or address(first, last), "lifecyclestage": "lead"}
        return self.portal.load("contacts", {**known, **properties}, IMPORT).id

    def visit(self, contact: str, *days_ago: float) -> None:
        """One visit on each of these days, oldest first."""
        for ago in sorted(days_ago, reverse=True):
            self.portal.visit(contact, self.now - timedelta(days=ago))

    def fan_signs(self, contact: str) -> None:
        """What a first sight shows of somebody with three touch days in a week: a form, a click, a visit."""
        self.portal.form(contact, self.now - timedelta(days=4))
        self.portal.click(contact, self.now - timedelta(days=2))
        self.portal.visit(contact, self.now - timedelta(days=1))

    def properties(self, contact: str) -> dict[str, str]:
        """A contact's warmline properties as HubSpot holds them."""
        found = self.portal.record("contacts", contact).properties
        return {name: value for name, value in found.items() if name.startswith("warmline_")}

    def tasks(self, contact: str | None = None) -> list[Record]:
        """Every task there ever was, archived ones too; of one contact when it is named."""
        store = self.portal.stores["tasks"].records
        if contact is None:
            return list(store.values())
        survivor = self.portal.stores["contacts"].survivor_id(contact)
        return [store[one] for one in self.portal.associations.of("contacts", survivor, "tasks") if one in store]

    # the ATS ---------------------------------------------------------------------------------------------------

    def drop(self, noun: str, *rows: dict[str, Any], snapshot: bool = False, name: str | None = None) -> Path:
        """A JSONL file in the folder, younger than the ones before it."""
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        kind = ".snapshot" if snapshot else ""
        return self.drop_text(name or f"{noun}{kind}-{self.files:03d}.jsonl", text)

    def drop_text(self, name: str, text: str | bytes) -> Path:
        """A file as given, younger than the ones before it."""
        path = self.folder / "ats" / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        self.files += 1
        os.utime(path, (1_700_000_000 + self.files, 1_700_000_000 + self.files))
        return path

    def person(self, number: int, first: str, last: str, **properties: str) -> str:
        """Somebody in both systems under the same name and address; the contact's id."""
        contact = self.contact(first, last, **properties)
        email = self.portal.record("contacts", contact).properties["email"]
        self.drop("candidates", candidate(f"c{number}", first, last, email))
        return contact

    # the worker ------------------------------------------------------------------------------------------------

    def set(self, **settings: str) -> None:
        """Change settings: CONTACT__CALL_GROUNDS='application'."""
        self.env |= settings

    def app(self) -> App:
        """The worker's parts as a command would start them."""
        fixed = {"CLOCK__NOW": self.now.isoformat()}
        settings = load(None, environ={f"WARMLINE_{name}": value for name, value in {**self.env, **fixed}.items()})
        return App(settings, Hasty(settings.fixed_now))

    def provision(self, *, everything: bool = False) -> None:
        """Make warmline's properties."""
        app = self.app()
        provision(app.connect(), property_specs(app, everything=everything), lambda _: None)

    def sync(
        self,
        *,
        confirm_create: int | None = None,
        share: float | None = None,
        writes: bool | None = None,
        full: bool = False,
    ) -> dict[str, Any]:
        """One run; its report."""
        app = self.app()
        prime(app.settings.mirror.path)
        writes = app.settings.writes.enabled if writes is None else writes
        with open_session(app, "sync") as session:
            limits = session.limits(writes=writes, confirm_create=confirm_create, share=share)
            self.outcome = session.execute(limits, full=full)
            report = outcome_report(session, self.outcome, duration_s=session.duration_s)
            session.finish(self.outcome, report)
            self.notes = session.notes
        return report

    def plan(self) -> list[dict[str, Any]]:
        """`plan --json`: what the worker would write."""
        self.sync(writes=False, share=1.0)
        with open_view(self.app()) as view:
            return plan_report(view.db)

    def explain(self, who: str) -> dict[str, Any]:
        """`explain WHO --json`."""
        with open_view(self.app()) as view:
            found = views.find(view, who)
            assert found is not None, f"nobody is {who}"
            return found.report

    def calls(self) -> list[dict[str, Any]]:
        """`calls --json`."""
        with open_view(self.app()) as view:
            return call_list(view)

    def refusals(self, who: str) -> list[str]:
        """Why somebody is not called."""
        return [one["because"] for one in self.explain(who)["refusals"]]

    def links(self, who: str) -> set[tuple[str, str, str | None]]:
        """The records of a person with the rule each was linked by."""
        return {(one["source"], one["remote_id"], one["rule"]) for one in self.explain(who)["links"]}

    def open_reviews(self) -> list[tuple[str, str, str]]:
        """Candidate, contact and rule of the pairs a person has to look at."""
        with open_view(self.app()) as view:
            return [
                (one.review.candidate.remote_id, one.review.contact_id, one.review.rule)
                for one in reviews.list_reviews(view.db)
            ]

    def rule(self, candidate_id: str, contact: str, state: str) -> None:
        """`review accept` or `review refuse`: `state` accepted or refused."""
        app = self.app()
        db = app.open_mirror()
        ref = RecordRef("ats", candidate_id)
        with db.write():
            assert reviews.rule_review(db, ref, contact, state=state, by="noor", now=app.clock.now())
            work.enqueue(db, "reconcile", [ref, RecordRef(HUBSPOT, contact)], app.clock.now())
        db.close()

    def conflicts(self) -> list[tuple[str, str, str, str]]:
        """Contact, property, what warmline wanted and what stands there."""
        with open_view(self.app()) as view:
            rows = conflicts.load(view.db, "contact", None)
            return [
                (one.conflict.object_id, one.conflict.property, one.conflict.ours, one.conflict.theirs) for one in rows
            ]

    def quarantine(self) -> list[tuple[str, str, str]]:
        """Stream, field and reason of the records left out."""
        with open_view(self.app()) as view:
            return sorted(view.db.rows("SELECT stream, field, reason FROM quarantine"))

    def tables(self, *names: str) -> dict[str, list[tuple[Any, ...]]]:
        """Whole tables of the mirror, in order."""
        with open_view(self.app()) as view:
            return {name: sorted(view.db.rows(f"SELECT * FROM {name}"), key=repr) for name in names}

    def writes(self) -> int:
        """Write requests HubSpot got since the last time this was asked."""
        count = self.portal.stats.writes
        self.portal.stats.__init__()  # type: ignore[misc]
        return count


@pytest.fixture
def bare(sandbox: RunningSandbox, tmp_path: Path) -> Stage:
    """The stage before anything is provisioned."""
    return empty_stage(sandbox, tmp_path)


def empty_stage(sandbox: RunningSandbox, tmp_path: Path) -> Stage:
    """Two recruiters, one owner who does not recruit, an empty folder."""
    sandbox.state.reset()
    sandbox.state.limits.monotonic = WAITED.monotonic
    sandbox.state.limits.search = None  # workers that follow each other at once do not know of each other's searches
    sandbox.state.owners = [
        Owner("701", 9001, NOOR, "Noor", "de Wit"),
        Owner("702", 9002, SAM, "Sam", "Bakker"),
        Owner("703", 9003, FIN, "Fin", "Smit"),
    ]
    (tmp_path / "ats").mkdir()
    stage = Stage(sandbox, tmp_path)
    stage.at(MONDAY)
    stage.env = {
        "MIRROR__PATH": str(stage.mirror),
        "HUBSPOT__BASE_URL": sandbox.base_url,
        "HUBSPOT__TOKEN": sandbox.state.token,
        "SOURCES__ATS__KIND": "filedrop",
        "SOURCES__ATS__PATH": str(tmp_path / "ats"),
        "ROUTING__RECRUITERS": f"{NOOR},{SAM}",
        "ROUTING__FALLBACK_OWNER": NOOR,
        "CONTACT__CALL_GROUNDS": "application,legitimate_interest",
        "CONTACT__TRACKING_CONSENT": "portal",
        "WRITES__ENABLED": "true",
        "TEAM__DOMAINS": "team.example.com",
    }
    return stage


@pytest.fixture(scope="session")
def provisioned(sandbox: RunningSandbox) -> ObjectSchema:
    """The contact schema after `provision`, which takes longer than most stories."""
    env = {"HUBSPOT__BASE_URL": sandbox.base_url, "HUBSPOT__TOKEN": sandbox.state.token}
    Stage(sandbox, Path(), env=env).provision()
    return sandbox.state.stores["contacts"].schema


@pytest.fixture
def stage(provisioned: ObjectSchema, bare: Stage) -> Stage:
    """The stage with the default properties made, and nobody on it yet."""
    bare.portal.stores["contacts"].schema = deepcopy(provisioned)
    return bare


def address(first: str, last: str) -> str:
    """The invented e-mail address of a name."""
    return "".join(char for char in f"{first}.{last}" if char.isalnum() or char == ".").lower() + "@example.com"


def candidate(id: str, first: str, last: str, email: str = "", **more: Any) -> dict[str, Any]:
    """A row of the candidates file."""
    row = {"id": id, "first_name": first, "last_name": last, "email_addresses": [email or address(first, last)]}
    return {**row, **more}


def applied(id: str, candidate_id: str, job_id: str, at: datetime, **more: Any) -> dict[str, Any]:
    """A row of the applications file."""
    row = {"id": id, "candidate_id": candidate_id, "job_id": job_id, "status": "active", "applied_at": at.isoformat()}
    return {**row, **more}
