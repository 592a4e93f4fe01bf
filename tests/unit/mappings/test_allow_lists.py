"""No mapping, list of fields asked for, field of the model or column of the mirror is of what may not be read."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from connectors.bullhorn import related
from connectors.hubspot import LAST_URL
from connectors.hubspot import engagement as hubspot_engagement
from connectors.hubspot import source as hubspot_source
from mappings import (
    bullhorn,
    filedrop,
    greenhouse,
    homerun,
    hubspot,
    hubspot_activities,
    recruitee,
    salesforce,
    teamtailor,
)
from mappings.rules import is_forbidden
from sync.core import activity, model
from sync.errors import ConfigError
from sync.store import holdings
from sync.store.db import open_mirror
from tests.denied import DENIED, denied

MAPPINGS = Path(recruitee.__file__).parent
# Asked for and looked at in memory, never kept: each with what is made of it.
LOOKED_AT = {
    "hs_task_body": "the marker, and a hash that tells a person's edit",
    "userAgent": "whether a program clicked",
}


def names_in(table: dict[str, Any]) -> Iterator[str]:
    """The vendor's names in a mapping file: keys with a rule, column names, properties."""
    for key, value in table.items():
        if isinstance(value, dict) and ("to" in value or "type" in value):
            yield key
            yield from value.get("columns", ())
        elif key == "property" and isinstance(value, dict):
            for one in value.values():
                yield from [one] if isinstance(one, str) else one
        elif isinstance(value, dict) and key != "words":
            yield from names_in(value)


def asked() -> dict[str, list[str]]:
    """Every list of fields a connector asks its vendor for or lets through, by whose it is."""
    vendors = {"recruitee": recruitee, "greenhouse": greenhouse, "homerun": homerun, "teamtailor": teamtailor}
    found = {name: [one for names in own.field_lists().values() for one in names] for name, own in vendors.items()}
    found["bullhorn"] = [one for names in bullhorn.field_lists().values() for one in related.asked_fields(names)]
    found["bullhorn joins"] = [*related.HISTORY_FIELDS, *related.PLACEMENT_FIELDS]
    for preset in salesforce.PRESETS:
        found[f"salesforce {preset}"] = [
            one for names in salesforce.Mapper(preset).field_lists().values() for one in names
        ]
    found["hubspot contacts"] = [*hubspot.contact_properties(None, tracking=True), LAST_URL]
    found["hubspot tasks"] = [*hubspot.task_properties()]
    found["hubspot owners"] = [*hubspot_source._OWNER_FIELDS]
    found["hubspot mail events"] = [*hubspot_engagement._MAIL_FIELDS]
    for noun in hubspot_activities.NOUNS:
        found[f"hubspot {noun}"] = [*hubspot_activities.activity_properties(noun)]
    return found


@pytest.mark.parametrize("file", sorted(MAPPINGS.glob("*.toml")), ids=lambda file: file.stem)
def test_no_mapping_file_names_what_may_not_be_read(file: Path) -> None:
    table = tomllib.loads(file.read_text(encoding="utf-8"))

    assert [(name, what) for name in names_in(table) if (what := denied(name))] == []


@pytest.mark.parametrize("whose", sorted(asked()))
def test_no_connector_asks_for_what_may_not_be_read(whose: str) -> None:
    names = asked()[whose]

    assert names
    assert [(name, what) for name in names if name not in LOOKED_AT and (what := denied(name))] == []


def test_no_field_of_the_model_could_hold_it() -> None:
    classes = [one for own in (model, activity) for one in vars(own).values() if hasattr(one, "__dataclass_fields__")]

    names = [f"{one.__name__}.{field.name}" for one in classes for field in fields(one)]

    assert len(names) > 100
    assert [name for name in names if denied(name.partition(".")[2])] == ["Point.age_days"]  # of a touch


def test_no_column_of_the_mirror_could_hold_it(tmp_path: Path) -> None:
    db = open_mirror(tmp_path / "mirror.db")
    names = [f"{table}.{column}" for table in holdings.tables(db) for column in holdings.columns(db, table)]
    db.close()

    assert len(names) > 200
    assert [name for name in names if denied(name.partition(".")[2])] == []


@pytest.mark.parametrize("what", sorted(DENIED.keys() - {"free text", "where from"}))
def test_a_mapping_file_of_ones_own_may_not_name_it_either(what: str, tmp_path: Path) -> None:
    spellings = [
        spelled for name in DENIED[what] for spelled in (name, name.replace(" ", "_"), name.title().replace(" ", ""))
    ]

    allowed = [one for one in spellings if not is_forbidden(one)]

    assert allowed == []


def test_a_mapping_file_that_names_it_is_refused_whole(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[candidates]\nfirst_name = ["dateOfBirth"]\n', encoding="utf-8")

    with pytest.raises(ConfigError, match="may never be read"):
        filedrop.Mapper(own, ZoneInfo("Europe/Amsterdam"))


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("date_of_birth", "birth date"),
        ("dateOfBirth", "birth date"),
        ("Birthdate", "birth date"),
        ("cxsrec__Birthdate__c", "birth date"),
        ("hs_note_body", "note"),
        ("hs_email_text", "body"),
        ("photo_thumb_url", "photo"),
        ("coverLetter", "free text"),
        ("Pasfoto", "photo"),
        ("geboortedatum", "birth date"),
        ("stage_id", None),
        ("message_id", None),
        ("hs_email_direction", None),
        ("page_kind", None),
    ],
)
def test_a_name_is_known_in_any_spelling(name: str, what: str | None) -> None:
    assert denied(name) == what
