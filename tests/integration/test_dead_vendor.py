"""A vendor that does not answer stops itself only: the other's work goes on, and it is not asked again and again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from sync.bootstrap import open_session
from sync.clock import Clock
from sync.core.breaker import Moment
from sync.core.cursor import Position
from sync.errors import FatalError, ServerFault, SourceChanged
from sync.reports.health import health_report
from sync.store import cursors
from tests.integration.conftest import Stage, candidate

NOBODY = "http://127.0.0.1:1"  # no server listens there
DEAD = {"kind": "status", "path_regex": ".*", "times": 10_000, "status": 503}


class Watch:
    """The real clock, in the test's hand."""

    def __init__(self) -> None:
        self.seconds = 1_790_000_000.0

    def later(self, minutes: float) -> None:
        """Real minutes go by."""
        self.seconds += 60 * minutes


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    watch = Watch()
    monkeypatch.setattr(Clock, "real_time", lambda _: watch.seconds)
    return watch


@pytest.fixture
def hubspot_dies(stage: Stage) -> Callable[[], None]:
    """From now on HubSpot answers 503."""
    return lambda: stage.portal.plan_fault(**DEAD)


def run_reasons(stage: Stage, *, full: bool = False) -> list[str]:
    """One run; why it was not complete."""
    stage.sync(full=full)
    assert stage.outcome is not None
    return stage.outcome.reasons


def scheduled(stage: Stage) -> list[str]:
    """One run of the worker; why it was not complete."""
    with open_session(stage.app(), "run hot") as session:
        outcome = session.execute(session.limits(writes=True))
        session.finish(outcome, {})
        return outcome.reasons


def with_dead_ats(stage: Stage) -> None:
    """A second ATS, at an address nobody answers."""
    stage.set(
        SOURCES__OTHER__KIND="recruitee",
        SOURCES__OTHER__COMPANY="acme",
        SOURCES__OTHER__TOKEN="t",
        SOURCES__OTHER__BASE_URL=NOBODY,
    )


def read_before(stage: Stage, source: str) -> None:
    """The source's streams were read to their end an hour ago."""
    with open_session(stage.app(), "sync") as session, session.run.db.write():
        for feed in session.feeds:
            if feed.source.name == source:
                version = feed.intake.version
                cursors.save(session.run.db, feed.stream, Position(stage.now - timedelta(hours=1), None, None, version))
                cursors.note_read(session.run.db, feed.stream, version)


def asked(stage: Stage) -> int:
    """Requests HubSpot got since the last time this was asked."""
    total = stage.portal.stats.total
    stage.portal.stats.__init__()  # type: ignore[misc]
    return total


def health(stage: Stage, watch: Watch) -> dict[str, object]:
    """What `status` says about health."""
    app = stage.app()
    db = app.read_mirror()
    try:
        return health_report(db, app.settings.cadence, timedelta(days=9), Moment(stage.now, watch.seconds))
    finally:
        db.close()


def test_while_hubspot_is_down_the_ats_is_pulled_and_nothing_is_planned_or_written(
    stage: Stage, watch: Watch, hubspot_dies: Callable[[], None]
) -> None:
    stage.sync()
    before = stage.tables("outbox", "score", "person_link")
    stage.writes()
    hubspot_dies()
    stage.later(minutes=10)
    stage.drop("candidates", candidate("c9", "Nel", "Vos"))

    reasons = run_reasons(stage)

    assert [row[1] for row in stage.tables("candidate")["candidate"]] == ["c9"]
    assert stage.writes() == 0
    assert stage.tables("outbox", "score", "person_link") == before
    [reason] = reasons
    assert reason.startswith("hubspot has not answered since 2026-11-23 09:10: ") and "503" in reason


def test_when_hubspot_is_back_all_that_waited_is_done(
    stage: Stage, watch: Watch, hubspot_dies: Callable[[], None]
) -> None:
    stage.sync()
    hubspot_dies()
    stage.fan_signs(jan := stage.person(1, "Jan", "de Vries"))
    stage.later(minutes=30)
    stage.sync()
    stage.portal.faults.clear()
    stage.later(minutes=10)

    reasons = run_reasons(stage)

    assert (reasons, len(stage.tasks(jan))) == ([], 1)
    assert stage.tables("breaker") == {"breaker": []}


def test_a_first_run_without_hubspot_says_so_and_knows_nothing(
    stage: Stage, watch: Watch, hubspot_dies: Callable[[], None]
) -> None:
    hubspot_dies()

    with pytest.raises(ServerFault) as stopped:
        stage.sync()

    assert stopped.value.exit_code == 3
    assert stage.writes() == 0


@pytest.mark.parametrize("full", [False, True])
def test_a_dead_ats_does_not_stop_the_work_on_the_others(stage: Stage, watch: Watch, full: bool) -> None:
    with_dead_ats(stage)
    stage.sync()
    read_before(stage, "other")
    stage.fan_signs(jan := stage.person(1, "Jan", "de Vries"))
    stage.later(minutes=30)

    reasons = run_reasons(stage, full=full)

    assert len(stage.tasks(jan)) == 1
    assert reasons[-1].startswith("other has not answered since 2026-11-23 09:00: ")


def test_an_ats_that_never_answered_keeps_everything_from_being_planned(stage: Stage, watch: Watch) -> None:
    with_dead_ats(stage)
    stage.fan_signs(jan := stage.person(1, "Jan", "de Vries"))

    reasons = run_reasons(stage)

    assert stage.tasks(jan) == []
    assert "nothing is planned before every stream was read to its end once" in reasons


