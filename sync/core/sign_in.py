"""Whom a line of a sign-in sheet names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from sync.core.identity_records import Profile
from sync.core.identity_rules import EMAIL_FIRST_NAME, PHONE_NAME
from sync.core.model import RecordRef
from sync.core.names import first_names_agree


@dataclass(frozen=True, slots=True)
class Seat:
    """The person a sign-in line names, and on what ground."""

    person_id: int
    rule: str
    evidence: dict[str, str] = field(default_factory=dict)


def attend(
    sheet: Sequence[Profile], records: Sequence[tuple[Profile, int]], crowded: frozenset[str] = frozenset()
) -> dict[RecordRef, Seat]:
    """Sign-in line → person, where address and first name, or number, first name and surname, lead to exactly one
    person; other lines are left out. `crowded`: blocking keys on too many records to lead to anybody.
    """
    people: dict[str, list[tuple[Profile, int]]] = defaultdict(list)
    for known, person_id in records:
        for key in known.emails | known.phones:
            people[key].append((known, person_id))
    for key in crowded:
        people.pop(key.partition(":")[2], None)
    found: dict[RecordRef, Seat] = {}
    for line in sheet:
        by_email = {one for key in line.emails for known, one in people.get(key, ()) if _same_first(line, known)}
        by_phone = {one for key in line.phones for known, one in people.get(key, ()) if _same_name(line, known)}
        if len(by_email | by_phone) == 1:
            rule = EMAIL_FIRST_NAME if by_email else PHONE_NAME
            fields = ("email", "first_name") if by_email else ("phone", "first_name", "surname")
            found[line.ref] = Seat((by_email | by_phone).pop(), rule, dict.fromkeys(fields, "agrees"))
    return found


def _same_first(line: Profile, known: Profile) -> bool:
    return first_names_agree(line.first, known.first)


def _same_name(line: Profile, known: Profile) -> bool:
    return _same_first(line, known) and not line.cores.isdisjoint(known.cores)
