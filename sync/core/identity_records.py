"""What tells people apart on one record, as registered and as compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from sync.core.model import HUBSPOT, Attendance, Candidate, Contact, RecordRef
from sync.core.names import email_key, given_name_forms, surname_cores, untagged
from sync.core.phones import phone_key


@dataclass(frozen=True, slots=True)
class Identity:
    """What tells people apart on one record, as registered. `stored_id`: '<source>:<id>' of the candidate it
    is or points to.
    """

    ref: RecordRef
    emails: tuple[str, ...] = ()
    first_name: str | None = None
    last_name: str | None = None
    infix: str | None = None
    stored_id: str | None = None
    phones: tuple[str, ...] = ()


class Profile(NamedTuple):
    """An identity made comparable: keys of mailboxes, lines and first name, cores of the surname. Empty: unknown.
    `kin`: the mailboxes that tagged addresses most likely lead to.
    """

    ref: RecordRef
    stored_id: str | None
    emails: frozenset[str]
    phones: frozenset[str]
    first: str
    cores: frozenset[str]
    kin: frozenset[str] = frozenset()


def of_candidate(source: str, candidate: Candidate) -> Identity:
    """A candidate's identity; `source` is its configured name."""
    return Identity(
        RecordRef(source, candidate.remote_id),
        candidate.email_addresses,
        candidate.first_name,
        candidate.last_name,
        candidate.name_infix,
        f"{source}:{candidate.remote_id}",
        candidate.phone_numbers,
    )


def of_contact(contact: Contact) -> Identity:
    """A contact's identity, secondary addresses and both numbers included."""
    return Identity(
        RecordRef(HUBSPOT, contact.remote_id),
        _known(contact.email, *contact.additional_emails),
        contact.first_name,
        contact.last_name,
        stored_id=(contact.stored_candidate_id or "").strip() or None,
        phones=_known(contact.mobile_phone, contact.phone),
    )


def of_attendance(source: str, attendance: Attendance) -> Identity:
    """The identity on a sign-in line; `source` as in its record ('<ats>.attendance')."""
    return Identity(
        RecordRef(source, attendance.remote_id),
        _known(attendance.email),
        attendance.first_name,
        attendance.last_name,
        attendance.name_infix,
        phones=_known(attendance.phone),
    )


def profile(identity: Identity) -> Profile:
    """The identity made comparable."""
    emails = email_keys(identity)
    return Profile(
        identity.ref,
        identity.stored_id,
        emails,
        phone_keys(identity),
        given_name_forms(identity.first_name, identity.last_name),
        surname_cores(identity.first_name, identity.infix, identity.last_name),
        frozenset([box for key in emails if "+" in key and (box := untagged(key))]),
    )


def email_keys(identity: Identity) -> frozenset[str]:
    """The mailboxes on a record, without those that are nobody's own."""
    return frozenset([key for email in identity.emails if (key := email_key(email))])


def phone_keys(identity: Identity) -> frozenset[str]:
    """The telephone lines on a record, without those that are nobody's own."""
    return frozenset([key for phone in identity.phones if (key := phone_key(phone))])


def keys(one: Profile) -> frozenset[str]:
    """Blocking keys: records that share none are never compared. Candidates and contacts share the 'id:'
    space.
    """
    found = [f"email:{key}" for key in (one.emails | one.kin if one.kin else one.emails)]
    found += [f"phone:{key}" for key in one.phones]
    return frozenset([*found, f"id:{one.stored_id}"] if one.stored_id else found)


def _known(*values: str | None) -> tuple[str, ...]:
    return tuple(value for value in values if value)