def test_the_other_streams_of_a_source_that_does_not_answer_are_named_and_not_tried(stage: Stage, watch: Watch) -> None:
    with_dead_ats(stage)

    report = stage.sync()

    assert stage.outcome is not None
    errors = {one.stream: one.error for one in stage.outcome.streams if one.error and not one.off}
    tried = [name for name, error in errors.items() if "not tried" not in error]
    assert list(errors) == [name for name in report["streams"] if name.startswith("other.")]
    assert (len(errors), len(tried)) == (4, 2)
    assert report["requests"]["other"] == {"reads": 7, "writes": 0, "retried": 5, "throttled": 0}


def test_after_three_runs_without_an_answer_a_source_is_left_alone_for_growing_pauses_and_then_tried_once(
    stage: Stage, watch: Watch, hubspot_dies: Callable[[], None]
) -> None:
    stage.sync()
    hubspot_dies()
    tried = []
    asked(stage)
    for _ in range(40):  # a run every two minutes
        stage.later(minutes=2)
        watch.later(minutes=2)
        scheduled(stage)
        tried.append(asked(stage) > 0)

    runs = [number for number, was_tried in enumerate(tried, start=1) if was_tried]
    assert runs == [1, 2, 3, 4, 6, 10, 18, 33]


def test_a_run_while_a_source_is_left_alone_says_until_when_and_health_shows_it(
    stage: Stage, watch: Watch, hubspot_dies: Callable[[], None]
) -> None:
    stage.sync()
    hubspot_dies()
    for _ in range(3):
        scheduled(stage)

    [reason] = scheduled(stage)
    found = health(stage, watch)

    assert "hubspot has not answered since 2026-11-23 09:00 and is left alone until 2026-09-21 " in reason
    assert found["healthy"] is False
    assert [one for one in found["reasons"] if reason in one]  # type: ignore[attr-defined]


def test_an_answer_closes_the_breaker_and_the_count_begins_anew(
    stage: Stage, watch: Watch, hubspot_dies: Callable[[], None]
) -> None:
    stage.sync()
    hubspot_dies()
    for _ in range(3):
        scheduled(stage)
    watch.later(minutes=2)
    stage.portal.faults.clear()

    assert scheduled(stage) == []
    hubspot_dies()
    scheduled(stage)
    assert [row[2] for row in stage.tables("breaker")["breaker"]] == [1]


def test_a_corrected_address_is_tried_at_once(stage: Stage, watch: Watch) -> None:
    stage.sync()
    right = stage.env["HUBSPOT__BASE_URL"]
    stage.set(HUBSPOT__BASE_URL=NOBODY)
    for _ in range(4):
        scheduled(stage)

    stage.set(HUBSPOT__BASE_URL=right)

    assert scheduled(stage) == []


def test_a_sync_by_itself_tries_a_source_that_is_left_alone(
    stage: Stage, watch: Watch, hubspot_dies: Callable[[], None]
) -> None:
    stage.sync()
    hubspot_dies()
    for _ in range(5):
        scheduled(stage)
    stage.portal.faults.clear()

    assert run_reasons(stage) == []


def test_an_account_that_moves_is_left_alone_as_long_as_hubspot_asks(stage: Stage, watch: Watch) -> None:
    stage.sync()
    stage.portal.plan_fault("status", status=477, headers={"Retry-After": "7200"}, times=1)
    [moving] = run_reasons(stage)
    asked(stage)

    watch.later(minutes=119)
    stage.sync()
    during = asked(stage)
    watch.later(minutes=2)

    assert "477" in moving and "left alone until" in moving
    assert during == 0
    assert run_reasons(stage) == []


def test_a_full_read_while_a_source_is_left_alone_does_not_forget_where_it_was(
    stage: Stage, watch: Watch, hubspot_dies: Callable[[], None]
) -> None:
    stage.sync()
    before = [row for row in stage.tables("cursor")["cursor"] if row[0].startswith("hubspot.")]
    hubspot_dies()

    stage.sync(full=True)

    assert before
    assert [row for row in stage.tables("cursor")["cursor"] if row[0].startswith("hubspot.")] == before


def test_a_clock_that_moved_back_stops_before_anything_is_written_and_a_full_read_is_the_way_out(stage: Stage) -> None:
    stage.later(days=30)  # the machine's clock is a month ahead
    stage.sync()
    stage.later(days=-30)
    stage.fan_signs(jan := stage.person(1, "Jan", "de Vries"))
    stage.writes()

    with pytest.raises(FatalError) as stopped:
        stage.sync()
    told, written = stopped.value, stage.writes()
    stage.sync(full=True)

    assert "it is 2026-11-23T08:00:00+00:00" in told.message and "2026-12-23" in told.message
    assert ("warmline sync --full" in told.fix, written) == (True, 0)
    assert len(stage.tasks(jan)) == 1


def test_a_source_of_another_company_stops_before_anything_is_read(stage: Stage, watch: Watch) -> None:
    with_dead_ats(stage)
    stage.sync()
    stage.set(SOURCES__OTHER__COMPANY="other")
    asked(stage)

    with pytest.raises(SourceChanged) as stopped:
        stage.sync()

    assert "sources.other.company is other, and the mirror was filled from acme" in stopped.value.message
    assert asked(stage) == 0
    stage.set(GUARDS__SOURCE_CHANGED="other")
    stage.sync()
    stage.set(GUARDS__SOURCE_CHANGED="")
    stage.sync()
