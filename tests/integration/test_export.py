"""A person gets everything that is held about them, explained, and nothing of anybody else."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest

from sync.bootstrap import open_view
from sync.reports.export import Export, export, page
from sync.store import holdings, intake
from sync.store.db import Mirror, open_mirror
from tests.integration.at_rest import reading
from tests.integration.conftest import Stage, applied

HOSTILE = '<script>alert("x")</script>'


class Tags(HTMLParser):
    """The tags and attributes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs


def made(stage: Stage, who: str) -> tuple[Export, str]:
    with open_view(stage.app()) as view:
        (subject,) = holdings.subjects(view.db, who)
        found = export(view, subject)
        return found, page(view, found)


@pytest.fixture
def fan(stage: Stage) -> tuple[Stage, str]:
    """Somebody in every table there is much of, and somebody else beside them."""
    stage.set(CONTACT__CALL_GROUNDS="application,legitimate_interest", CONTACT__TRACKING_CONSENT="portal")
    contact = stage.person(1, "Roos", "Duinzicht")
    other = stage.person(2, "Cas", "Weidema")
    for one in (contact, other):
        stage.fan_signs(one)
    stage.drop("jobs", {"id": "j1", "name": "Verpleegkundige", "status": "open"})
    stage.drop("applications", applied("a1", "c1", "j1", stage.now - timedelta(days=3)))
    stage.sync()
    stage.sync()
    return stage, contact


def test_an_export_holds_every_row_the_mirror_has_about_a_person(fan: tuple[Stage, str]) -> None:
    stage, contact = fan

    report = made(stage, contact)[0].report

    held = report["held"]
    assert held["contacts"][0]["email"] == "roos.duinzicht@example.com"
    assert held["candidates"][0]["email_addresses"] == ["roos.duinzicht@example.com"]
    assert [one["remote_id"] for one in held["applications"]] == ["a1"]
    assert {"touches", "counters", "decided", "person_links", "keys", "stored_score", "audit", "written"} <= set(held)
    assert held["outbox"]
    assert len(held["touches"]) == 4


def test_points_add_up_and_the_score_is_explained_with_what_would_change_it(fan: tuple[Stage, str]) -> None:
    stage, contact = fan

    report = made(stage, contact)[0].report

    assert sum(point["points"] for point in report["points"]) == pytest.approx(report["raw"])
    assert report["score_history"][-1] == {"day": stage.now.date().isoformat(), "score": report["score"]}
    assert set(report["without"]) == {point["kind"] for point in report["points"]}
    assert all(value < report["score"] for value in report["without"].values())
    assert any("→ score" in line for line in report["explanation"])
    assert report["rules"]["now"]["kinds"]["form"]["weight"] == 1.0
    assert report["rules"]["version"] in report["rules"]["earlier"]


def test_an_export_says_nothing_of_anybody_else(fan: tuple[Stage, str]) -> None:
    stage, contact = fan

    found, html = made(stage, contact)

    for text in (json.dumps(found.report), html):
        assert "Weidema" not in text and "cas.weidema" not in text
        assert "Duinzicht" in text


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_page_stands_alone_without_script(fan: tuple[Stage, str], language: str) -> None:
    stage, contact = fan
    stage.set(TEAM__LANGUAGE=language)

    html = made(stage, contact)[1]

    tags = Tags()
    tags.feed(html)
    assert not {"script", "link", "img", "iframe", "object", "form"} & set(tags.tags)
    assert not [name for name, _ in tags.attributes if name.startswith("on") or name in ("src", "href", "style")]
    assert f'<html lang="{language}">' in html and "svg" in tags.tags
    assert ("Alles wat warmline" in html) is (language == "nl")


def test_whatever_a_name_holds_is_text_on_the_page(stage: Stage) -> None:
    stage.set(CONTACT__TRACKING_CONSENT="portal")
    contact = stage.person(1, HOSTILE, "O'Brien & <b>Zonen</b>", phone='"><img src=x onerror=alert(1)>')
    stage.fan_signs(contact)
    stage.sync()

    html = made(stage, contact)[1]

    tags = Tags()
    tags.feed(html)
    assert not {"script", "b", "img"} & set(tags.tags)
    assert "&lt;script&gt;" in html


