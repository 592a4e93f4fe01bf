"""Who was forgotten is known by keyed hashes of traits: the ids of records, mailboxes, telephone numbers with a name.

A trait never leaves this module unhashed. What is hashed and why: docs/decisions/0045.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sync.core.model import HUBSPOT, Attendance, Candidate, Contact, RecordRef
from sync.core.names import compare_first_names, email_key, given_name_key
from sync.core.phones import phone_key

PERSON = "person"
OWN_TASK = f"{HUBSPOT}.tasks"


@dataclass(frozen=True, slots=True)
class Shown:
    """What a record shows of who it is. `refs`: its own first, then those merged into it. `given`: key of the first
    name, '' when unknown. `by_mailbox`: its address alone says whose it is, as HubSpot's does."""

    refs: tuple[RecordRef, ...]
    addresses: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    given: str = ""
    by_mailbox: bool = False


def of_candidate(source: str, row: Candidate) -> Shown:
    """What a candidate shows."""
    given = given_name_key(row.first_name, row.last_name)
    return Shown((RecordRef(source, row.remote_id),), row.email_addresses, row.phone_numbers, given)


def of_contact(row: Contact) -> Shown:
    """What a contact shows."""
    return Shown(
        refs=tuple(RecordRef(HUBSPOT, one) for one in (row.remote_id, *row.merged_ids)),
        addresses=tuple(one for one in (row.email, *row.additional_emails) if one),
        numbers=tuple(one for one in (row.phone, row.mobile_phone) if one),
        given=given_name_key(row.first_name, row.last_name),
        by_mailbox=True,
    )


def of_attendance(source: str, row: Attendance) -> Shown:
    """What a line of a sign-in sheet shows. `source`: '<ats>.attendance'."""
    return Shown(
        refs=(RecordRef(source, row.remote_id),),
        addresses=(row.email,) if row.email else (),
        numbers=(row.phone,) if row.phone else (),
        given=given_name_key(row.first_name, row.last_name),
    )


def tombstone(key: bytes, trait: str) -> str:
    """The keyed hash of a trait: HMAC-SHA256 in hex."""
    return hmac.digest(key, trait.encode(), hashlib.sha256).hex()


def record_trait(ref: RecordRef) -> str:
    """A record by its id."""
    return f"record\n{ref.source}\n{ref.remote_id}"


def traits_asked(shown: Shown) -> frozenset[str]:
    """The traits by which a record that comes in may be recognised."""
    names = _asked_names(shown.given)
    found = {record_trait(ref) for ref in shown.refs}
    found |= {_with_name(line, name) for line in _lines(shown) for name in names}
    if shown.by_mailbox:
        found |= {_mailbox(box) for box in _boxes(shown.addresses)}
    return frozenset(found)


def traits_kept(known: Collection[Shown], others: Collection[Shown]) -> frozenset[str]:
    """The traits of a person that are to be recognised later. `known`: all of the person's records. `others`: live
    records of other people: a mailbox of theirs is recognised with the name only, and a name with it not at all."""
    taken = {trait for one in others for trait in _named(one, _asked_names(one.given))}
    shared = {_mailbox(box) for one in others for box in _boxes(one.addresses)}
    names = {name for one in known for name in _kept_names(one.given)}
    found = {record_trait(ref) for one in known for ref in one.refs}
    found |= {_mailbox(box) for one in known for box in _boxes(one.addresses)} - shared
    found |= {trait for one in known for trait in _named(one, names)} - taken
    return frozenset(found)


def same_person(one: Shown, known: Iterable[Shown]) -> bool:
    """Whether a record with a mailbox of the person's is the person's too: its first name is not another one."""
    boxes = set(_boxes(one.addresses))
    return any(
        boxes & set(_boxes(other.addresses)) and compare_first_names(one.given, other.given) != "differs"
        for other in known
    )


def mailbox_traits(address: str) -> frozenset[str]:
    """The traits of an address alone."""
    return frozenset(_mailbox(box) for box in _boxes((address,)))


def nameless_traits(address: str) -> frozenset[str]:
    """The traits of an address on a record without a name."""
    return frozenset(_with_name(f"mail of\n{box}", "") for box in _boxes((address,)))


def _mailbox(box: str) -> str:
    return f"mail\n{box}"


def _with_name(line: str, name: str) -> str:
    return f"{line}\n{name}"


def _named(shown: Shown, names: Collection[str]) -> frozenset[str]:
    return frozenset(_with_name(line, name) for line in _lines(shown) for name in names)


def lines(shown: Shown) -> frozenset[str]:
    """The telephone lines a record shows, as E.164."""
    return frozenset(key for one in shown.numbers if (key := phone_key(one)) is not None)


def _lines(shown: Shown) -> set[str]:
    """Mailboxes and telephone lines: a name has to go with them."""
    boxes = {f"mail of\n{box}" for box in _boxes(shown.addresses)}
    return boxes | {f"line of\n{one}" for one in lines(shown)}


def _boxes(addresses: Sequence[str]) -> list[str]:
    """Addresses both as their key and as they stand, so that another way of making keys still recognises them."""
    found = dict.fromkeys(one.strip().casefold() for one in addresses if one.strip())
    return list(dict.fromkeys([*found, *(key for one in found if (key := email_key(one)) is not None)]))


def _kept_names(given: str) -> frozenset[str]:
    """A first name as it may come again: whole, its first word, its initial, or left out."""
    if not given:
        return frozenset({""})
    first = given.split()[0]
    return frozenset({"", given, first, first[0]})


def _asked_names(given: str) -> frozenset[str]:
    return frozenset({given, given.split()[0]}) if given else frozenset({""})
