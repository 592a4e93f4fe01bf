"""Single records as they are now: which still exist, which were merged away, which are gone."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from connectors.protocols import Record, RereadsById, Source
from sync.errors import NotServed, RejectedAction
from sync.stages.run import Run
from sync.store.db import Mirror


@dataclass(frozen=True, slots=True)
class Reread:
    """What a source says of the ids asked for. `moved`: id asked for → id of the record that answers for it now."""

    found: Sequence[Record]
    moved: Mapping[str, str]
    gone: Sequence[str]


@runtime_checkable
class FollowsIds(Protocol):
    """An intake whose records can be followed one by one. Both are called inside a transaction."""

    def mark_gone(self, db: Mirror, ids: Collection[str], run: Run) -> int:
        """Mark these as deleted and enqueue what follows from it; how many were live."""

    def follow(self, db: Mirror, moved: Mapping[str, str], run: Run) -> None:
        """Move what the mirror knows of ids that were merged away to the id that answers for them."""


def reread(source: Source, noun: str, ids: Sequence[str]) -> Reread | None:
    """The records behind ids; None where the source cannot be asked for them.

    Raises RetriableError, AuthError, MissingScope.
    """
    if not ids or not isinstance(source, RereadsById):
        return None
    try:
        answered = source.fetch_records(noun, ids)
    except (NotServed, RejectedAction):
        return None
    moved = {asked: str(record["id"]) for asked, record in answered.items() if str(record["id"]) != asked}
    found = {str(record["id"]): record for record in answered.values()}
    return Reread(list(found.values()), moved, [one for one in ids if one not in answered])
