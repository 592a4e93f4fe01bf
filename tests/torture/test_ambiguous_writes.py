"""A write whose answer is lost, late, false or partial ends as one that was answered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from sandbox.faults import Fault, Faults
from tests.torture.story import Damage, Stage, Step, recovered
from tests.torture.tally import EVERYTHING, tally

CASES = tally("Ambiguous writes", "write", "cases", "lost", "duplicate", "lost properties", "runs")
TIMEOUT_S = "0.7"
HANG_S = 1.5


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of write: in which step of the story it happens, and its requests. `nth`: which of them, 0 the first."""

    step: str
    path: str
    nth: int = 0
    batch: bool = True


KINDS = {
    "contact update": Kind("first sync", "contacts/batch/update$"),
    "contact create": Kind("first sync", "contacts/batch/create$"),
    "task create": Kind("first sync", "tasks/batch/create$"),
    "task archive": Kind("fourth day", "tasks/batch/archive$"),
    "task complete": Kind("fourth day", "tasks/batch/update$"),
    "task update": Kind("fourth day", "tasks/batch/update$", 1),
    "property create": Kind("provision", r"/properties/[^/]+/contacts$", 2, batch=False),
}
FAULTS = {
    "reply lost after": Fault("drop_after"),
    "reply lost before": Fault("drop_before"),
    "502 after": Fault("status_after", status=502),
    "502 before": Fault("status", status=502),
    "hang after": Fault("hang_after", hang_s=HANG_S),
    "hang before": Fault("hang", hang_s=HANG_S),
    "garbage after": Fault("garbage_after"),
    "garbage before": Fault("garbage"),
    "nothing written": Fault("hollow"),
    "a row left out": Fault("omit"),
    "a row unsure": Fault("partial"),
    "a row throttled": Fault("partial", category="RATE_LIMITS"),
}
# A row HubSpot refused for the moment is put off: time has to go by.
PUT_OFF = {"a row throttled": timedelta(minutes=10)}
SAMPLE = ("reply lost after", "nothing written")


def cases() -> list[tuple[str, str]]:
    """Every write kind with every fault it can suffer; in a sample one of the two that differ most, in turn."""
    return [
        (kind, fault)
        for place, (kind, where) in enumerate(KINDS.items())
        for fault, made in FAULTS.items()
        if (where.batch or made.kind not in ("omit", "partial")) and (EVERYTHING or fault == SAMPLE[place % 2])
    ]


def planned(where: Kind, fault: str) -> Faults:
    """One faulty request of that kind."""
    faults = Faults()
    faults.add(replace(FAULTS[fault], path_regex=where.path, method="POST", skip=where.nth))
    return faults


def suffer(stage: Stage, step: Step, where: Kind, fault: str) -> Damage:
    """Run the step with one faulty write, and again until a run exits 0."""
    faults = planned(where, fault)
    stage.place(step)
    code = stage.run(step, faults, WARMLINE_HUBSPOT__TIMEOUT_READ_S=TIMEOUT_S)
    damage = recovered(stage, step, every=PUT_OFF.get(fault, timedelta(0)))
    if faults.as_json():
        damage.said.append("the write did not happen")
    if code not in (0, 3):
        damage.said.append(f"the run with the fault ended with {code}")
    return damage


@pytest.mark.parametrize(("kind", "fault"), cases())
def test_an_ambiguous_write_ends_as_an_answered_one(
    stage: Stage, story: dict[str, Step], kind: str, fault: str
) -> None:
    where = KINDS[kind]

    damage = suffer(stage, story[where.step], where, fault)

    CASES.add(kind, 1, damage.lost_tasks, damage.duplicate_tasks, damage.lost_properties, damage.runs)
    assert damage.said == []


@pytest.mark.parametrize("fault", ["nothing written", "garbage before"])
def test_a_write_nobody_confirmed_is_no_success(stage: Stage, story: dict[str, Step], fault: str) -> None:
    step, where = story["provision"], KINDS["property create"]
    stage.place(step)

    code = stage.run(step, planned(where, fault))

    assert code == 3
