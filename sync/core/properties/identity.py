"""`warmline_candidate_id`: which candidate of which source the contact is."""

from __future__ import annotations

from sync.core.keys import candidate_id, primary_candidate
from sync.core.properties.subject import Subject

CANDIDATE_ID = "warmline_candidate_id"


def wanted(subject: Subject) -> dict[str, str]:
    """The contact's candidate id, unless it is written already, the contact shows it, or a person's edit is known to
    stand there. One that still stands on another contact of the person is cleared there first: it is unique."""
    facts = subject.facts
    primary = primary_candidate(facts)
    if primary is None or facts.contact is None:
        return {}
    value, shown = candidate_id(primary), facts.contact.stored_candidate_id
    if any(dict(other.written).get(CANDIDATE_ID) == value for other in facts.beside):
        return {}
    if CANDIDATE_ID in facts.owed:
        return {CANDIDATE_ID: value}
    is_known = bool(shown) and dict(facts.contested).get(CANDIDATE_ID) == value
    return {} if is_known or subject.written.get(CANDIDATE_ID, shown) == value else {CANDIDATE_ID: value}
