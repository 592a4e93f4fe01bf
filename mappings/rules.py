"""Field mappings as data: read from TOML, checked whole before anything is mapped."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sync.errors import ConfigError, Problem

# What no mapping may read or fill, in Dutch and English, as parts of a name (GDPR art. 9, UAVG 46, docs/privacy.md).
FORBIDDEN = (
    "birth", "dateofbirth", "placeofbirth", "geboorte", "dob", "age_", "leeftijd", "gender", "geslacht", "sex",
    "photo", "foto", "avatar", "picture", "nationalit", "bsn", "burgerservice", "ssn", "religi", "geloof", "health",
    "gezondheid", "ziekte", "medical", "medisch", "disab", "ethnic", "etnic", "race", "ras_", "marital", "note",
    "notitie", "comment", "opmerking", "remark", "body", "motivat", "motivatie", "cover_letter", "cv", "resume",
    "free_text", "vrije_tekst", "salary", "salaris", "_ip", "ip_", "last_url", "user_agent", "geb_datum",
    "salutation", "aanhef", "pronoun", "voornaamwoord", "honorific", "pasfoto", "portrait", "image", "thumb",
    "headshot", "citizenship", "sofi", "social_security", "passport", "paspoort", "id_number", "faith", "godsdienst",
    "church", "kerk", "handicap", "beperking", "illness", "afkomst", "veteran", "geaardheid", "html", "message_text",
    "email_text", "preview", "bericht_tekst", "transcript", "recording", "opname", "pitch", "answer", "antwoord",
    "sollicitatiebrief", "toelichting", "custom_field", "custom_text", "attachment", "bijlage", "fingerprint",
)  # fmt: skip
_FORBIDDEN_PART = re.compile(rf"(?<![a-z])(?:{'|'.join(map(re.escape, FORBIDDEN))})")

_HUMPS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")  # dateOfBirth is date_Of_Birth


@dataclass(frozen=True, slots=True)
class Rule:
    """One column or property and the field it fills.

    `join`: how it meets a value already there ('' : it is the only one).
    """

    column: str
    to: str
    type: str
    tracked: bool = False
    join: str = ""


@dataclass(frozen=True, slots=True)
class Shape:
    """What a mapping may fill: fields, value types, and the fields that must be filled."""

    fields: Collection[str]
    types: Collection[str]
    required: Collection[str] = ()


def load_table(name: str, path: Path | None = None) -> dict[str, Any]:
    """A mapping file of this package, or the one at `path`. Raises ConfigError when it cannot be read."""
    try:
        if path is None:
            return deepcopy(_own_table(name))
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        problem = Problem(str(path), f"the mapping cannot be read ({error.strerror}).", "Correct the path.")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        problem = Problem(str(path or name), "the mapping is not valid TOML in UTF-8.", "Correct it.")
    raise ConfigError([problem])


@cache
def _own_table(name: str) -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))


def is_forbidden(name: str) -> bool:
    """Whether a name speaks of something that may never be read."""
    spelled = f"_{normal_name(_HUMPS.sub('_', name))}_"
    return _FORBIDDEN_PART.search(spelled) is not None


def normal_name(name: str) -> str:
    """A column name or enum word as it is compared: 'E-mail Adres ' is e_mail_adres."""
    return re.sub(r"[\s_./-]+", "_", name.strip().casefold()).strip("_")


def check_rules(where: str, rules: Collection[Rule], shape: Shape) -> list[Problem]:
    """Everything wrong with the rules of one table."""
    problems, filled = [], set()
    for rule in rules:
        key = f"{where}.{rule.column}"
        if rule.to not in shape.fields:
            problems.append(Problem(key, f"unknown field {rule.to}.", f"Known: {', '.join(sorted(shape.fields))}."))
        if rule.type not in shape.types:
            problems.append(Problem(key, f"unknown type {rule.type}.", f"Known: {', '.join(sorted(shape.types))}."))
        if is_forbidden(rule.column) or is_forbidden(rule.to):
            problems.append(Problem(key, "may never be read.", "Remove it: warmline keeps no such data."))
        if rule.to in filled and not rule.join:
            problems.append(Problem(key, f"fills {rule.to} a second time.", "Remove one, or say how they join."))
        filled.add(rule.to)
    missing = [field for field in shape.required if field not in filled]
    problems += [Problem(where, f"nothing fills {field}.", "Add a column for it.") for field in missing]
    return problems


def parse_rules(where: str, table: Mapping[str, Any], shape: Shape) -> tuple[list[Rule], list[Problem]]:
    """Rules of one table of `column = { to, type, … }`, and what is wrong with them."""
    rules, problems = [], []
    for column, entry in table.items():
        try:
            rules.append(Rule(column, **entry))
        except TypeError:
            fix = 'Write it as { to = "field", type = "type" }.'
            problems.append(Problem(f"{where}.{column}", "is not a rule.", fix))
    return rules, problems + check_rules(where, rules, shape)
