"""The score of a person, from everything known about them."""

from __future__ import annotations

from datetime import date

from sync.core.engagement import Scorer
from sync.core.facts import PersonFacts
from sync.core.model import Band, Score

UNSCORED = Score(value=None, raw=0.0, band=Band.UNSCORED, points=())


def person_score(facts: PersonFacts, scorer: Scorer, today: date) -> Score:
    """The engagement of one person as of the local day `today`; unscored for somebody who is not in HubSpot, because
    no source can see them, for somebody who objects to profiling, and for everyone while scoring is switched off.

    Without a stored score the previous band is the one HubSpot still shows, so that a rebuilt mirror does not see
    everyone enter hot again.
    """
    if facts.contact is None or facts.contact.no_profiling or not scorer.enabled:
        return UNSCORED
    return scorer.score(facts.touches, today=today, seen=facts.contact.seen, previous=previous_band(facts))


def person_score_from_raw(facts: PersonFacts, scorer: Scorer, raw: float | None) -> Score:
    """As `person_score`, without its points: from `Scorer.raw` of the person's touch days."""
    if facts.contact is None or facts.contact.no_profiling or not scorer.enabled:
        return UNSCORED
    return scorer.from_raw(raw, seen=facts.contact.seen, previous=previous_band(facts))


def previous_band(facts: PersonFacts) -> Band | None:
    """The band the person was in: as last computed, else as HubSpot shows it. None: neither knows."""
    if facts.score is not None:
        return facts.score.band
    shown = facts.contact.band_in_crm if facts.contact else None
    return next((band for band in Band if band.value == shown), None)
