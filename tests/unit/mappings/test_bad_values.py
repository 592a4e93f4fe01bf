"""Whatever a vendor puts into a field: the record is mapped to values the mirror can keep, or refused with the field
and a reason that never holds the value."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mappings import recruitee
from mappings.filedrop import Mapper
from mappings.hubspot import ContactMapper, contact_properties, task_properties, to_owner, to_task
from mappings.hubspot_activities import NOUNS, activity_properties, to_activity
from sync.errors import InvalidRecord

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
SECRET = "Zekerweten"

DATES = (
    "1763971200000", "1763971200", "-1", "99999999999999999", "2026-11-24", "2026-11-24T09:00:00", "0000-00-00",
    "2026-11-24T09:00:00Z", "2026-11-24T09:00:00+01:00", "2026-11-24 09:00:00 UTC", "24-11-2026", "24-11-2026 09:00",
    "0001-01-01T00:00:00+05:00", "9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59-05:00", "253402300799999",
    "2026-W48-2", "2026-02-30", "10000-01-01", "NaN", "24/11/26", "yesterday",
)  # fmt: skip
NUMBERS = (
    "3",
    "3.0",
    "3,0",
    "1e300",
    "-1e300",
    "9" * 5_000,
    "inf",
    "nan",
    "-7",
    "0x10",
    "1_000",
    "\u0663",
    "+",
    "1e-400",
)
TEXTS = (
    "", " ", "\x00", f"{SECRET}\x00{SECRET}", "\x1b[31mrood", "\ud800", f"{SECRET}\udfff", "\ufffd", "\u202e" + SECRET,
    "\U0001f469\u200d\U0001f4bb", "\u0645\u0631\u062d\u0628\u0627", "\ufeff", "\u2028", "=1+1", "'", "x" * 65_536,
    "x" * 65_537, "\U0001f600" * 65_536, f'{{"a": "{SECRET}"}}', "true", "TRUE", "ja", "maybe", ";;;", "a;;b", ":",
    "1:2;3", "|", "a|b", "null", "None", "<p>", "&#0;", "&#xd800;", "[wl:zzzzzzzzzzzz]", "@", "a@", "\r\n",
)  # fmt: skip
OTHERS = (
    None, True, False, 0, -1, 3, 10**18, 2**63, 10**400, 0.5, 1e300, float("nan"), float("inf"), [], [None], [[]], {},
    {"a": SECRET}, [{"a": SECRET}], ["a", None, 3], {"id": None}, [True], ["\ud800"], [10**400],
)  # fmt: skip
VALUES = st.one_of(
    st.sampled_from(DATES),
    st.sampled_from(NUMBERS),
    st.sampled_from(TEXTS),
    st.sampled_from(OTHERS),
    st.text(max_size=20),
)

Map = Callable[[Mapping[str, Any]], Any]


def in_properties(to_row: Map) -> Map:
    """HubSpot's shape: the values under `properties`, what the connector adds beside them."""
    beside = (
        "id",
        "archived",
        "createdAt",
        "updatedAt",
        "firstName",
        "lastName",
        "email",
        "contact_ids",
        "disposition_label",
    )
    return lambda row: to_row(
        {
            **{name: row[name] for name in beside if name in row},
            "properties": {k: v for k, v in row.items() if k not in beside},
        }
    )


def both(row: Mapping[str, Any]) -> Any:
    """A contact and its counters under full tracking."""
    mapper = ContactMapper("portal")
    return mapper.to_contact(row), mapper.to_counters(row)


