"""Anything in any order: changes in the ATS, edits, merges and deletions in HubSpot, faults, crashes, a lost mirror.

A sample runs with every test run; WARMLINE_TORTURE=all plays longer stories, new ones each time.
"""

from __future__ import annotations

from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from sandbox.schema import ObjectSchema
from sandbox.server import RunningSandbox
from sandbox.store import Record
from tests.integration.busy_world import BusyWorld, Person, new_address, new_world
from tests.torture.tally import EVERYTHING, tally

STORIES = tally("Anything in any order: stories whose end is as it should be", "", "stories", "runs")

PICK = st.integers(0, 7)
TYPED = {
    "warmline_score": "98.5",  # a score is a whole number, so warmline never wants these
    "warmline_why": "eigen woorden",
    "warmline_last_touch_at": "2001-01-01T00:00:00.000Z",
    "warmline_candidate_id": "ats:typed-",  # unique: the contact's id follows
}
FAULTS = (
    {"kind": "status", "status": 429, "body": {"status": "error", "policyName": "TEN_SECONDLY_ROLLING"}},
    {"kind": "status", "status": 500},
    {"kind": "status", "status": 502},
    {"kind": "status", "status": 503},
    {"kind": "drop_before"},
    {"kind": "drop_after"},
    {"kind": "garbage"},
)
PLACES = (".*", "/contacts", "/tasks", "batch", "/search", "/owners", "/associations", "batch/(create|update)")


