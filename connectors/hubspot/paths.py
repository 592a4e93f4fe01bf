"""Where the API version goes in a path: the only place that knows.

The SDK (12.0.0) knows v3 and v4 paths only; dated versions put the version behind the resource:
`/crm/v3/objects/contacts` is `/crm/objects/2026-09/contacts` (docs/vendor-facts.md, versions).
"""

from __future__ import annotations

import re

from connectors.ratelimit import ASSOCIATIONS, BURST, SEARCH

_VERSIONED = re.compile(r"^/crm/v[34]/(objects|properties|owners|lists|associations)(?=/|$)")
_DATED = re.compile(r"\d{4}-\d{2}(-beta)?")
_READ_POST = re.compile(r"/(search|batch/read)$")


class Paths:
    """The paths of one API version: `v3`, or a dated one such as `2026-09`. Raises ValueError for another."""

    def __init__(self, version: str) -> None:
        if version != "v3" and not _DATED.fullmatch(version):
            raise ValueError("the HubSpot API version is v3 or a dated one such as 2026-09")
        self._version = version

    def of_sdk(self, path: str) -> str:
        """The path to call for a path the SDK made.

        With v3, associations stay v4: there is no other batch read.
        """
        path = path.rstrip("/")
        return path if self._version == "v3" else _VERSIONED.sub(rf"/crm/\1/{self._version}", path)

    @property
    def account(self) -> str:
        """Details of the account (not in the SDK)."""
        return f"/account-info/{self._version}/details"

    @property
    def token(self) -> str:
        """Where an installed app asks for a token (the SDK only knows v1, which ends)."""
        return f"/oauth/{self._version}/token"

    @property
    def marketing_events(self) -> str:
        """Open days, fairs and webinars, and who took part."""
        return (
            f"/marketing/{self._version}/marketing-events"
            if self._version == "v3"
            else (f"/marketing/marketing-events/{self._version}")
        )

    @property
    def event_occurrences(self) -> str:
        """What contacts did, event by event (the SDK knows v3 only)."""
        return "/events/v3/events" if self._version == "v3" else f"/events/event-occurrences/{self._version}"


def is_read(method: str, path: str) -> bool:
    """Whether sending it twice changes nothing: GET, and the two kinds of POST that only look."""
    return method == "GET" or (method == "POST" and bool(_READ_POST.search(path)))


def bucket(path: str) -> str:
    """Which limit a path counts against (docs/vendor-facts.md, limits)."""
    if path.endswith("/search"):
        return SEARCH
    return ASSOCIATIONS if "/associations/" in path and "/batch/" in path else BURST
