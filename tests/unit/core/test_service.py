"""The service to applicants, against a world small enough to count by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.core.comparing import own_figures
from sync.core.disclosure import Hidden
from sync.core.promise import DECISION, FIRST_REACTION, INTERVIEW, Promise
from sync.core.service import Answer, Backlog, Figures, Group, Heard, Overdue, Rejected, Seen, Served, backlog, month
from sync.core.service_count import service
from sync.core.spans import Times
from tests.unit.core.make import OFFICE, ZONE

NOW = datetime(2026, 11, 24, 9, tzinfo=ZONE)  # a Tuesday
MONDAY = datetime(2026, 11, 2, 9, tzinfo=ZONE)
SEEN = Seen(told=frozenset({"files"}), reasons=frozenset({"files"}))


def promise(kind: str = FIRST_REACTION, *, at: datetime = MONDAY, kept: float | None = None, **more: object) -> Promise:
    """Due in 14 days, by the norm in 2; kept after so many hours of the wall clock."""
    made = Promise("files", "a", kind, at, at + timedelta(days=2), at + timedelta(days=14))
    return replace(made, kept_at=at + timedelta(hours=kept) if kept is not None else None, **more)  # type: ignore[arg-type]


def served(person: str, *promises: Promise, job: str = "j1", **more: object) -> Served:
    at = promises[0].began_at if promises else MONDAY
    made = Served("files", f"a-{person}", person, at, job, promises=promises)
    return replace(made, **more)  # type: ignore[arg-type]


def by_job(one: Served) -> str:
    return one.job_id or ""


# Six on Monday 2 November at 9:00. A working day has 8.5 hours.
WORLD = (
    served("anna", promise(kept=1)),  # 1 hour
    served("bram", promise(kept=2), promise(INTERVIEW, kept=24)),  # 2 hours; a working day
    served("cor", promise(kept=49, moved_at=MONDAY + timedelta(days=3))),  # 18 hours, past the norm
    served("dora", promise(kept=15 * 24)),  # too late: 11 working days
    served("evi", promise()),  # never
    served("fay", promise(kept=3), status="hired", decided_at=MONDAY + timedelta(days=8)),  # 6 working days
)
REJECTED = [
    served(
        f"r{day}",
        promise(kept=4),
        promise(DECISION, at=MONDAY + timedelta(days=day), kept=5),
        status="rejected",
        decided_at=MONDAY + timedelta(days=day),
        has_reason=day != 1,
        job="j2",
    )
    for day in (1, 2, 3, 4, 7, 8)
]


def heard(in_time: int = 0, late: int = 0, never: int = 0, unseen: int = 0, **more: object) -> Heard:
    counts = {Answer.IN_TIME: in_time, Answer.LATE: late, Answer.NEVER: never, Answer.UNSEEN: unseen}
    made = Heard(answers={one: counts.get(one, 0) for one in Answer})
    return replace(made, **more)  # type: ignore[arg-type]


def test_a_world_counted_by_hand() -> None:
    found = service(WORLD, by_job, SEEN, OFFICE, NOW)

    expected = Figures(
        people=6,
        applications=6,
        reaction=heard(4, 1, 1, within_norm=3, hours=Times(5, 3.0, 93.5)),
        interview=heard(1, within_norm=1, hours=Times(1)),
        answer=heard(),
        decision=Times(1),
        promises={"kept": 5, "broken": 2, "open": 0, "ended": 0},
        moved=1,
    )
    assert found.total == expected
    assert found.groups == (Group("j1", expected),)


def test_rejections_tell_their_reason_and_when_they_were_told() -> None:
    found = service(REJECTED, by_job, SEEN, OFFICE, NOW).total

    assert found is not None
    assert found.rejected == Rejected(all=6, with_reason=5, told=5, days=Times(5, 4, 6), hours=Times(5, 5.0, 5.0))
    assert found.decision == Times(6, 3, 6)
    assert found.answer == heard(6, within_norm=6, hours=Times(6, 5.0, 5.0))


def test_what_a_source_does_not_show_is_counted_as_not_visible_and_never_as_zero() -> None:
    blind = [replace(one, source="recruitee", promises=one.promises[:1], has_reason=False) for one in REJECTED]

    found = service(blind, by_job, SEEN, OFFICE, NOW).total

    assert found is not None
    assert found.rejected == Rejected(all=6, not_visible=6)
    assert (found.answer, found.answer.is_visible) == (heard(unseen=6), False)


@pytest.mark.parametrize(
    ("one", "answer"),
    [
        (promise(kept=14 * 24), Answer.IN_TIME),  # on the date itself
        (promise(kept=14 * 24 + 1), Answer.LATE),
        (promise(kept=15 * 24, moved_at=MONDAY + timedelta(days=16)), Answer.IN_TIME),  # the date was moved
        (promise(kept=25, moved_at=MONDAY + timedelta(days=1)), Answer.LATE),  # to an earlier one
        (promise(), Answer.NEVER),
        (promise(at=NOW - timedelta(days=1)), Answer.WAITING),
        (promise(ended="withdrawn"), Answer.WITHDRAWN),
        (promise(ended="rejected"), Answer.UNSEEN),
    ],
)
def test_each_promise_is_counted_once_by_what_became_of_it(one: Promise, answer: Answer) -> None:
    found = service([served(str(number), one) for number in range(5)], by_job, SEEN, OFFICE, NOW).total

    assert found is not None
    assert found.reaction.answers == {each: 5 if each is answer else 0 for each in Answer}


def test_what_was_overdue_before_the_first_run_is_in_no_figure() -> None:
    overdue = [served(str(number), promise(backlog=True)) for number in range(5)]

    found = service(overdue, by_job, SEEN, OFFICE, NOW).total

    assert found is not None
    assert found.reaction == heard(not_counted=5)
    assert found.promises == {"kept": 0, "broken": 0, "open": 0, "ended": 0}


def test_the_backlog_is_told_of_five_people_or_more() -> None:
    five = [Overdue(number, waits=number < 2, answered=number >= 2) for number in range(5)]

    assert backlog(five) == Backlog(people=5, waiting=2, answered=3)
    assert backlog([*five[:4], five[0]]) is None
    assert backlog([]) == Backlog(0, 0, 0)


def test_groups_of_few_people_have_no_figures_and_neither_has_a_small_total() -> None:
    found = service([*WORLD, *REJECTED[:4]], by_job, SEEN, OFFICE, NOW)
    few = service(REJECTED[:4], by_job, SEEN, OFFICE, NOW)

    assert [(one.key, one.figures, one.hidden) for one in found.groups] == [
        ("j1", None, Hidden.REST),
        ("j2", None, Hidden.UNDER),
    ]
    assert found.total is not None
    assert (few.total, few.groups) == (None, (Group("j2", None, Hidden.UNDER),))


def test_nobody_gives_no_figures() -> None:
    found = service([], by_job, SEEN, OFFICE, NOW)

    assert (found.total, found.groups) == (None, ())


def test_a_month_is_the_teams_own() -> None:
    late = datetime.fromisoformat("2026-10-31T23:30:00+00:00")

    assert month(served("anna", promise(at=late)), ZONE) == "2026-11"


def test_our_figures_beside_public_ones() -> None:
    found = own_figures([*WORLD, served("gea", promise(at=NOW - timedelta(days=1)))], NOW)

    # Heard or past the date: six, one never. Applied a week ago or heard: six, four within it.
    assert found == {
        "never": 16.7,
        "within_week": 66.7,
        "not_within_five_weeks": 0.0,
        "not_within_two_months": 0.0,
        "decision_weeks": None,
    }


APPLICANTS = st.lists(
    st.builds(
        lambda person, job, kept, ended, days, overdue: served(
            f"p{person}",
            promise(at=NOW - timedelta(days=days), kept=kept, ended="" if kept is not None else ended, backlog=overdue),
            job=job,
        ),
        st.integers(0, 14),
        st.sampled_from(["j1", "j2", "j3", "j4"]),
        st.none() | st.integers(1, 900),
        st.sampled_from(["", "withdrawn", "rejected"]),
        st.integers(1, 60),
        st.booleans(),
    ),
    max_size=40,
)


@settings(max_examples=60)
@given(APPLICANTS)
def test_counts_add_up_and_no_group_of_few_can_be_worked_out(applicants: list[Served]) -> None:
    found = service(applicants, by_job, SEEN, OFFICE, NOW + timedelta(days=60))

    shown = [one for one in found.groups if one.figures is not None]
    for figures in [found.total, *(one.figures for one in shown)]:
        if figures is not None:
            reaction = figures.reaction
            assert sum(reaction.answers.values()) + reaction.not_counted == figures.applications
            assert figures.people >= 5
    keys = {one.key for one in shown}
    rest = {one.person for one in applicants if one.job_id not in keys}
    if shown:
        assert not rest or (len(found.groups) - len(shown) > 1 and len(rest) >= 5)
    if found.total is not None and len(shown) == len(found.groups):
        assert found.total.applications == sum(one.figures.applications for one in shown if one.figures)


@settings(max_examples=40)
@given(APPLICANTS, st.randoms())
def test_the_order_of_rows_is_irrelevant(applicants: list[Served], random: object) -> None:
    mixed = list(applicants)
    random.shuffle(mixed)  # type: ignore[attr-defined]

    later = NOW + timedelta(days=60)
    assert service(mixed, by_job, SEEN, OFFICE, later) == service(applicants, by_job, SEEN, OFFICE, later)
