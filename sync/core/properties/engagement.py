"""Score, band, why and last touch: how warm the person is, and why."""

from __future__ import annotations

from sync.core.engagement import last_touch
from sync.core.model import Score
from sync.core.policy import WritePolicy
from sync.core.properties.subject import Subject
from sync.core.wording import why
from sync.core.writes import hubspot_datetime

SCORE = "warmline_score"
BAND = "warmline_band"
WHY = "warmline_why"
LAST_TOUCH_AT = "warmline_last_touch_at"
ENGAGEMENT = (SCORE, BAND, WHY, LAST_TOUCH_AT)  # written together


def wanted(subject: Subject) -> dict[str, str]:
    """The engagement properties, all or none: on a first write, another band, a rise worth writing, or when one of them
    was handed back. None while the score is not computed.

    A person who objects to profiling gets none, and those written before are cleared. While scoring is switched off
    they stay as they are.
    """
    facts, policy, score = subject.facts, subject.policy, subject.score
    if score is None:
        return {}
    if facts.contact and facts.contact.no_profiling:
        return {name: "" for name in ENGAGEMENT if subject.written.get(name)}
    if not subject.policy.score.enabled:
        return {}
    known = subject.written | dict(facts.contested)
    if facts.owed.isdisjoint(ENGAGEMENT) and not _is_news(score, known, policy.write):
        return {}
    touched_at = last_touch(facts.touches, subject.today)
    return {
        SCORE: "" if score.value is None else str(score.value),
        BAND: score.band.value,
        WHY: why(score, facts, language=policy.write.language, today=subject.today),
        LAST_TOUCH_AT: hubspot_datetime(touched_at) if touched_at else "",
    }


def _is_news(score: Score, written: dict[str, str], policy: WritePolicy) -> bool:
    """Whether the engagement properties must be written: nothing was yet, another band, or a rise worth it.

    Compared is what was last written, or wanted where a person's edit stands, so that an edit makes no news every day.
    """
    if not any(name in written for name in ENGAGEMENT):
        return True
    if BAND in written and written[BAND] != score.band.value:
        return True
    last = written.get(SCORE)
    if not last or score.value is None:
        return False
    return score.value - float(last) >= policy.rise
