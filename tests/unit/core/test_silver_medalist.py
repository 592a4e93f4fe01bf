"""Play silver_medalist: who came far, was told a no, and still shows interest."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sync.core.facts import LinkedApplication, OwnTask, PersonFacts
from sync.core.keys import task_key
from sync.core.model import Job, JobStage
from sync.core.plays import Case, Wish
from sync.core.plays.silver_medalist import PLAY, told, wish
from sync.core.promise import StageMove
from sync.core.wording_say import Say
from tests.unit.core.make import NOW, OWNERS, POLICY, TODAY, ZONE, applied, granted, moment, person, touched

STAGES = (
    JobStage("s1", "8", "Nieuw", "applied", 0),
    JobStage("s2", "8", "Gesprek", "interview", 1),
    JobStage("s3", "8", "Aanbod", "offer", 2),
    JobStage("s9", "8", "Klaar", "other", 3),
)
NURSE = Job("8", "Verpleegkundige", status="closed", stages=STAGES)
VISITS = touched("site_visit", "2026-11-10", "2026-11-20")
REASONS = ("came_far:recruitee:77", "told:2026-10-05", "since:2026-11-10,2026-11-20")
DUE = moment("2026-11-26 10:00")  # eighteen working hours, of eight and a half a day


def rejected(stage_id: str | None = "s2", **more: Any) -> LinkedApplication:
    known = {"status": "rejected", "stage_id": stage_id, "told_at": moment("2026-10-05 10:00")}
    return applied(NURSE, at="2026-09-01 10:00", **(known | more))


def case(one: LinkedApplication | None = None, **more: Any) -> Case:
    known: dict[str, Any] = {"touches": VISITS, "applications": (one or rejected(),)}
    return Case(person(**(known | more)), POLICY, NOW)


def test_the_wish_names_the_application_the_day_they_were_told_and_what_they_did_since() -> None:
    assert wish(case()) == Wish(PLAY, "recruitee:77:2026-11-10", REASONS, DUE)


LEFT = StageMove("recruitee", "77", "s3", "s9", moment("2026-10-01 10:00"))


@pytest.mark.parametrize(
    ("one", "wants"),
    [
        (case(rejected("s3")), True),
        (case(rejected("s1")), False),
        (case(rejected(None)), False),
        (case(rejected("s9", stage_entries=(("s2", moment("2026-09-20 10:00")),))), True),
        (case(rejected("s9"), moves=(LEFT,)), True),
        (case(rejected("s9"), moves=(replace(LEFT, application_id="78"),)), False),
        (case(rejected(told_at=None)), False),
        (case(rejected(status="withdrawn")), False),
        (case(rejected(status="hired")), False),
        (case(touches=()), False),
        (case(touches=touched("site_visit", "2026-10-04", "2026-10-05")), False),  # before, and the day of the news
        (case(touches=touched("site_visit", "2026-10-20")), False),  # more than thirty days ago
        (case(touches=touched("mail_open", "2026-11-20")), False),  # a kind without weight
        (case(touches=touched("mail_click", "2026-11-20", suspect=True)), False),
        (case(touches=touched("meeting_held", "2026-12-01")), False),  # still to come
    ],
)
def test_who_is_one(one: Case, wants: bool) -> None:
    assert (wish(one) is not None) is wants


def test_the_occasion_stays_while_the_interest_lasts_and_is_new_about_a_later_rejection() -> None:
    last = granted(play=PLAY, occasion="recruitee:77:2026-11-02")
    other = replace(last, occasion="recruitee:12:2026-11-02")

    found = [wish(case(previous=(one,))) for one in (last, other)]

    assert [one.occasion for one in found if one] == ["recruitee:77:2026-11-02", "recruitee:77:2026-11-10"]


def test_a_task_that_stands_is_wanted_while_interest_fades_and_not_once_the_rejection_is_undone() -> None:
    facts: PersonFacts = person()
    marker = task_key(facts, POLICY.portal_id, PLAY, "recruitee:77:2026-11-10")[:12]
    open_task = OwnTask("800", marker, PLAY, "71", True, moment("2026-11-23 17:00"))
    last = granted(play=PLAY, occasion="recruitee:77:2026-11-10")

    quiet = wish(case(touches=(), tasks=(open_task,), previous=(last,)))
    undone = wish(case(rejected(status="active"), tasks=(open_task,), previous=(last,)))

    assert (quiet.occasion if quiet else None, undone) == ("recruitee:77:2026-11-10", None)


def test_the_text_says_what_they_did_since_and_never_names_a_confidential_vacancy() -> None:
    say, decision = Say("nl", TODAY, ZONE, OWNERS), granted(play=PLAY, why=REASONS)
    secret = rejected()
    secret = replace(secret, job=replace(NURSE, confidential=True))

    assert told(case().facts, decision, say) == {
        "came_far_for": "Verpleegkundige",
        "told_on": "5 okt",
        "since_then": ("gezien op de website op 10 en 20 nov",),
    }
    assert told(case(secret).facts, decision, say)["came_far_for"] == ""
