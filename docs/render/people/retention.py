"""People whose data may not be kept much longer."""

from __future__ import annotations

from dataclasses import replace

from docs.render.people import NURSE, Example, at, person
from sync.core.facts import LinkedApplication
from sync.core.model import Application

_CLOSED = replace(NURSE, remote_id="j8", name="Kok", status="closed", closed_at=at("2026-11-01 12:00"))
_REJECTED = Application(
    "a91",
    job_id="j8",
    status="rejected",
    applied_at=at("2026-10-01 10:00"),
    rejected_at=at("2026-10-12 10:00"),
    told_at=at("2026-10-12 10:00"),
)

EXAMPLES = (
    Example(
        "Kept for a few days more",
        "The vacancy closed on 1 November; four weeks later warmline erases what it holds.",
        person(91, "Ilse", None, "Kramer", applications=(LinkedApplication("ats", _REJECTED, _CLOSED),)),
    ),
)
