"""Owners, lists and account details: the parts of a portal that warmline only reads."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sandbox.clock import to_iso, to_moment
from sandbox.errors import bad_request, not_found


@dataclass
class Owner:
    """A HubSpot user who can own records. `id` goes into hubspot_owner_id and differs from `user_id`."""

    id: str
    user_id: int
    email: str
    first_name: str
    last_name: str
    archived: bool = False

    def as_json(self, at: str) -> dict[str, Any]:
        """As the owners API answers it; an archived owner has no userId."""
        return {
            "id": self.id,
            "email": self.email,
            "type": "PERSON",
            "firstName": self.first_name,
            "lastName": self.last_name,
            "userId": None if self.archived else self.user_id,
            "userIdIncludingInactive": self.user_id,
            "createdAt": at,
            "updatedAt": at,
            "archived": self.archived,
            "teams": [],
        }


@dataclass
class ContactList:
    """A list (segment). `members` maps record id to the ISO moment of joining."""

    id: str
    name: str
    processing: str = "MANUAL"
    members: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """As the lists API answers it."""
        return {
            "listId": self.id,
            "name": self.name,
            "objectTypeId": "0-1",
            "processingType": self.processing,
            "processingStatus": "COMPLETE",
            "additionalProperties": {"hs_list_size": str(len(self.members))},
        }


def owners_page(owners: list[Owner], query: dict[str, str], at: str) -> dict[str, Any]:
    """One page of owners in id order; `email` compares without case, `after` is the id to start from."""
    limit, after = page_window(query, 100, 500)
    wanted_archived, email = query.get("archived") == "true", query.get("email", "").lower()
    found = [
        owner
        for owner in sorted(owners, key=lambda owner: int(owner.id))
        if owner.archived == wanted_archived and (not email or owner.email.lower() == email) and int(owner.id) >= after
    ]
    answer: dict[str, Any] = {"results": [owner.as_json(at) for owner in found[:limit]]}
    if len(found) > limit:
        answer["paging"] = {"next": {"after": found[limit].id}}
    return answer


def owner_named(owners: list[Owner], key: str, query: dict[str, str], at: str) -> dict[str, Any]:
    """One owner by id, or by user id with idProperty=userId. ApiError 404."""
    by_user = query.get("idProperty") == "userId"
    for owner in owners:
        if (str(owner.user_id) if by_user else owner.id) == key and owner.archived == (query.get("archived") == "true"):
            return owner.as_json(at)
    raise not_found(f"Owner {key} does not exist")


def list_with(lists: dict[str, ContactList], list_id: str) -> ContactList:
    """ApiError 404 when there is none."""
    if list_id not in lists:
        raise not_found(f"List does not exist with ID {list_id}.", subCategory="ILS.LIST_NOT_FOUND")
    return lists[list_id]


def list_named(lists: dict[str, ContactList], name: str) -> ContactList:
    """By name, without case. ApiError 404."""
    for each in lists.values():
        if each.name.lower() == name.lower():
            return each
    raise not_found(f"List does not exist with name {name}.", subCategory="ILS.LIST_NOT_FOUND")


def members_page(list_: ContactList, query: dict[str, str], by_join: bool) -> dict[str, Any]:
    """Members by record id, or in order of joining; `after` is the record id the page starts with."""
    limit, _ = page_window({**query, "after": "0"}, 100, 250)
    ids = list(list_.members) if by_join else sorted(list_.members, key=int)
    if by_join:
        ids.sort(key=lambda record_id: to_moment(list_.members[record_id]))
    after = query.get("after")
    if after is not None and not after.isdigit():
        raise bad_request("after must be a record id")
    start = next((i for i, record_id in enumerate(ids) if _reached(record_id, after, by_join)), len(ids))
    page = ids[start : start + limit]
    answer: dict[str, Any] = {
        "total": len(ids),
        "results": [
            {"recordId": record_id, "membershipTimestamp": to_iso(to_moment(list_.members[record_id]))}
            for record_id in page
        ],
    }
    if start + limit < len(ids):
        answer["paging"] = {"next": {"after": ids[start + limit]}}
    return answer


def _reached(record_id: str, after: str | None, by_join: bool) -> bool:
    if after is None:
        return True
    return record_id == after if by_join else int(record_id) >= int(after)


def page_window(query: dict[str, str], default: int, most: int) -> tuple[int, int]:
    """`limit` and the numeric id to start from. ApiError 400 when either is not valid."""
    limit, after = query.get("limit", str(default)), query.get("after", "0")
    if not limit.isdigit() or not 1 <= int(limit) <= most:
        raise bad_request(f"limit must be between 1 and {most}, got {limit[:20]}")
    if not after.isdigit():
        raise bad_request(f"after is not valid: {after[:40]}")
    return int(limit), int(after)
