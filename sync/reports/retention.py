"""Whose retention ends or ended, why, and what is done about it: `retention`."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sync.core.model import HUBSPOT, RecordRef, person_ref
from sync.core.wording import person_name
from sync.reports.people import View
from sync.stages.retention import Due, ending, proposed
from sync.store import retentions
from sync.store.retentions import Proposal
from sync.store.times import to_text

SOON, DUE = "soon", "due"


def retention_report(view: View, within: timedelta) -> dict[str, Any]:
    """`retention --json`: people whose retention ended or ends `within`, and the records of who was erased here that
    HubSpot and the ATS still hold.
    """
    found = ending(view.db, view.policy.retention, view.now + within)
    by_person = groupby(retentions.proposals(view.db), key=lambda one: one.erasure_id)
    return {
        "people": [_person(view, one) for one in found],
        "proposals": [_proposal(list(records)) for _, records in by_person],
    }


def _person(view: View, one: Due) -> dict[str, Any]:
    refs = [ref for ref, _ in one.facts.links if not ref.source.endswith(".attendance")]
    return {
        "person_id": person_ref(one.facts.person_id),
        "name": person_name(one.facts),
        "state": DUE if one.term.until <= view.now else SOON,
        "because": one.term.because,
        "since": _text(one.term.since),
        "ends_at": to_text(one.term.until),
        "records": _records(refs, proposed(view.db, refs)),
    }


def _proposal(records: list[Proposal]) -> dict[str, Any]:
    refs = [one.record for one in records]
    return {
        "ended_at": to_text(records[0].ended_at),
        "erased_at": to_text(records[0].erased_at),
        "records": _records(refs, refs),
    }


def _records(refs: Iterable[RecordRef], going: Collection[RecordRef]) -> list[dict[str, str]]:
    """Each record and what would be done about it where it is, after a person confirmed it."""
    return [{"source": ref.source, "remote_id": ref.remote_id, "would": _would(ref, going)} for ref in refs]


def _would(ref: RecordRef, going: Collection[RecordRef]) -> str:
    if ref not in going:
        return "keep"
    return "gdpr_delete" if ref.source == HUBSPOT else "erase_by_hand"


def _text(moment: datetime | None) -> str | None:
    return to_text(moment) if moment else None
