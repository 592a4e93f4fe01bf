"""SOQL texts, and how strict the sandbox is about them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.salesforce.soql import Key, Selection, full_id, literal
from sandbox.clock import SandboxClock
from sandbox.dialects.salesforce import Company
from sandbox.dialects.salesforce.reading import Reader
from sandbox.dialects.salesforce.schema import long_id
from sandbox.errors import ApiError
from sandbox.world import build
from sync.errors import BadAnswer

NOW = "2026-11-24T08:00:00.000Z"
SINCE, UNTIL = datetime(2026, 11, 24, 7, tzinfo=UTC), datetime(2026, 11, 24, 8, 0, 0, 999, tzinfo=UTC)


@pytest.fixture(scope="module")
def org() -> Company:
    made = Company(SandboxClock(NOW, running=False))
    made.fill(build(NOW))
    return made


def test_a_window_behind_a_key() -> None:
    selection = Selection("Contact", ["FirstName", "Owner.Email"], "AccountId = null", SINCE, UNTIL)

    text = selection.behind(Key(SINCE, "0039K00000000GCUAY"))

    assert text == (
        "SELECT Id, SystemModstamp, FirstName, Owner.Email FROM Contact WHERE (AccountId = null)"
        " AND SystemModstamp >= 2026-11-24T07:00:00Z AND SystemModstamp < 2026-11-24T08:00:00Z"
        " AND ((SystemModstamp = 2026-11-24T07:00:00Z AND Id > '0039K00000000GCUAY')"
        " OR SystemModstamp > 2026-11-24T07:00:00Z) ORDER BY SystemModstamp, Id"
    )


def test_milliseconds_are_spelled_only_where_there_are_some() -> None:
    assert literal(datetime(2026, 11, 24, 7, 0, 0, 456_000, UTC)) == "2026-11-24T07:00:00.456Z"


def test_an_id_that_is_none_is_put_into_no_query() -> None:
    assert Selection("User", ()).of_ids(["005A", "x' OR Id != '"]).endswith("Id IN ('005A')")


@pytest.mark.parametrize("name", ["Name, Email", "x' OR", "", "a..b"])
def test_a_name_that_is_none_is_put_into_no_query(name: str) -> None:
    with pytest.raises(ValueError, match="not a name"):
        Selection("User", [name]).unordered()


@pytest.mark.parametrize("token", ["", "x", "2026-11-24T07:00:00Z", "2026-11-24T07:00:00Z,a'b", "yesterday,005A"])
def test_a_token_of_another_connector_is_refused(token: str) -> None:
    with pytest.raises(BadAnswer):
        Key.of(token)


def test_short_ids_are_the_long_ones() -> None:
    known = [long_id("a0B", number) for number in range(1_000, 3_000, 7)]

    assert [full_id(one[:15]) for one in known] == known
    assert [full_id(one) for one in ("Christophersen", None, 7)] == ["Christophersen", None, 7]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("SELECT Id FROM Invoice", "INVALID_TYPE"),
        ("SELECT Id, Price FROM User", "INVALID_FIELD"),
        ("SELECT Id, Boss.Email FROM User", "INVALID_FIELD"),
        ("SELECT Id, id FROM User", "INVALID_FIELD"),
        ("SELECT Id FROM User WHERE SystemModstamp > '2026-11-24T07:00:00Z'", "INVALID_FIELD"),
        ("SELECT Id FROM User WHERE Name = 7", "INVALID_FIELD"),
        ("SELECT Id FROM User WHERE Name = 'a' AND Name = 'b' OR Name = 'c'", "MALFORMED_QUERY"),
        ("SELECT Id FROM User WHERE", "MALFORMED_QUERY"),
        ("SELECT Id FROM User ORDER BY Id; DELETE", "MALFORMED_QUERY"),
        ("SELECT * FROM User", "MALFORMED_QUERY"),
    ],
)
def test_the_sandbox_refuses_what_salesforce_refuses(org: Company, text: str, code: str) -> None:
    with pytest.raises(ApiError) as caught:
        Reader(org, text)

    assert (caught.value.status, caught.value.category) == (400, code)


def test_the_sandbox_answers_related_records_nested(org: Company) -> None:
    reader = Reader(org, "SELECT Id, cxsrec__Recruiter__r.Email FROM cxsrec__cxsPosition__c ORDER BY Id")
    row: dict[str, Any] = org.sobjects["cxsrec__cxsPosition__c"].rows[reader.ids(deleted_too=False)[0]]

    shown = reader.shown(row, "/services/data/v62.0")

    recruiter = org.sobjects["Contact"].rows[row["cxsrec__Recruiter__c"]]
    assert shown["cxsrec__Recruiter__r"]["Email"] == recruiter["Email"]
    assert shown["cxsrec__Recruiter__r"]["attributes"]["type"] == "Contact"
