"""`warmline_rank`: the person's place on the list of the day."""

from __future__ import annotations

from sync.core.properties.subject import Subject

RANK = "warmline_rank"


def wanted(subject: Subject) -> dict[str, str]:
    """The place on the list that was made last, '' for who fell off it or objects to profiling; nothing while that
    stands already, or a person's edit is known to stand in its place."""
    facts = subject.facts
    objects = facts.contact is not None and facts.contact.no_profiling
    value = str(facts.call_rank) if facts.call_rank and not objects else ""
    return subject.changed({RANK: value})
