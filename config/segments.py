"""Segments: target groups for the call list, one table each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BeforeValidator

from config.sections import Section
from config.values import Lower, Texts
from sync.core.segments import BUILT_IN, Relationship, Segment


def _split(value: object) -> object:
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


Stage = Annotated[Literal["applied", "screening", "interview", "offer", "hired", "other"], Lower]
Status = Annotated[Literal["active", "hired", "rejected", "withdrawn", "prospect"], Lower]
Group = Annotated[Literal["never_applied", "applied", "rejected", "hired"], Lower]


class SegmentSettings(Section):
    """Who is meant. An empty list means anything."""

    job_words: Texts = ()
    regions: Texts = ()
    origins: Texts = ()
    sources: Texts = ()
    stages: Annotated[tuple[Stage, ...], BeforeValidator(_split)] = ()
    statuses: Annotated[tuple[Status, ...], BeforeValidator(_split)] = ()
    relationships: Annotated[tuple[Group, ...], BeforeValidator(_split)] = ()


def segments_of(settings: Mapping[str, SegmentSettings]) -> dict[str, Segment]:
    """Every segment by name: those of the settings, and the four relationships."""
    return dict(BUILT_IN) | {name.lower(): _segment(one) for name, one in settings.items()}


def _segment(one: SegmentSettings) -> Segment:
    return Segment(
        job_words=_plain(one.job_words),
        regions=_plain(one.regions),
        origins=_plain(one.origins),
        sources=frozenset(name.strip().lower() for name in one.sources),
        stages=frozenset(one.stages),
        statuses=frozenset(one.statuses),
        relationships=frozenset(Relationship(name) for name in one.relationships),
    )


def _plain(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(" ".join(re.findall(r"\w+", word.casefold())) for word in words) - {""}
