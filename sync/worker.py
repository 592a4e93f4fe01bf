"""One run, start to end: pull, reconcile, score, decide, plan, apply. The stages meet in the mirror only."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime

from connectors.protocols import Crm, Source, StreamSpec
from sync.core.guards import check_creates
from sync.core.model import HUBSPOT, OutboxState
from sync.errors import RetriableError
from sync.stages import attendance, call_ranks, census, forgotten, switches
from sync.stages import plan as plan_stage
from sync.stages.apply import Applied, Sender, apply
from sync.stages.attendance import Sheets, check_attendance, put_attendance
from sync.stages.circuit import Circuit
from sync.stages.decide import Decided, decide
from sync.stages.erased_at_source import follow_privacy_deletions
from sync.stages.first_reactions import note_ended, plan_groups
from sync.stages.forgotten import clear_forgotten, honour, let_come_back
from sync.stages.hand_edits import look_again
from sync.stages.lists import pull_lists
from sync.stages.own_tasks import close_deleted_tasks, looked_once
from sync.stages.plan import plan
from sync.stages.pull import Intake, StreamOutcome, pull_stream
from sync.stages.reconcile import Reconciled, reconcile
from sync.stages.retention import Ended
from sync.stages.run import Run
from sync.stages.score import Scored, score_people
from sync.store import cursors, outbox, runs, work

LOG = logging.getLogger("warmline")


@dataclass(frozen=True, slots=True)
class Feed:
    """One stream to pull: where it comes from and how its records enter the mirror."""

    source: Source
    spec: StreamSpec
    intake: Intake

    @property
    def stream(self) -> str:
        """`<source>.<noun>`."""
        return f"{self.source.name}.{self.spec.noun}"


@dataclass(frozen=True, slots=True)
class Limits:
    """The brakes of a run (docs/architecture.md, guards). `writes` False: the run ends with the plan.

    `confirm_create`: contacts this run may create; None: none, they wait. `lists` False: who is on the
    audience's HubSpot lists stays as last read. `sheets`: what is done with sign-in sheets.
    """

    writes: bool
    plan_share: float
    plan_rows: int
    new_tasks: int
    source_share: float
    confirm_create: int | None = None
    lists: bool = True
    sheets: Sheets = field(default=Sheets())


@dataclass(slots=True)
class Outcome:
    """What a run did: `sync --json`."""

    run_id: str
    started_at: datetime
    streams: list[StreamOutcome] = field(default_factory=list)
    reconciled: Reconciled = field(default_factory=Reconciled)
    scored: Scored = field(default_factory=Scored)
    decided: Decided = field(default_factory=Decided)
    planned: Counter[str] = field(default_factory=Counter)
    applied: Applied = field(default_factory=Applied)
    reasons: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    waiting_creates: int = 0
    ended: Ended = field(default_factory=Ended)

    @property
    def complete(self) -> bool:
        """Green means complete: every stream read to its end, nothing newly dead, nothing cut short."""
        return not self.reasons


def run_once(run: Run, feeds: Sequence[Feed], sender: Sender, limits: Limits, circuit: Circuit) -> Outcome:
    """Do one run. Raises FatalError (wrong token, guard, lost lease): what was stored stays stored, the next run goes
    on. A source that does not answer is left; without HubSpot the run ends with the pull."""
    outcome = Outcome(run.run_id, run.now, reasons=list(circuit.resting.values()))
    without_hubspot = bool(circuit.closed(HUBSPOT))
    pull_all(run, feeds, limits, circuit, outcome)
    for name, error in let_come_back(run, feeds, sender.contacts, circuit):
        _note_behind(outcome, name, str(error))
    if without_hubspot:
        return outcome
    pull_asides(run, sender.crm, limits, circuit, outcome)
    check_completeness(run, feeds, sender, limits, circuit, outcome)
    clear_hubspot(run, sender, limits, circuit, outcome)
    if not all_read_once(run, feeds, outcome):
        outcome.reasons.append("nothing is planned before every stream was read to its end once")
        return outcome
    for _ in range(2):
        think(run, outcome)
        outcome.waiting_creates = outbox.summary(run.db).creates
        if not limits.writes or circuit.closed(HUBSPOT):
            break
        plan_stage.check_guards(run, share=limits.plan_share, rows=limits.plan_rows, most_tasks=limits.new_tasks)
        check_creates(outcome.waiting_creates, limits.confirm_create)
        check_attendance(run, limits.sheets, share=limits.plan_share, rows=limits.plan_rows)
        write(run, sender, circuit, outcome, creates=limits.confirm_create or 0)
        if not any(work.count_due(run.db, stage, run.now) for stage in ("reconcile", "score", "decide")):
            break
    put_sheets(run, sender, limits, circuit, outcome)
    if outcome.applied.ended:
        clear_hubspot(run, sender, limits, circuit, outcome)
    if limits.writes:
        note_unfinished(run, outcome)
    return outcome


def put_sheets(run: Run, sender: Sender, limits: Limits, circuit: Circuit, outcome: Outcome) -> None:
    """Put the attendance of sign-in sheets into HubSpot, where that was asked for."""
    may_write = limits.writes and not circuit.closed(HUBSPOT)
    tell(outcome, circuit, put_attendance(run, sender.crm, limits.sheets, may_write=may_write))


def clear_hubspot(run: Run, sender: Sender, limits: Limits, circuit: Circuit, outcome: Outcome) -> None:
    """Take warmline's traces of people who were forgotten out of HubSpot."""
    told = clear_forgotten(run, sender.crm, may_write=limits.writes and not circuit.closed(HUBSPOT))
    tell(outcome, circuit, told)
    outcome.applied.ended.update(told.ended)
    outcome.planned.update(kind for kind, _ in told.ended.values())