def test_a_contact_that_is_nobodys_person_gets_what_is_held_too(stage: Stage) -> None:
    contact = stage.contact("Roos", "Duinzicht")
    stage.sync()

    found, html = made(stage, "roos.duinzicht@example.com")

    assert found.report["person"] == {"id": None, "name": None}
    assert found.report["held"]["contacts"][0]["remote_id"] == contact
    assert found.name == f"warmline-{contact}"
    assert "Duinzicht" in html


def test_who_is_deleted_at_the_source_and_still_held_can_be_exported(stage: Stage) -> None:
    stage.drop("candidates", {"id": "c1", "first_name": "Roos", "email_addresses": ["roos@example.com"]}, snapshot=True)
    stage.sync()
    gone = {"id": "c1", "deleted_at": stage.now.isoformat(), "email_addresses": ["roos@example.com"]}
    stage.drop("candidates", gone)
    stage.sync()

    report = made(stage, "ats:c1")[0].report

    assert report["held"]["candidates"][0]["deleted_at"] is not None


def test_an_address_of_two_people_exports_neither(stage: Stage) -> None:
    for number, first in ((1, "Roos"), (2, "Cas")):
        stage.drop("candidates", {"id": f"c{number}", "first_name": first, "email_addresses": ["thuis@example.com"]})
    stage.sync()

    with reading(stage.mirror) as db:
        found = holdings.subjects(db, "thuis@example.com")

    assert len(found) == 2


@pytest.mark.parametrize(("first_name", "told"), [("Roos", ["Roos"]), ("Cas", [])])
def test_a_line_of_a_sheet_that_waits_for_its_person_goes_by_address_and_first_name(
    stage: Stage, first_name: str, told: list[str]
) -> None:
    stage.contact("Roos", "Duinzicht")
    line = {"event": "Open dag", "kind": "attended", "at": stage.now.isoformat(), "email": "roos.duinzicht@example.com"}
    stage.drop("attendance", {**line, "first_name": first_name})
    stage.sync()

    held = made(stage, "roos.duinzicht@example.com")[0].report["held"]

    assert [one["first_name"] for one in held.get("attendance", ())] == told


def test_records_that_could_not_be_read_are_told_with_field_and_reason(fan: tuple[Stage, str]) -> None:
    stage, contact = fan
    db = open_mirror(stage.mirror)
    own = [("ats.candidates", "c1"), ("ats.applications", "a1"), ("hubspot.contacts", contact)]
    others = [("ats.candidates", "c2"), ("ats.jobs", "c1"), ("hubspot.tasks", contact)]
    with db.write():
        for stream, ref in own + others:
            intake.quarantine(db, stream, [(ref, "created_at", "not a date")], stage.now)
    db.close()

    held = made(stage, contact)[0].report["held"]["quarantine"]

    assert {(row["stream"], row["ref"]) for row in held} == set(own)


def test_every_table_of_the_mirror_says_whose_its_rows_are(stage: Stage) -> None:
    stage.sync()

    with reading(stage.mirror) as db:
        assert holdings.unplaced(db) == []
        assert holdings.rule_of(db, "candidate") is not None


def test_every_table_is_named_in_words_or_exported_as_it_is_called(fan: tuple[Stage, str]) -> None:
    stage, contact = fan

    with reading(stage.mirror) as db:
        (subject,) = holdings.subjects(db, contact)
        tables = [table for table, _ in holdings.held(db, subject)]
    report = made(stage, contact)[0].report

    assert len(report["held"]) == len(tables)


def rows_naming(db: Mirror, text: str) -> set[str]:
    """The tables in which a text stands."""
    found = set()
    for table in holdings.tables(db):
        rows: list[Any] = db.rows(f'SELECT * FROM "{table}"')
        if any(re.search(rf"\b{text}\b", str(value)) for row in rows for value in row):
            found.add(table)
    return found


def test_no_table_in_which_the_contact_stands_is_left_out(fan: tuple[Stage, str]) -> None:
    stage, contact = fan

    with reading(stage.mirror) as db:
        (subject,) = holdings.subjects(db, contact)
        exported = {table for table, _ in holdings.held(db, subject)}
        named = rows_naming(db, contact) | rows_naming(db, "roos.duinzicht@example.com")

    assert named - exported <= holdings.NOBODYS
