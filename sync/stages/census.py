"""The completeness check of a run: the mirror's contacts against HubSpot's own count, and some records read again by
id. What went missing between two full reads is found here (docs/decisions/0032).

A quiet run pays one request for the count and one a source for the sample.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from connectors.protocols import Crm, Page, Source, StreamSpec
from sync.core.census import Memory, difference, may_chase
from sync.core.guards import check_source
from sync.core.model import HUBSPOT
from sync.errors import NotServed, RejectedAction
from sync.stages.pull import Intake, StreamOutcome, pull_stream
from sync.stages.reread import FollowsIds, Reread, reread
from sync.stages.run import Run
from sync.store import cursors, runs, snapshots
from sync.store.runs import StreamCounts
from sync.store.times import optional_moment, optional_text, to_text

LOG = logging.getLogger("warmline")

SAMPLED = ("contacts", "candidates")
SAMPLE = 50  # one request
ARCHIVED_PAGES = 20  # hundreds of the recycle bin; with more in it everything is read instead
MEMORY = "census"
BEGINNING = datetime(2006, 1, 1, tzinfo=UTC)  # HubSpot was founded in that year: nothing was modified before


@dataclass(frozen=True, slots=True)
class Check:
    """One stream to look at again. `outcome`: of its pull in this run; empty when this run did not pull it."""

    source: Source
    spec: StreamSpec
    intake: Intake
    share: float
    outcome: StreamOutcome

    @property
    def noun(self) -> str:
        """The noun of the stream."""
        return self.spec.noun

    def read_to(self, run: Run) -> datetime | None:
        """Up to when the stream was read; None: never, or a window is being read or doubted."""
        position = cursors.load(run.db, self.outcome.stream)
        return position.since if position is not None and position.until is None else None

    def settled_before(self, read_to: datetime) -> datetime:
        """What happened before then, the vendor's late index has shown."""
        return read_to - timedelta(minutes=self.spec.lag_minutes)


def check(run: Run, crm: Crm, one: Check) -> StreamOutcome:
    """Look at a stream again; its outcome with what was found added. `gaps`: what did not come by itself.

    Raises RetriableError, AuthError, MissingScope.
    """
    if not isinstance(one.intake, FollowsIds) or one.outcome.error or one.read_to(run) is None:
        return one.outcome
    if one.source.name == HUBSPOT:
        one = replace(one, outcome=_take_census(run, crm, one))
    return _reread_sample(run, one)


# the count ---------------------------------------------------------------------------------------------------------


def _take_census(run: Run, crm: Crm, one: Check) -> StreamOutcome:
    memory = _load(run)
    gap = _gap(run, crm, one, memory.known)
    if gap is None or (gap < 0 and _is_news(run, crm, one, -gap)):
        return one.outcome
    if gap > 0:
        one = replace(one, outcome=_mark_archived(run, crm, one))
        gap = _gap(run, crm, one, memory.known) if one.outcome.counts.deleted else gap
    if not gap:
        return one.outcome
    if not one.outcome.whole:
        if not may_chase(memory, run.now):
            return one.outcome
        one = replace(one, outcome=_read_everything(run, one))
        if not one.outcome.whole:
            return one.outcome
    return _remember(run, crm, one, memory)


def _gap(run: Run, crm: Crm, one: Check, known: int) -> int | None:
    """What there is to explain (core.census.difference); None: nothing, or HubSpot does not count."""
    counted = _count(crm, BEGINNING)
    if counted is None:
        return None
    held = snapshots.held_contacts(run.db, one.outcome.stream, _settled(run, one))
    gap = difference(held, counted, known)
    if known and not difference(held, counted):
        _save(run, Memory())
    return gap or None


def _count(crm: Crm, since: datetime) -> int | None:
    try:
        return crm.count_contacts(since)
    except (NotServed, RejectedAction) as error:
        LOG.warning("contacts cannot be counted", extra={"action": "census_off", "reason": str(error)})
        return None


def _settled(run: Run, one: Check) -> datetime:
    return one.settled_before(one.read_to(run) or run.now)


def _is_news(run: Run, crm: Crm, one: Check, surplus: int) -> bool:
    """Whether so many contacts changed lately, unseen so far, that the next window may bring the surplus."""
    since = _settled(run, one)
    recent = _count(crm, since)
    return recent is not None and recent - snapshots.changed_contacts(run.db, since) >= surplus


def _mark_archived(run: Run, crm: Crm, one: Check) -> StreamOutcome:
    """Contacts of the mirror that lie in HubSpot's recycle bin. Each is asked for by its id before it is marked: a
    merged one may lie there too."""
    try:
        listed = crm.fetch_archived(ARCHIVED_PAGES)
    except (NotServed, RejectedAction):
        return one.outcome  # then everything is read
    archived = snapshots.stamps(run.db, one.noun, HUBSPOT, listed)
    _guard(run, one, len(archived))
    known = reread(one.source, one.noun, sorted(archived))
    return _settle(run, one, known) if known is not None else one.outcome


