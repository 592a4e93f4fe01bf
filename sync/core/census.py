"""The census: whether HubSpot's own count of contacts is the number the mirror holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

COUNT_STOPS_AT = 10_000  # a total of exactly that may be where a server stops counting
REST = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Held:
    """What the mirror holds. `live`: contacts that are not gone, unreadable ones too. `fresh`: of those, ones so young
    that the index may not count them yet. `left`: gone ones the index may still count."""

    live: int
    fresh: int = 0
    left: int = 0


@dataclass(frozen=True, slots=True)
class Memory:
    """What is known of the count. `known`: by how much it differs although everything was read. `chased_at`: when a
    difference last had everything read."""

    known: int = 0
    chased_at: datetime | None = None


def difference(held: Held, counted: int, known: int = 0) -> int:
    """Contacts the mirror has and HubSpot does not count (negative: the other way round); 0: nothing to explain.

    The index is late, so what it should count is a range. `known`: a difference that is not news.
    """
    if counted == COUNT_STOPS_AT and held.live > counted:
        return 0
    least, most = held.live - held.fresh, held.live + held.left
    if least <= counted <= most or least <= counted + known <= most:
        return 0
    return least - counted if counted < least else most - counted


def may_chase(memory: Memory, now: datetime) -> bool:
    """Whether a new difference has everything read at once. Where the count is off anyhow, not more than every six
    hours: the nightly full read comes too."""
    return not memory.known or memory.chased_at is None or now - memory.chased_at >= REST
