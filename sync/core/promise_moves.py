"""A recruiter who edits `warmline_reply_due_at` in HubSpot moves the promise; who empties it goes back to the rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sync.core.facts import PersonFacts
from sync.core.promise import Promise

REPLY_DUE_AT = "warmline_reply_due_at"


def with_moves(promises: Sequence[Promise], facts: PersonFacts) -> tuple[Promise, ...]:
    """The promises with what a person made of their date: the earliest that stands is moved, and with it those that
    would be due before it. A date that warmline itself wrote before is a late echo, and moves nothing.
    """
    standing = [one for one in promises if one.stands]
    if facts.contact is None or not standing or not _is_edited(facts):
        return tuple(promises)
    first = min(standing, key=lambda one: (one.due_at, one.kind))
    shown = facts.contact.reply_due_at
    return tuple(_moved(one, first, shown) if one.stands else one for one in promises)


def is_emptied(facts: PersonFacts) -> bool:
    """Whether somebody took out the date warmline wrote."""
    return facts.contact is not None and facts.contact.reply_due_at is None and _written(facts) is not None


def _is_edited(facts: PersonFacts) -> bool:
    shown = facts.contact.reply_due_at if facts.contact else None
    if shown is None:
        return is_emptied(facts)
    past = {one.was_due_at for one in facts.promises} | {one.due_at for one in facts.promises if not one.waits}
    return shown != _written(facts) and shown not in past


def _moved(one: Promise, first: Promise, shown: datetime | None) -> Promise:
    if shown is None:
        return replace(one, moved_at=None)
    if shown <= one.began_at or (one is not first and one.due_at >= shown):
        return one
    return replace(one, moved_at=None if shown == one.public_due_at else shown)


def _written(facts: PersonFacts) -> datetime | None:
    text = dict(facts.written).get(REPLY_DUE_AT)
    return datetime.fromisoformat(text) if text else None
