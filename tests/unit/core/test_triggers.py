"""The trigger for a reminder mail: once for a person and vacancy, and gone when it has no reason any more."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from sync.core.activity import Activity
from sync.core.model import Job
from sync.core.person_score import UNSCORED
from sync.core.plays import Case
from sync.core.policy import Policy
from sync.core.properties import Subject
from sync.core.properties.trigger import wanted
from sync.core.trigger import Trigger
from sync.core.triggers import Triggered, triggered
from tests.unit.core.make import CONTACT, NOW, POLICY, SANNE, applied, moment, person
from tests.unit.core.test_abandoned_application import COOK, NURSE, RIPE, case, started

ASKED = replace(POLICY, write=replace(POLICY.write, properties=frozenset({"warmline_trigger", "warmline_trigger_at"})))
UNTIL = moment("2026-11-30 14:00")
STANDS = Trigger("501", "abandoned_application", "8", RIPE, UNTIL)


def told(now: datetime = NOW, policy: Policy = ASKED, **more: object) -> Triggered:
    """Of Sanne, who saw the page to apply on Monday at two."""
    known = case(**more)  # type: ignore[arg-type]
    return triggered(replace(known, policy=policy, now=now))


def test_it_begins_at_the_moment_the_time_to_finish_ended_however_late_that_is_seen() -> None:
    assert told() == Triggered((STANDS,), UNTIL)
    assert told(now=moment("2026-11-26 09:00")) == Triggered((STANDS,), UNTIL)


@pytest.mark.parametrize(
    "found",
    [
        told(now=moment("2026-11-23 16:59")),
        told(policy=POLICY),  # the portal has no such property
        told(policy=replace(ASKED, plays=replace(ASKED.plays, enabled=False))),
        told(contact=None),
        told(contact=replace(CONTACT, opted_out=True)),
        told(contact=replace(CONTACT, no_profiling=True)),
        told(contact=replace(CONTACT, channel_preference="phone")),
        told(contact=replace(CONTACT, lifecycle_stage="customer")),
        told(candidates=(replace(person().candidates[0], candidate=replace(SANNE, can_email=False)),)),
        told(applications=(applied(COOK, status="hired"),)),
        told(applications=(applied(COOK),)),  # waits for a first reaction to another vacancy
        told(activities=(Activity("1", "call", moment("2026-11-02 10:00"), ("501",), "out", "do_not_contact"),)),
    ],
)
def test_it_does_not_begin(found: Triggered) -> None:
    assert found.triggers == ()


def test_who_may_not_be_called_or_has_no_ground_for_calls_may_be_mailed() -> None:
    nobody_called = replace(ASKED, contact=replace(ASKED.contact, grounds=frozenset()))

    found = told(policy=nobody_called, contact=replace(CONTACT, do_not_call=True))

    assert found.triggers == (STANDS,)


def test_somebody_who_had_enough_mails_is_looked_at_again_when_there_is_room() -> None:
    mails = tuple(
        Activity(str(day), "email", moment(f"2026-11-{day} 10:00"), ("501",), "out", owner_id="71") for day in (20, 23)
    )

    assert told(activities=mails) == Triggered((), moment("2026-11-27 10:00"))


@pytest.mark.parametrize(
    ("why", "found"),
    [
        ("applied", told(triggers=(STANDS,), applications=(applied(NURSE, at="2026-11-24 08:00"),))),
        ("vacancy_closed", told(triggers=(STANDS,), viewed=(replace(NURSE, status="closed"),))),
        ("vacancy_closed", told(triggers=(STANDS,), viewed=())),
        ("refused:opted_out", told(triggers=(STANDS,), contact=replace(CONTACT, opted_out=True))),
        ("refused:no_profiling", told(triggers=(STANDS,), contact=replace(CONTACT, no_profiling=True))),
        ("refused:hired", told(triggers=(STANDS,), applications=(applied(COOK, status="hired"),))),
        ("play_off", told(triggers=(STANDS,), policy=replace(ASKED, plays=replace(ASKED.plays, enabled=False)))),
    ],
)
def test_it_ends_with_its_reason(why: str, found: Triggered) -> None:
    assert found == Triggered((replace(STANDS, ended_at=NOW, ended_by=why),))


def test_it_ends_by_itself_and_mails_in_the_meantime_do_not_end_it() -> None:
    mail = Activity("1", "email", moment("2026-11-23 18:00"), ("501",), "out")
    every_day = tuple(replace(mail, remote_id=str(n), at=moment(f"2026-11-2{n} 10:00")) for n in range(4))

    assert told(triggers=(STANDS,), activities=(*every_day, mail)) == Triggered((STANDS,), UNTIL)
    assert told(now=UNTIL, triggers=(STANDS,)).triggers == (replace(STANDS, ended_at=UNTIL, ended_by="over"),)


def test_about_the_same_vacancy_it_never_begins_again_and_about_another_one_after_the_first() -> None:
    over = replace(STANDS, ended_at=moment("2026-11-24 08:00"), ended_by="over")
    both = (started(), started("2026-11-23 14:30", "9"))
    other = Trigger("501", "abandoned_application", "9", moment("2026-11-23 17:30"), moment("2026-11-30 14:30"))

    assert told(triggers=(over,)).triggers == (over,)
    assert told(triggers=(over,), touches=both).triggers == (over, other)
    assert told(triggers=(STANDS,), touches=both).triggers == (STANDS,)


def test_nothing_is_asked_of_somebody_who_never_began() -> None:
    facts = person(viewed=(Job("8", status="open"),))

    assert triggered(Case(facts, ASKED, NOW)) == Triggered()


SHOWN = {"warmline_trigger": "abandoned_application", "warmline_trigger_at": "2026-11-23T16:00:00.000Z"}


@pytest.mark.parametrize(
    ("triggers", "before", "change"),
    [
        ((STANDS,), {}, SHOWN),
        ((STANDS,), SHOWN, {}),
        ((replace(STANDS, ended_at=NOW),), SHOWN, {"warmline_trigger": ""}),
        ((replace(STANDS, ended_at=NOW),), SHOWN | {"warmline_trigger": ""}, {}),
        ((replace(STANDS, contact_id="502"),), {}, {}),  # it is told on another contact of theirs
        ((), {}, {}),
    ],
)
def test_what_a_workflow_sees(triggers: tuple[Trigger, ...], before: dict[str, str], change: dict[str, str]) -> None:
    facts = person(triggers=triggers, written=tuple(before.items()))

    assert wanted(Subject(facts, ASKED, NOW, UNSCORED)) == change


def test_for_somebody_who_objects_to_profiling_the_moment_goes_too() -> None:
    facts = person(contact=replace(CONTACT, no_profiling=True), written=tuple(SHOWN.items()))

    assert wanted(Subject(facts, ASKED, NOW, UNSCORED)) == dict.fromkeys(SHOWN, "")
