"""What a vendor brings to the contract suite: a company that can be changed, also while it is being read."""

from __future__ import annotations

import contextlib
import socket
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import datetime
from typing import Any

import pytest

from connectors.capabilities import Capabilities
from connectors.protocols import Page, Source, Window
from sync.core.model import Application

NOUNS = ("users", "jobs", "candidates", "applications")
SECRET = "Zwanenmeer-marker"  # planted where nothing may be read: notes, photos, bodies of errors


class Harness(ABC):
    """One company of at least 200 candidates, known to nobody else. `now`: its clock, and where windows end."""

    capabilities: Capabilities
    mappers: Mapping[str, Callable[[Any], Any]]

    @property
    @abstractmethod
    def now(self) -> datetime:
        """The company's clock, aware UTC."""

    @abstractmethod
    def advance(self, minutes: float) -> None:
        """Time passes."""

    @abstractmethod
    def connect(self) -> Source:
        """A connector as a new process makes it; waits on fake time."""

    @abstractmethod
    def ids(self, noun: str) -> set[str]:
        """What there is now, by the connector's ids."""

    @abstractmethod
    def edit(self, candidate_id: str) -> None:
        """A candidate changes now."""

    @abstractmethod
    def add(self) -> str:
        """A new candidate applies now; the id."""

    @abstractmethod
    def delete(self, candidate_id: str) -> None:
        """A candidate is gone, applications too."""

    @abstractmethod
    def reject(self, application_id: str, reason: str) -> None:
        """An application is rejected now."""

    @abstractmethod
    def plant(self, marker: str) -> None:
        """Puts the marker into every field of every record that may not be read."""

    def between_pages(self, change: Callable[[], object]) -> None:
        """Makes the change after the next page given out that has no change yet."""
        raise NotImplementedError

    def fail(self, kind: str, *, times: int = 1, skip: int = 0, **how: Any) -> None:
        """The next requests fail: a kind and options of sandbox.faults.Fault."""
        raise NotImplementedError

    def rotate_token(self) -> None:
        """The token in use is refused from now on; the secret file has the new one."""
        raise NotImplementedError

    def revoke_token(self) -> None:
        """The token is refused and there is no other."""
        raise NotImplementedError

    def repeat_pages(self) -> None:
        """Every page is the first one."""
        raise NotImplementedError

    def count_requests(self) -> int:
        """Requests that reached the company."""
        raise NotImplementedError


def heard(listener: socket.socket) -> bytes:
    """What was said to a listener; connections of others on this machine may be among it."""
    said = b""
    with contextlib.suppress(BlockingIOError):
        while True:
            connection, _ = listener.accept()
            with connection, contextlib.suppress(OSError):
                connection.settimeout(0.2)
                said += connection.recv(65_536)
    return said


def ids_of(pages: list[Page]) -> list[str]:
    return [str(record["id"]) for page in pages for record in page.records]


def everything(ats: Harness, noun: str) -> list[Page]:
    """Every page of a stream, by a new process."""
    return list(ats.connect().fetch_pages(noun, Window(None, ats.now), None))


def whole(ats: Harness) -> dict[str, list[Page]]:
    return {noun: everything(ats, noun) for noun in NOUNS}


def changes(ats: Harness, noun: str, since: datetime) -> list[Page]:
    """Every page of a window up to now, by a new process."""
    return list(ats.connect().fetch_pages(noun, Window(since, ats.now), None))


def applications(ats: Harness) -> list[Application]:
    pages = everything(ats, "applications")
    return [ats.mappers["applications"](record) for page in pages for record in page.records]


def candidates_of(ats: Harness, noun: str, pages: list[Page]) -> set[str]:
    """The candidates the rows of candidates or applications are of, as the mapping reads them."""
    rows = [ats.mappers[noun](record) for page in pages for record in page.records]
    return {str(row.remote_id if noun == "candidates" else row.candidate_id) for row in rows}


def three_neighbours(ats: Harness, place: int) -> list[str]:
    """Three candidates next to each other in the order they are read."""
    order = ids_of(everything(ats, "candidates"))
    start = place if place >= 0 else len(order) - 3
    return order[start : start + 3]


class Abilities:
    """Fixtures that skip what a vendor cannot do."""

    @pytest.fixture
    def ats(self) -> Harness:
        raise NotImplementedError

    @pytest.fixture
    def networked(self, ats: Harness) -> Harness:
        if not ats.capabilities.networked:
            pytest.skip("reads no network")
        return ats

    @pytest.fixture
    def shifting(self, networked: Harness) -> Harness:
        """A company whose rows change while they are read."""
        return networked

    @pytest.fixture
    def incremental(self, ats: Harness) -> Harness:
        if "candidates" not in ats.capabilities.incremental:
            pytest.skip("cannot be asked for a time window")
        return ats

    @pytest.fixture
    def elsewhere(self) -> Iterator[socket.socket]:
        """Another host: a socket that hears whoever connects."""
        with closing(socket.create_server(("127.0.0.1", 0))) as listener:
            listener.setblocking(False)
            yield listener