FILES = Mapper(None, AMSTERDAM)
HUBSPOT_MAPS: dict[str, tuple[Map, list[str]]] = {
    "contacts": (in_properties(both), [*contact_properties(), "createdAt", "updatedAt"]),
    "tasks": (in_properties(to_task), [*task_properties(), "archived"]),
    **{
        noun: (
            in_properties(lambda row, noun=noun: to_activity(noun, row)),
            [*activity_properties(noun), "disposition_label"],
        )
        for noun in NOUNS
    },
    "owners": (to_owner, ["email", "firstName", "lastName", "archived"]),
}
FILE_MAPS: dict[str, Map] = {
    "candidates": FILES.to_candidate,
    "applications": FILES.to_application,
    "users": FILES.to_user,
    "jobs": FILES.to_job,
    "attendance": FILES.to_attendance,
}
RECRUITEE_MAPS: dict[str, Map] = {
    "users": recruitee.to_user,
    "candidates": recruitee.to_candidate,
    "jobs": recruitee.to_job,
    "applications": recruitee.to_application,
}
MAPS: dict[str, tuple[Map, list[str]]] = {
    **{f"hubspot {noun}": found for noun, found in HUBSPOT_MAPS.items()},
    **{f"file {noun}": (to_row, list(FILES.columns(noun))) for noun, to_row in FILE_MAPS.items()},
    **{f"recruitee {noun}": (to_row, list(recruitee.field_lists()[noun])) for noun, to_row in RECRUITEE_MAPS.items()},
}


@pytest.mark.parametrize("kind", sorted(MAPS))
@settings(max_examples=60, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_value_in_any_field_is_kept_in_a_shape_the_mirror_takes_or_refused_without_being_repeated(
    kind: str, data: st.DataObject
) -> None:
    to_row, names = MAPS[kind]
    row = data.draw(st.dictionaries(st.sampled_from(names), VALUES, max_size=6))
    row["id"] = data.draw(st.sampled_from(["17", 17, " 18 ", "", None, "\ud800", {"a": 1}, [None], 10**400]))

    outcome = mapped(to_row, row)

    if isinstance(outcome, InvalidRecord):
        assert outcome.field
        assert SECRET not in f"{outcome.field}{outcome.reason}{outcome}"
        assert f"{outcome.reason}".isprintable()
    else:
        assert [*unfit(outcome)] == []


@pytest.mark.parametrize("kind", sorted(MAPS))
def test_no_value_makes_a_traceback_in_any_field_on_its_own(kind: str) -> None:
    to_row, names = MAPS[kind]
    values = [*DATES, *NUMBERS, *TEXTS, *OTHERS]

    outcomes = [
        (name, ascii(value)[:30], mapped(to_row, {**whole(kind), name: value})) for name in names for value in values
    ]

    kept = [one for one in outcomes if not isinstance(one[2], InvalidRecord)]
    refused = [one for one in outcomes if isinstance(one[2], InvalidRecord)]
    assert [(name, value) for name, value, row in kept if [*unfit(row)]] == []
    assert [(name, value) for name, value, reason in refused if SECRET in str(reason)] == []


def whole(kind: str) -> dict[str, Any]:
    """A record without which nothing of its kind is mapped at all."""
    if kind == "file attendance":
        return {"event": "Open dag", "kind": "attended", "email": "an@example.org"}
    return {"id": "17", "hs_timestamp": "2026-11-24T09:00:00Z", "hs_meeting_start_time": "2026-11-24T09:00:00Z"}


def mapped(to_row: Map, row: Mapping[str, Any]) -> Any:
    """The row, or why not."""
    try:
        return to_row(row)
    except InvalidRecord as error:
        return error


def unfit(value: Any, where: str = "") -> Any:
    """Where a mapped value cannot be kept: text that is no UTF-8 or holds NUL, integers beyond 64 bits, moments without
    a zone or in no calendar, objects."""
    if value is None or isinstance(value, bool):
        return
    if is_dataclass(value):
        for field in fields(value):
            yield from unfit(getattr(value, field.name), field.name)
    elif isinstance(value, tuple | frozenset):
        for one in value:
            yield from unfit(one, where)
    elif isinstance(value, str):
        if re.search("[\x00\ud800-\udfff]", value):
            yield where, ascii(value)[:40]
    elif isinstance(value, datetime):
        if value.tzinfo is None or not 1900 <= value.year <= 2200:
            yield where, str(value)
        value.astimezone(AMSTERDAM)
    elif not isinstance(value, int | float) or not abs(value) < 2**53:
        yield where, type(value).__name__, json.dumps(str(value))[:40]
