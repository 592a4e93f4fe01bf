"""Play `cooling`: somebody was warm for weeks, and is so no more. A personal mail, before they are cold."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from sync.core.calendar import add_working_minutes, local_day
from sync.core.engagement import Scorer, last_touch
from sync.core.facts import PersonFacts
from sync.core.model import Band, Decision
from sync.core.plays.spell import stands
from sync.core.plays.wish import Case, Wish
from sync.core.wording_say import Say

PLAY = "cooling"

_WARM = frozenset({Band.WARM, Band.HOT})
_LOWER = frozenset({Band.COOL, Band.COLD})


def wish(case: Case) -> Wish | None:
    """A mail to somebody who fell from warm or hot to cool lately, after weeks of it; None for anybody else.

    The occasion is the day they fell. A task that stands is wanted until they are warm again.
    """
    score = case.facts.score
    if score is None or score.band not in _LOWER:
        return None
    fell_on, occasion = score.band_since, _occasion(case, score.band_since)
    if not (_is_new(case, fell_on) or stands(case, PLAY, occasion)):
        return None
    due_at = add_working_minutes(case.now, case.policy.plays.cooling.due_working_minutes, case.policy.time)
    touched_at = last_touch(case.facts.touches, case.today)
    last = (f"last:{local_day(touched_at, case.policy.time.zone).isoformat()}",) if touched_at else ()
    return Wish(PLAY, occasion, (f"fell:{occasion}", *last), due_at, type="EMAIL")


def told(_: PersonFacts, decision: Decision, say: Say) -> Mapping[str, object]:
    """The day of the last thing they did."""
    known = dict(reason.split(":", 1) for reason in decision.why)
    return {"last_sign": say.day(date.fromisoformat(known["last"])) if known.get("last") else ""}


def _occasion(case: Case, fell_on: date) -> str:
    """The day they fell; of somebody who is cold by now, the day their task was made for."""
    known = (one.occasion for one in case.facts.previous if one.play == PLAY and one.wanted)
    return next((one for one in known if stands(case, PLAY, one)), fell_on.isoformat())


def _is_new(case: Case, fell_on: date) -> bool:
    """Whether they fell to cool lately, while warmline watched, after weeks in which they were warm."""
    policy, score = case.policy.plays.cooling, case.facts.score
    if score is None or score.band is not Band.COOL or case.today - fell_on > timedelta(days=policy.within_days):
        return False
    watched = case.facts.watched_since
    if watched is None or fell_on <= local_day(watched, case.policy.time.zone):
        return False
    scorer, contact = Scorer(case.policy.score), case.facts.contact
    ends = [fell_on - timedelta(days=1, weeks=back) for back in range(policy.warm_weeks)]
    seen = contact is not None and contact.seen
    bands = (scorer.score(case.facts.touches, today=day, seen=seen, previous=Band.WARM).band for day in ends)
    return all(band in _WARM for band in bands)
