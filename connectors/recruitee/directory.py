"""What candidates and placements only name by id: admins, offers, disqualify reasons.

Read once a process; the users and jobs streams renew it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from connectors.protocols import Rejected
from connectors.recruitee.api import Api, Refused
from connectors.rows import Row, id_of, split_readable
from sync.errors import MissingScope

ADMINS = "/admins"
OFFERS = "/offers"
REASONS = "/disqualify_reasons"


class Directory:
    """Lookups by id. A lookup the token may not read answers nothing: the record is then known with less."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._emails: dict[str, str] | None = None
        self._kinds: dict[str, str] | None = None
        self._reasons: dict[str, str] | None = None

    def fetch_admins(self) -> tuple[list[Row], list[Rejected]]:
        """All users, and notes on unreadable rows. Raises MissingScope when Recruitee does not show them."""
        try:
            body = self._api.get(ADMINS)
        except Refused as refused:
            if refused.status != 404:
                raise
            raise _no_users() from None
        given = body.get("admins")
        if not isinstance(given, list):
            raise _no_users()
        rows, rejected = split_readable(given)
        self._emails = _by_id(rows, "email")
        return rows, rejected

    def fetch_offers(self) -> tuple[list[Row], list[Rejected]]:
        """All jobs and talent pools, archived ones too, by ascending id."""
        found: dict[str, Row] = {}
        rejected: list[Rejected] = []
        for query in ({}, {"scope": "archived"}):
            given, _ = self._api.collection(OFFERS, ["offers"], **query)
            rows, bad = split_readable(given)
            found.update((id_of(row["id"]) or "", row) for row in rows)
            rejected += bad
        ordered = [found[one] for one in sorted(found, key=sort_key)]
        self._kinds = _by_id(ordered, "kind")
        return ordered, rejected

    def email_of(self, admin_id: object) -> str | None:
        """The address of a user; None when unknown."""
        if self._emails is None:
            self._emails = {}
            _or_nothing(self.fetch_admins)
        return self._emails.get(id_of(admin_id) or "")

    def kind_of(self, offer_id: str) -> str | None:
        """`job` or `talent_pool`; None when unknown."""
        if self._kinds is None:
            self._kinds = {}
            _or_nothing(self.fetch_offers)
        return self._kinds.get(offer_id)

    def learn_offers(self, references: Any) -> None:
        """Take over the kinds a page of candidates names, among them offers made since the jobs were read."""
        self.kind_of("")
        named = [one for one in references if isinstance(one, Mapping)] if isinstance(references, list) else []
        rows, _ = split_readable([one for one in named if one.get("type") == "Offer"])
        self._kinds = {**(self._kinds or {}), **_by_id(rows, "kind")}

    def reason_of(self, reason_id: str) -> str | None:
        """The name of a disqualify reason; None when unknown."""
        if self._reasons is None:
            self._reasons = {}
            _or_nothing(self._load_reasons)
        return self._reasons.get(reason_id)

    def _load_reasons(self) -> None:
        given, _ = self._api.collection(REASONS, ["disqualify_reasons"])
        self._reasons = _by_id(split_readable(given)[0], "name")


def _no_users() -> MissingScope:
    fix = "Owners of candidates and vacancies stay unknown; routing falls back as configured."
    return MissingScope(f"Recruitee shows no users at {ADMINS}.", fix=fix)


def sort_key(one: str) -> tuple[int, str]:
    """Ids in the order of their numbers."""
    return (len(one), one)


def _by_id(rows: Sequence[Row], name: str) -> dict[str, str]:
    return {id_of(row["id"]) or "": row[name] for row in rows if isinstance(row.get(name), str)}


def _or_nothing(load: Callable[[], object]) -> None:
    try:
        load()
    except (MissingScope, Refused):
        return