def tell(outcome: Outcome, circuit: Circuit, told: forgotten.Told | attendance.Told) -> None:
    """Take over what a step has to say."""
    if told.cause is not None:
        circuit.note(HUBSPOT, told.cause)
    outcome.notes += told.notes
    outcome.reasons += told.reasons


def pull_all(run: Run, feeds: Sequence[Feed], limits: Limits, circuit: Circuit, outcome: Outcome) -> None:
    """Pull every stream; one that fails does not stop the others, a source that does not answer stops its own."""
    with _told(run, "pull") as counts:
        for feed in feeds:
            result = _pull(run, feed, limits.source_share, circuit, outcome)
            outcome.streams.append(result)
            counts[result.stream] = result.counts.fetched
            told = f"off: {result.error}" if result.off else result.error
            with run.db.write(run.lease):
                runs.save_stream(run.db, run.run_id, result.stream, result.counts, told)
                if not result.error:
                    cursors.note_read(run.db, feed.stream, feed.intake.version)


def _pull(run: Run, feed: Feed, share: float, circuit: Circuit, outcome: Outcome) -> StreamOutcome:
    closed = circuit.closed(feed.source.name)
    if closed:
        return StreamOutcome(feed.stream, runs.StreamCounts(), closed)
    unasked = switches.not_asked(run, feed.stream, feed.spec, feed.intake)
    if unasked is not None:
        return unasked
    result = pull_stream(run, feed.source, feed.spec, feed.intake, share=share)
    circuit.note(feed.source.name, result.cause)
    result = switches.settle(run, feed.spec, feed.intake, result)
    if result.error and not result.off:
        _note_behind(outcome, result.stream, result.error)
    return result


def pull_asides(run: Run, crm: Crm, limits: Limits, circuit: Circuit, outcome: Outcome) -> None:
    """What is read of HubSpot beside its streams."""
    asides = {"own tasks": close_deleted_tasks, "hand edits": look_again, "erased contacts": follow_privacy_deletions}
    asides |= {"lists": pull_lists} if limits.lists else {}
    for name, aside in asides.items():
        if circuit.closed(HUBSPOT):
            return
        try:
            aside(run, crm)
        except RetriableError as error:
            circuit.note(HUBSPOT, error)
            _note_behind(outcome, name, str(error))


def check_completeness(
    run: Run, feeds: Sequence[Feed], sender: Sender, limits: Limits, circuit: Circuit, outcome: Outcome
) -> None:
    """Look for what the pull did not show, and say what is missing (docs/decisions/0032)."""
    ended = {one.stream: one for one in outcome.streams}
    share = limits.source_share
    pulled = [census.Check(one.source, one.spec, one.intake, share, ended[one.stream]) for one in feeds]
    for check in census.checks(sender.crm, sender.contacts.intake, share, pulled) if limits.lists else ():
        if circuit.closed(check.source.name):
            continue
        try:
            found = census.check(run, sender.crm, check)
        except RetriableError as error:
            circuit.note(check.source.name, error)
            _note_behind(outcome, check.outcome.stream, str(error))
            continue
        if found != check.outcome:
            ended[found.stream] = found
            with run.db.write(run.lease):
                runs.save_stream(run.db, run.run_id, found.stream, found.counts, found.error)
    outcome.streams = list(ended.values())
    for one in outcome.streams:
        outcome.reasons += one.gaps