def _read_everything(run: Run, one: Check) -> StreamOutcome:
    with run.db.write(run.lease):
        cursors.ask_whole(run.db, one.outcome.stream)
    LOG.info("contacts are counted differently", extra={"action": "census_whole_read", "stream": one.outcome.stream})
    again = pull_stream(run, one.source, one.spec, one.intake, share=one.share)
    gaps = [*one.outcome.gaps, *again.gaps, *([f"{again.stream}: {again.error}"] if again.error else [])]
    counts = one.outcome.counts + again.counts
    return replace(one.outcome, counts=counts, cause=again.cause, gaps=gaps, whole=again.whole)


def _remember(run: Run, crm: Crm, one: Check, memory: Memory) -> StreamOutcome:
    """After a whole read: what differs still is known from now on, and named once when HubSpot has more."""
    rest = _gap(run, crm, one, known=0) or 0
    if rest < 0 and _is_news(run, crm, one, -rest):
        rest = 0
    _save(run, Memory(rest, run.now))
    if rest >= 0 or rest == memory.known:
        return one.outcome
    gap = f"{one.outcome.stream}: HubSpot counts {-rest:,} contacts more than a whole read showed"
    return replace(one.outcome, gaps=[*one.outcome.gaps, gap])


def _load(run: Run) -> Memory:
    text = runs.setting(run.db, MEMORY)
    known, chased_at = json.loads(text) if text else (0, None)
    return Memory(known, optional_moment(chased_at))


def _save(run: Run, memory: Memory) -> None:
    with run.db.write(run.lease):
        runs.set_setting(run.db, MEMORY, json.dumps([memory.known, optional_text(memory.chased_at)]))


# the sample --------------------------------------------------------------------------------------------------------


def _reread_sample(run: Run, one: Check) -> StreamOutcome:
    """Read the next records of the mirror by id. One that changed before the index's lag and still is news here is a
    change no window showed: everything is read in the next run."""
    ids = _next_ids(run, one)
    known = reread(one.source, one.noun, ids)
    if known is None:
        return one.outcome
    before = snapshots.stamps(run.db, one.noun, one.source.name, ids)
    checked = replace(one, outcome=_settle(run, one, known))
    after = snapshots.stamps(run.db, one.noun, one.source.name, ids)
    missed = [record_id for record_id, stamp in before.items() if _was_missed(stamp, after.get(record_id), run, one)]
    with run.db.write(run.lease):
        runs.set_setting(run.db, _place(one), ids[-1])
        if missed:
            cursors.ask_whole(run.db, one.outcome.stream)
    if not missed:
        return checked.outcome
    told = f"{len(missed)} of {len(ids)} records read again by id had changes that no pull showed"
    gap = f"{one.outcome.stream}: {told}; the next run reads everything"
    counts = checked.outcome.counts + StreamCounts(fetched=len(missed), stored=len(missed))
    return replace(checked.outcome, counts=counts, gaps=[*checked.outcome.gaps, gap])


def _was_missed(before: str | None, after: str | None, run: Run, one: Check) -> bool:
    return before is not None and after is not None and before < after < to_text(_settled(run, one))


def _next_ids(run: Run, one: Check) -> list[str]:
    """The live ids behind those of the last run's sample, from the start again at the end."""
    after, source = runs.setting(run.db, _place(one)) or "", one.source.name
    ids = snapshots.following_ids(run.db, one.noun, source, after, SAMPLE)
    if after and len(ids) < SAMPLE:
        ids += snapshots.following_ids(run.db, one.noun, source, "", SAMPLE - len(ids))
    return list(dict.fromkeys(ids))


def _place(one: Check) -> str:
    return f"sample {one.outcome.stream}"


def _settle(run: Run, one: Check, known: Reread) -> StreamOutcome:
    """Take in what a source says of single records; ids that are gone count as deleted."""
    assert isinstance(one.intake, FollowsIds)
    _guard(run, one, len(known.gone))
    with run.db.write(run.lease):
        one.intake.follow(run.db, known.moved, run)
        one.intake.store(run.db, Page(known.found, None), run)
        deleted = one.intake.mark_gone(run.db, known.gone, run)
    return replace(one.outcome, counts=one.outcome.counts + StreamCounts(deleted=deleted))


def _guard(run: Run, one: Check, gone: int) -> None:
    """Raises SourceEmptied when a large share of the mirror is gone at once, as a snapshot would."""
    live, _ = snapshots.count_missing(run.db, one.noun, one.source.name)
    check_source(one.outcome.stream, live, live - gone, one.share)


def checks(crm: Crm, contacts: Intake, share: float, pulled: Sequence[Check]) -> list[Check]:
    """What a run looks at again: HubSpot's contacts whether it pulled them or not, and the candidates it pulled."""
    own = [one for one in pulled if one.noun in SAMPLED]
    if any(one.source.name == HUBSPOT for one in own):
        return own
    spec = next(spec for spec in crm.streams if spec.noun == "contacts")
    return [Check(crm, spec, contacts, share, StreamOutcome(f"{HUBSPOT}.contacts", StreamCounts())), *own]
