"""What Greenhouse's records name by id: users, sources and reasons of rejection. Each list is read once a process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from connectors.greenhouse.api import Api, key_of, optional_rows
from connectors.protocols import Rejected
from connectors.rows import Row, id_of

ADDRESSES = ("primary_email", "emails")


class Directory:
    """Lists a company has few rows of."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._users: tuple[list[Row], list[Rejected]] | None = None

    def fetch_users(self) -> tuple[list[Row], list[Rejected]]:
        """All users but service accounts, and notes on unreadable rows."""
        pages = list(self._api.walk("/users"))
        rows = [_with_address(row) for page in pages for row in page.rows]
        self._users = rows, [one for page in pages for one in page.rejected]
        return self._users

    def address_of(self, user_id: str) -> str | None:
        """A user's address; None for nobody, and where users may not be read."""
        return self._addresses.get(user_id)

    def source_of(self, row: Row) -> str | None:
        """The name of an application's source."""
        return self._sources.get(key_of(row, "source_id"))

    def reason_of(self, reason_id: str) -> tuple[str | None, str | None]:
        """Name and type of a reason of rejection."""
        return self._reasons.get(reason_id, (None, None))

    @cached_property
    def _addresses(self) -> Mapping[str, str | None]:
        rows = self._users[0] if self._users else map(_with_address, optional_rows(self._api.rows("/users")))
        return {str(row["id"]): row.get("primary_email") for row in rows}

    @cached_property
    def _sources(self) -> Mapping[str, str | None]:
        return {str(row["id"]): _text(row.get("name")) for row in optional_rows(self._api.rows("/sources"))}

    @cached_property
    def _reasons(self) -> Mapping[str, tuple[str | None, str | None]]:
        """The organisation's own and Greenhouse's."""
        rows = self._api.rows("/rejection_reasons", [("include_defaults", "true")])
        return {id_of(row["id"]) or "": (_text(row.get("name")), _type_of(row)) for row in rows}


def _with_address(row: Row) -> Row:
    """A user with the first address there is as `primary_email`."""
    given = row.get("emails")
    told: Sequence[object] = [row.get("primary_email"), *(given if isinstance(given, list) else ())]
    return {**row, "primary_email": next((one for one in told if isinstance(one, str) and one), None)}


def _type_of(reason: Row) -> str | None:
    told = reason.get("type")
    return _text(told.get("key")) if isinstance(told, Mapping) else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
