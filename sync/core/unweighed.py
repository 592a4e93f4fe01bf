"""What was seen of a person and weighs nothing, in words; and what visits that were not seen mean."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sync.core.events import ALL_LINKS, FILTERED, SCANNER, TOO_SOON
from sync.core.wording import date_words, kind_word

Seen = tuple[str, date, int, str]  # kind, day, number, rule

MOST = 5  # told; of the rest only how many

_RULES = {
    "nl": {
        FILTERED: "door HubSpot als machine herkend",
        SCANNER: "een programma dat links naloopt",
        TOO_SOON: "binnen seconden na aflevering",
        ALL_LINKS: "alle links tegelijk",
        "": "onbekende soort",
    },
    "en": {
        FILTERED: "a machine, says HubSpot",
        SCANNER: "a program that follows links",
        TOO_SOON: "within seconds of delivery",
        ALL_LINKS: "all links at once",
        "": "of an unknown kind",
    },
}
_HEAD = {"nl": "weegt niet mee: ", "en": "weighs nothing: "}
_MORE = {"nl": "nog {count} dagen", "en": "{count} more days"}
_NOTE = {
    "nl": "bezoek is alleen te zien van wie HubSpot herkent: geen gezien bezoek is geen desinteresse",
    "en": "visits are seen only of people HubSpot recognises: no visit seen is not no interest",
}


def unweighed_line(seen: Sequence[Seen], language: str) -> str:
    """One line over events that weigh nothing, newest first, each with the rule that caught it; "" without any."""
    rules = _RULES.get(language, _RULES["nl"])
    told = [
        f"{kind_word(kind, language)} {date_words(day, language)} ({count}×, {rules.get(rule, rule)})"
        for kind, day, count, rule in seen[:MOST]
    ]
    if len(seen) > MOST:
        told.append(_MORE.get(language, _MORE["nl"]).format(count=len(seen) - MOST))
    return _HEAD.get(language, _HEAD["nl"]) + "; ".join(told) if told else ""


def visits_note(language: str) -> str:
    """What it means when no visit was seen."""
    return _NOTE.get(language, _NOTE["nl"])