class AnythingGoes(RuleBasedStateMachine):
    """One story. `make_world` is given by the test."""

    make_world: staticmethod

    def __init__(self) -> None:
        super().__init__()
        self.world: BusyWorld = type(self).make_world()
        self.stage = self.world.stage

    @initialize(creates=st.booleans(), fans=st.integers(0, 4))
    def begin(self, creates: bool, fans: int) -> None:
        """Whether contacts are made for those of the ATS; some of the people are worth a call."""
        self.stage.set(WRITES__CREATE_CONTACTS="all" if creates else "never")
        for contact in self.world.contacts()[:fans]:
            self.stage.fan_signs(contact.id)

    def contact(self, pick: int) -> Record:
        """One of HubSpot's contacts."""
        found = self.world.contacts()
        return found[pick % len(found)]

    def candidate(self, pick: int) -> Person:
        """One of the ATS's people."""
        return self.world.people[pick % len(self.world.people)]

    def task(self, pick: int) -> Record:
        """One of warmline's tasks."""
        found = self.world.tasks()
        return found[pick % len(found)]

    def has_contacts(self) -> bool:
        """Somebody is left in HubSpot."""
        return bool(self.world.contacts())

    def has_tasks(self) -> bool:
        """A task is left."""
        return bool(self.world.tasks())

    # time and runs ---------------------------------------------------------------------------------------------

    @rule(minutes=st.sampled_from([1, 15, 300, 1_440, 4_320, 11_520]))
    def time_goes_by(self, minutes: int) -> None:
        """From a minute to eight days."""
        self.stage.later(days=minutes // 1_440, minutes=minutes % 1_440)

    @rule(full=st.booleans())
    def run_all(self, full: bool) -> None:
        """A run after ten minutes."""
        self.stage.later(minutes=10)
        self.world.run(full=full)

    @rule(writes=st.booleans())
    def run_at_once(self, writes: bool) -> None:
        """A run in the moment of the last change; a dry one too."""
        self.world.run(writes=writes)

    @rule(transaction=st.integers(1, 60), committed=st.booleans())
    def crash(self, transaction: int, committed: bool) -> None:
        """A run whose process ends somewhere."""
        self.stage.later(minutes=3)
        self.world.crash(transaction, committed=committed)

    @rule(place=st.sampled_from(PLACES), fault=st.sampled_from(FAULTS), times=st.sampled_from([1, 2, 30]))
    def fault(self, place: str, fault: dict[str, object], times: int) -> None:
        """HubSpot fails once, twice or for long; a fault that nobody met ends with the next."""
        self.stage.portal.faults.clear()
        self.stage.portal.plan_fault(path_regex=place, times=times, **fault)

    @rule()
    def lose_the_mirror(self) -> None:
        """The file is gone."""
        for path in self.stage.folder.glob("mirror.db*"):
            path.unlink()

    @precondition(has_contacts)
    @rule(pick=PICK, noun=st.sampled_from(["tasks", "contacts"]))
    def lose_an_answer(self, pick: int, noun: str) -> None:
        """Somebody deserves a call, and HubSpot's answer to the write never comes."""
        self.interest(pick=pick, what="fan")
        self.stage.portal.faults.clear()
        self.stage.portal.plan_fault("drop_after", f"{noun}/batch/(create|update)")
        self.stage.later(minutes=30)
        self.world.run()

    @precondition(has_contacts)
    @rule(pick=PICK, page=st.integers(1, 6))
    def edit_during_a_run(self, pick: int, page: int) -> None:
        """A person types while the worker reads."""
        pages = count(1)
        contact = self.contact(pick)

        def meanwhile(_: str) -> None:
            if next(pages) == page:
                self.world.type_value(contact, "warmline_why", f"tijdens {pick}")
                self.stage.portal.visit(contact.id)

        self.stage.later(minutes=5)
        self.world.run(meanwhile=meanwhile)

    # the ATS ---------------------------------------------------------------------------------------------------

    @rule(where=st.sampled_from(["ats", "crm", "both"]))
    def join(self, where: str) -> None:
        """Somebody new."""
        self.world.join(ats=where != "crm", crm=where != "ats")

    @rule(pick=PICK, what=st.sampled_from(["email", "phone", "name", "delete", "anonymise", "return"]))
    def ats_change(self, pick: int, what: str) -> None:
        """The ATS changes a candidate."""
        person, now = self.candidate(pick), self.stage.now.isoformat()
        changes = {
            "email": {"email_addresses": [new_address(self.world.typed)]},
            "phone": {"phone_numbers": [f"06 1234 {5000 + self.world.typed % 1000}"]},
            "name": {"first_name": f"Andere{self.world.typed}"},
            "delete": {"deleted_at": now},
            "anonymise": {
                "anonymised_at": now,
                "first_name": None,
                "last_name": None,
                "email_addresses": None,
                "phone_numbers": None,
            },
            "return": {"deleted_at": None} if not person.row.get("anonymised_at") else {},
        }
        self.world.tell(person, **changes[what])

    @rule(pick=PICK, status=st.sampled_from(["active", "rejected", "hired", "withdrawn", "prospect"]))
    def application(self, pick: int, status: str) -> None:
        """An application comes in or ends."""
        self.world.apply_for_job(self.candidate(pick), status=status)

    # people in HubSpot -----------------------------------------------------------------------------------------

    @precondition(has_contacts)
    @rule(pick=PICK, what=st.sampled_from(["visit", "click", "reply", "form", "meeting", "fan"]))
    def interest(self, pick: int, what: str) -> None:
        """Somebody shows interest."""
        contact = self.contact(pick)
        if what == "fan":
            self.stage.visit(contact.id, 0, 1, 2)
            self.stage.portal.form(contact.id)
        else:
            self.stage.portal.happen(what, contact.id)

    @precondition(has_contacts)
    @rule(pick=PICK, name=st.sampled_from(sorted(TYPED)), clear=st.booleans())
    def type_a_value(self, pick: int, name: str, clear: bool) -> None:
        """Somebody types into warmline's properties."""
        contact = self.contact(pick)
        unique = contact.id if name == "warmline_candidate_id" else ""
        self.world.type_value(contact, name, "" if clear else TYPED[name] + unique)

    @precondition(has_contacts)
    @rule(pick=PICK, what=st.sampled_from(["email", "owner", "stop", "go", "optout", "customer", "lead"]))
    def crm_change(self, pick: int, what: str) -> None:
        """Somebody changes a contact."""
        changes = {
            "email": {"email": new_address(self.world.typed)},
            "owner": {"hubspot_owner_id": ("701", "702", "703")[pick % 3]},
            "stop": {"warmline_do_not_call": "true"},
            "go": {"warmline_do_not_call": "false"},
            "customer": {"lifecyclestage": "customer"},
            "lead": {"lifecyclestage": ""},
        }
        if what == "optout":
            self.stage.portal.happen("optout", self.contact(pick).id)
        else:
            self.stage.portal.edit("contacts", self.contact(pick).id, changes[what])
        self.world.typed += 1

    @precondition(lambda self: len(self.world.contacts()) > 1)
    @rule(pick=PICK, step=st.integers(1, 5), keep_id=st.booleans())
    def merge(self, pick: int, step: int, keep_id: bool) -> None:
        """Two contacts become one."""
        found = self.world.contacts()
        primary, secondary = found[pick % len(found)], found[(pick + step) % len(found)]
        if primary is not secondary:
            self.world.merge(primary, secondary, keep_id=keep_id)

    @precondition(has_contacts)
    @rule(pick=PICK, forever=st.booleans())
    def delete(self, pick: int, forever: bool) -> None:
        """A contact goes into the recycle bin, or is erased."""
        if forever:
            self.world.erase(self.contact(pick))
        else:
            self.stage.portal.archive("contacts", self.contact(pick).id)

    @precondition(lambda self: self.world.contacts(archived=True))
    @rule(pick=PICK)
    def restore(self, pick: int) -> None:
        """A contact comes out of the recycle bin."""
        found = self.world.contacts(archived=True)
        self.stage.portal.restore("contacts", found[pick % len(found)].id)

    @precondition(has_tasks)
    @rule(pick=PICK, what=st.sampled_from(["subject", "owner", "complete", "delete"]))
    def act_on_task(self, pick: int, what: str) -> None:
        """A recruiter works."""
        changes = {
            "subject": {"hs_task_subject": "Zelf bellen"},
            "owner": {"hubspot_owner_id": "703"},
            "complete": {"hs_task_status": "COMPLETED"},
        }
        if what == "delete":
            self.stage.portal.delete_task(self.task(pick).id)
        else:
            self.world.act_on_task(self.task(pick), changes[what])

    def teardown(self) -> None:
        """Whatever happened, the end is the same."""
        self.world.settle()
        STORIES.add("stories", 1, self.world.runs)


SAMPLE = settings(
    max_examples=10,
    stateful_step_count=25,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.generate,),
    print_blob=False,
)
LONG = settings(
    SAMPLE,
    max_examples=120,
    stateful_step_count=40,
    derandomize=False,
    phases=(Phase.generate, Phase.shrink),  # a story that fails is cut down to what it takes
    print_blob=True,
)


def test_whatever_happens_nothing_is_lost_doubled_or_overwritten(
    sandbox: RunningSandbox, provisioned: ObjectSchema, tmp_path: Path
) -> None:
    numbers = count()

    class Story(AnythingGoes):
        make_world = staticmethod(lambda: new_world(sandbox, provisioned, tmp_path / str(next(numbers))))

    run_state_machine_as_test(Story, settings=LONG if EVERYTHING else SAMPLE)


pytestmark = pytest.mark.timeout(3_600 if EVERYTHING else 120)
