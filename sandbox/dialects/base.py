"""What every vendor's fake API has: a company, endpoints over it, and what a test or a demo can do there."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import parse_qsl

from sandbox.clock import SandboxClock
from sandbox.errors import ApiError
from sandbox.faults import Faults
from sandbox.stats import Stats

Body = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """One request. `query`: the last value of each name; `pairs`: all of them in order. Header names are lower case.

    `base_url`: how the client reached the company, for vendors whose answers hold absolute links.
    """

    path: Mapping[str, str]
    query: Mapping[str, str]
    pairs: Sequence[tuple[str, str]]
    headers: Mapping[str, str]
    body: bytes
    base_url: str
    url_path: str

    @property
    def form(self) -> dict[str, str]:
        """A form body by name."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    @property
    def json(self) -> Any:
        """A JSON body. ValueError."""
        return json.loads(self.body or b"{}")


@dataclass(frozen=True)
class Reply:
    """An answer with more to it than a 200 and a JSON body; text goes out as it is."""

    body: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Endpoint:
    """A call of the API. `handler(company, asked)`: the body, or a Reply; raises ApiError.

    `open`: needs no token. `paged`: a page of a list, after which planned changes happen (`Dialect.between_pages`).
    """

    method: str
    template: str
    handler: Callable[[Any, Asked], Any]
    open: bool = False
    paged: bool = False


class Dialect(ABC):
    """One vendor's company. Subclasses are called `Company` and say how the vendor talks.

    `actions`: methods the control plane may call, with - for _, with the body's keys as parameters. `knobs`: attributes
    it may set. `page_size`: rows a page at most, of what is listed by pages. `between_pages`: changes to make, one
    after each page given out. `faults`, `stats`: the vendor's own, apart from HubSpot's.
    """

    actions: ClassVar[Sequence[str]] = ()
    knobs: ClassVar[Sequence[str]] = ()
    page_size: ClassVar[int]

    def __init__(self, clock: SandboxClock) -> None:
        self.clock = clock
        self.faults, self.stats = Faults(), Stats()
        self.between_pages: list[Callable[[], object]] = []

    @abstractmethod
    def fill(self, world: Any) -> None:
        """Put the world's ATS side into the empty company."""

    @abstractmethod
    def settings(self) -> dict[str, str]:
        """What warmline.toml says to read it, `base_url` apart: token, company, client_id …"""

    def nudge(self, count: int) -> None:
        """So many candidates, and an application of each, change now; for the benchmark."""
        raise NotImplementedError

    @abstractmethod
    def admit(self, asked: Asked) -> None:
        """Check token and limits. Raises ApiError."""

    def do(self, action: str, **body: Any) -> Any:
        """Somebody acts in the company. KeyError for an action it does not have."""
        if action not in self.actions:
            raise KeyError(action)
        return getattr(self, action.replace("-", "_"))(**body)

    def refusal(self, error: ApiError) -> Any:
        """The body of an answer that is not 2xx."""
        return {"error": error.message}

    def refusal_headers(self, error: ApiError) -> dict[str, str]:
        """Headers of an answer that is not 2xx; those of `headers` come with it too."""
        del error
        return {}

    def headers(self) -> dict[str, str]:
        """Headers of every answer, such as what is left of a limit."""
        return {}

    def is_page(self, endpoint: Endpoint, asked: Asked) -> bool:
        """Whether this answer was a page of a walk."""
        del asked
        return endpoint.paged
