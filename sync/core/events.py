"""What one person did at one moment, as a source of single events shows it, and which clicks are a machine's."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

FILTERED, SCANNER, TOO_SOON, ALL_LINKS = "filtered", "scanner", "too_soon", "all_links"
OTHER = "other"  # the kind of what no mapping names


@dataclass(frozen=True, slots=True)
class SeenEvent:
    """One event. `contact_id` or `email`: who. `kind` empty: not a touch, only something others are judged by.

    `page`: host and path. `mail`, `link`: which mailing and link, hashed. `rule`: what the event itself betrays of a
    machine. `delivered_at`: of the mail, where the event says it. `device`: computer, mobile or empty. `replaces`: the
    event that this one takes the place of.
    """

    id: str
    kind: str
    at: datetime
    contact_id: str | None = None
    email: str | None = None
    page: str | None = None
    mail: str = ""
    link: str = ""
    rule: str = ""
    delivered_at: datetime | None = None
    device: str = ""
    replaced_by: str | None = None


@dataclass(frozen=True, slots=True)
class SuspectRules:
    """When a click is a machine's. `soon`: after the delivery. `at_once`: links and the span they fall in."""

    soon: timedelta = timedelta(seconds=10)
    at_once: Sequence[tuple[int, timedelta]] = field(default=((2, timedelta(seconds=2)), (3, timedelta(seconds=10))))


@dataclass(frozen=True, slots=True)
class Click:
    """A click as it is judged among the others in the same mail. `own`: the rule it is suspect by on its own."""

    id: str
    link: str
    at: datetime
    own: str = ""


def judge(clicks: Collection[Click], deliveries: Iterable[datetime], rules: SuspectRules) -> Mapping[str, str]:
    """The rule that caught each click of one mail to one person, by its id; "" for a person's own. Any order.

    What the click itself betrays goes before what its company does. `deliveries`: of this mail, as far as known.
    """
    known = tuple(deliveries)
    together = _at_once(clicks, rules.at_once)
    found = {}
    for click in clicks:
        is_soon = any(timedelta(0) <= click.at - at <= rules.soon for at in known)
        found[click.id] = click.own or (TOO_SOON if is_soon else ALL_LINKS if click.id in together else "")
    return found


def _at_once(clicks: Collection[Click], limits: Sequence[tuple[int, timedelta]]) -> set[str]:
    """Clicks that stand in a span in which too many different links were followed."""
    ordered = sorted(clicks, key=lambda one: (one.at, one.id))
    caught: set[str] = set()
    for links, span in limits:
        for place, first in enumerate(ordered):
            company = [one for one in ordered[place:] if one.at - first.at <= span]
            if len({one.link for one in company}) >= links:
                caught.update(one.id for one in company)
    return caught
