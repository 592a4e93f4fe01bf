"""Hand edits that stand in the way: who made them, and what became of them since.

A conflict is looked at again only when a pull shows that its contact changed, so that one which stands costs no read.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from connectors.protocols import Crm, PropertyValue, Record
from mappings.hubspot_properties import canonical, property_types
from sync.errors import RejectedAction, RetriableError
from sync.stages.run import Run
from sync.store import baselines, conflicts, work
from sync.store.conflicts import Conflict, Edit, Ruling, StoredConflict

History = Mapping[str, Mapping[str, Sequence[PropertyValue]]]
Standing = Mapping[tuple[str, str], StoredConflict]  # by contact and property

UNKNOWN = Edit()
_USER = re.compile(r"userId:(\d+)")


def value_of(record: Record, name: str) -> str:
    """What stands in a property; empty and missing are the same."""
    return str(record.get("properties", {}).get(name) or "")


def is_same(name: str, one: str, other: str) -> bool:
    """Whether HubSpot holds two spellings of a property's value equal."""
    kind = property_types().get(name, "string")
    return canonical(kind, one) == canonical(kind, other)


def with_edits(crm: Crm, found: Sequence[Conflict], standing: Standing, history: History) -> list[Conflict]:
    """The conflicts with who set the value and when, where HubSpot's history tells: one read for all whose history
    was not read yet. What is known of a value that stands already is not asked again."""
    told = [_known(one, standing, history) for one in found]
    asked = [one for one in told if one.edit == UNKNOWN and one.property not in history.get(one.object_id, {})]
    read = _histories(crm, [one for one in asked if not _stands(one, standing)])
    return [_told(one, read) if one.edit == UNKNOWN else one for one in told]


def _known(one: Conflict, standing: Standing, history: History) -> Conflict:
    before = standing.get((one.object_id, one.property))
    if before is not None and _stands(one, standing):
        return replace(one, edit=before.conflict.edit)
    return _told(one, history)


def _stands(one: Conflict, standing: Standing) -> bool:
    before = standing.get((one.object_id, one.property))
    return before is not None and before.conflict.theirs == one.theirs


def _told(one: Conflict, history: History) -> Conflict:
    return replace(one, edit=last_edit(history.get(one.object_id, {}).get(one.property, ()), one))


def last_edit(values: Sequence[PropertyValue], conflict: Conflict) -> Edit:
    """Who set the value of a conflict, by the newest entry of the property's history. Unknown when there is none, or
    when it is about another value. `values`: newest first."""
    newest = next(iter(values), None)
    if newest is None or not is_same(conflict.property, newest.value, conflict.theirs):
        return UNKNOWN
    named = _USER.search(newest.source_id)
    return Edit(newest.source_type or None, named[1] if named else newest.user_id or None, newest.at)


def _histories(crm: Crm, found: Sequence[Conflict]) -> History:
    """Who made an edit is good to know, not needed: without an answer it stays unknown."""
    if not found:
        return {}
    ids = list(dict.fromkeys(one.object_id for one in found))
    try:
        return crm.fetch_history(ids, sorted({one.property for one in found}))
    except (RetriableError, RejectedAction):
        return {}


def look_again(run: Run, crm: Crm) -> None:
    """Follow what people did to conflicts since: emptied, made equal, changed once more. Their people are planned
    anew where warmline may write again. Raises RetriableError."""
    gone = conflicts.of_gone_contacts(run.db)
    found = conflicts.to_look_at(run.db)
    if not gone and not found:
        return
    ids = sorted({one.conflict.object_id for one in found})
    records = crm.fetch_contacts(ids, sorted({one.conflict.property for one in found})) if ids else {}
    same_id = {one: record for one, record in records.items() if str(record["id"]) == one}
    changed = _changed(crm, found, same_id)
    with run.db.write(run.lease):
        conflicts.clear(run.db, "contact", gone)
        _end(run, [one for one in found if one.conflict.object_id in same_id], same_id)
        conflicts.save(run.db, "contact", changed, run.now)
        conflicts.looked_at(run.db, ids)


def _changed(crm: Crm, found: Sequence[StoredConflict], records: Mapping[str, Record]) -> list[Conflict]:
    """Conflicts where a third value stands now."""
    later = []
    for one in (stored.conflict for stored in found):
        there = value_of(records.get(one.object_id, {}), one.property)
        if there and not any(is_same(one.property, there, value) for value in (one.ours, one.theirs)):
            later.append(replace(one, theirs=there, edit=UNKNOWN))
    return with_edits(crm, later, {}, {})


def _end(run: Run, found: Sequence[StoredConflict], records: Mapping[str, Record]) -> None:
    """Emptied: warmline's value goes back. Equal to ours: adopted, unless the property is the people's."""
    equal: dict[str, dict[str, str]] = defaultdict(dict)
    emptied = []
    for stored in found:
        one = stored.conflict
        there = value_of(records[one.object_id], one.property)
        if not there:
            emptied.append(stored)
        elif is_same(one.property, there, one.ours) and stored.ruling is not Ruling.THEIRS:
            equal[one.object_id][one.property] = one.ours
    baselines.save(run.db, "contact", equal, run.now)
    conflicts.clear(run.db, "contact", [(one, name) for one, values in equal.items() for name in values])
    hand_back(run, emptied)


def hand_back(run: Run, emptied: Sequence[StoredConflict]) -> None:
    """Properties that somebody emptied are warmline's again: the plan of this run fills them."""
    pairs = [(stored.conflict.object_id, stored.conflict.property) for stored in emptied]
    conflicts.save(run.db, "contact", [replace(one.conflict, theirs="", edit=UNKNOWN) for one in emptied], run.now)
    conflicts.rule(run.db, "contact", pairs, Ruling.OURS, run.now)
    people = sorted({stored.person_id for stored in emptied if stored.person_id is not None})
    work.enqueue_people(run.db, "plan", people, run.now)
