"""What a contact's properties say of consent: those the team keeps it in, and HubSpot's legal basis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from mappings.values import spelled, to_moment
from sync.core.consent import ANY, PROFILING, RUNNING_APPLICATION, TALENT_POOL, Stated
from sync.core.consent_said import LEGAL_BASIS, ConsentProperty

_YES = frozenset({"true", "yes", "ja", "1"})
_NO = frozenset({"false", "no", "nee", "0"})
# What a legal basis is about. "Not applicable" says nothing.
_BASES = {
    "freely given consent": TALENT_POOL,
    "performance of a contract": RUNNING_APPLICATION,
    "legitimate interest": PROFILING,
}

Properties = Mapping[str, str | None]


def stated(properties: Properties, consents: Sequence[ConsentProperty]) -> tuple[Stated, ...]:
    """Everything they say. What is empty, or neither yes nor no, says nothing."""
    found = [said for one in consents if (said := _of_property(properties, one)) is not None]
    return (*found, *_of_legal_basis(properties))


def _of_property(properties: Properties, one: ConsentProperty) -> Stated | None:
    text = _text(properties, one.name)
    answer = _answer(text, one.option)
    if answer is None or (one.refuses and not answer):
        return None
    return Stated(
        field=one.name,
        purpose=one.purpose,
        channel=one.channel,
        given=answer and not one.refuses,
        text_version=_text(properties, one.text_property) or one.text_version,
        at=_moment(_text(properties, one.at_property)) or _moment(text),
        until=_moment(_text(properties, one.until_property)),
    )


def _answer(text: str, option: str) -> bool | None:
    """Yes, no, or None: neither. A date is a yes; of a property with choices, choosing others than the one is a no."""
    if option:
        chosen = [part.strip().casefold() for part in text.split(";")]
        return option.strip().casefold() in chosen if text else None
    if text.casefold() in _YES or text.casefold() in _NO:
        return text.casefold() in _YES
    return True if _moment(text) else None


def _of_legal_basis(properties: Properties) -> list[Stated]:
    found = []
    for basis in _text(properties, LEGAL_BASIS).split(";"):
        words = basis.strip().casefold()
        purpose = next((one for begin, one in _BASES.items() if words.startswith(begin)), None)
        if purpose:
            found.append(Stated(f"{LEGAL_BASIS}: {basis.strip()}", purpose, ANY, given=True))
    return found


def _text(properties: Properties, name: str) -> str:
    value = properties.get(name) if name else None
    try:
        return spelled(value).strip() if value else ""
    except ValueError:
        return ""


def _moment(text: str) -> datetime | None:
    try:
        return to_moment(text) if len(text) >= len("2026-01-01") else None
    except ValueError:
        return None