def _note_behind(outcome: Outcome, stream: str, reason: str) -> None:
    outcome.reasons.append(f"{stream}: {reason}")
    LOG.warning("%s is behind", stream, extra={"action": "stream_behind", "stream": stream, "reason": reason})


def all_read_once(run: Run, feeds: Sequence[Feed], outcome: Outcome) -> bool:
    """Whether every stream was read to its end at least once, deleted tasks too: on half a mirror everything looks
    new. One that is being read anew and asks for the same as before was."""
    failed = {one.stream for one in outcome.streams if one.error and not one.off}
    behind = [feed for feed in feeds if feed.stream in failed]
    are_read = all(cursors.was_read(run.db, feed.stream, feed.intake.version) for feed in behind)
    return are_read and looked_once(run)


def think(run: Run, outcome: Outcome) -> None:
    """The stages between pull and apply; they read and write the mirror only."""
    _replan_stale(run)
    with _told(run, "reconcile") as counts:
        reconciled = reconcile(run)
        outcome.reconciled += reconciled
        counts.update(asdict(reconciled))
    with _told(run, "score") as counts:
        scored = score_people(run)
        outcome.scored += scored
        counts.update(computed=scored.computed, changed=scored.changed, by_other_rules=scored.rules_change.people)
    note_ended(run)
    with _told(run, "decide") as counts:
        decided = decide(run)
        outcome.decided.wanted += decided.wanted
        outcome.decided.refused += decided.refused
        counts.update(wanted=decided.wanted.total(), refused=decided.refused.total())
    call_ranks.make_list(run)
    with _told(run, "plan") as counts:
        planned = plan(run) + plan_groups(run)
        outcome.planned += planned
        counts.update(planned)


@contextmanager
def _told(run: Run, stage: str) -> Iterator[dict[str, int]]:
    """One log line a stage: its counts and how long it took. Whoever was asked to be forgotten goes before it."""
    honour(run)
    began, counts = run.monotonic(), dict[str, int]()
    yield counts
    took = round(run.monotonic() - began, 3)
    LOG.info("%s done", stage, extra={"action": "stage_done", "stage": stage, "counts": counts, "duration_s": took})


def _replan_stale(run: Run) -> None:
    """A task planned on an earlier day was meant for that day: its person is decided anew."""
    stale = outbox.stale_pending(run.db, run.today)
    if stale:
        with run.db.write(run.lease):
            work.enqueue_people(run.db, "decide", stale, run.now)


def write(run: Run, sender: Sender, circuit: Circuit, outcome: Outcome, *, creates: int) -> None:
    """Send what the outbox holds and note what became of it."""
    with _told(run, "apply") as counts:
        done = apply(run, sender, creates=creates)
        counts.update(Counter(state.value.lower() for _, state in done.ended.values()))
    outcome.applied.ended.update(done.ended)
    if done.error:
        circuit.note(HUBSPOT, done.cause)
        outcome.reasons.append(f"writing stopped: {done.error}")
    dead = sum(done.count(OutboxState.DEAD).values())
    if dead:
        outcome.reasons.append(f"{dead} writes were refused for good: warmline failures")


def note_unfinished(run: Run, outcome: Outcome) -> None:
    """A run that leaves a write open is not complete, also one that an earlier run sent."""
    states = Counter[OutboxState]()
    for of_kind in outbox.counts(run.db).values():
        states.update(of_kind)
    unknown = states[OutboxState.UNKNOWN] + states[OutboxState.SENT]
    put_off = states[OutboxState.DEFERRED] + sum(outcome.applied.count(OutboxState.PENDING).values())
    if unknown:
        outcome.reasons.append(f"{unknown} writes have no certain answer yet; a later run looks them up")
    if put_off:
        outcome.reasons.append(f"{put_off} writes were put off; a later run sends them")
