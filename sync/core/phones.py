"""Telephone numbers, normalised for comparing only. What is shown and written back stays as registered."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_MEMO = 10_000
_OWN_TYPES = (0, 1, 2, 6)  # fixed, mobile, fixed or mobile, internet telephony; the others are services and companies
_E164 = 0
_NUMBER = re.compile(r"\(?\+?[0-9 ().\-]+")
_FLOAT = re.compile(r"([0-9]{9,})\.0")  # a whole number that a spreadsheet saw as a decimal one
_APART = str.maketrans("", "", " ().-")
# The mobile numbers of the Netherlands as they are mostly written; the library takes 30 times as long to say the same.
_DUTCH_MOBILE = re.compile(r"(?:(?:\+|00)?31)?0?(6[1-58][0-9]{7})")


def phone_key(text: str | None, region: str = "NL") -> str | None:
    """The line a telephone number stands for, as E.164; None when it is no single number or not a person's own line.

    `region`: the country of a number without a country code. Text with words, '/' or an exponent in it is no number: a
    reader would guess. Premium, free and company numbers give None. Why: docs/decisions/0023.
    """
    if not text:
        return None
    digits = _digits(text)
    if digits is None:
        return None
    if region == "NL" and (mobile := _DUTCH_MOBILE.fullmatch(digits)):
        return f"+31{mobile[1]}"
    return _parse(digits, region)


def _digits(text: str) -> str | None:
    """The digits with a leading '+' where there is one; None when anything else stands there."""
    if not text.isascii():
        folded = (" " if (kind := unicodedata.category(c)) in ("Zs", "Cc") else "-" if kind == "Pd" else c
                  for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")  # fmt: skip
        text = "".join(folded)
    text = text.strip()
    if whole := _FLOAT.fullmatch(text):
        return whole[1]
    return text.translate(_APART) if _NUMBER.fullmatch(text) else None


@lru_cache(_MEMO)
def _parse(digits: str, region: str) -> str | None:
    import phonenumbers  # 0.11 s: only for who compares numbers

    try:
        number = phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException:
        return None
    if phonenumbers.number_type(number) not in _OWN_TYPES:  # an invalid number has the type 'unknown'
        return None
    return phonenumbers.format_number(number, _E164)
