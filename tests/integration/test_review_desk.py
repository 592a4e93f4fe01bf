"""The review desk: pairs side by side, rulings in and out, and several contacts of one person."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from click.testing import CliRunner, Result

from sync.cli.app import Invocation
from sync.cli.reviewing import review_command
from tests.integration.conftest import Stage, candidate


def review(stage: Stage, *words: str) -> Result:
    """`warmline review …` as it is typed."""
    env = {f"WARMLINE_{name}": value for name, value in {**stage.env, "CLOCK__NOW": stage.now.isoformat()}.items()}
    return CliRunner().invoke(review_command, words, obj=Invocation(None), env=env, standalone_mode=True)


def family(stage: Stage) -> str:
    """A candidate and a contact of another first name on one address; the contact."""
    contact = stage.contact("Piet", "de Vries", "familie@example.com", phone="020-1234567")
    stage.drop("candidates", candidate("c1", "Jan", "de Vries", "familie@example.com"))
    stage.sync(writes=False)
    return contact


def follow(stage: Stage) -> None:
    """The next sync."""
    stage.later(minutes=10)
    stage.sync(writes=False)


def people(stage: Stage) -> set[frozenset[tuple[str, str, str]]]:
    """Every person as their records with rules."""
    found: dict[int, set[tuple[str, str, str]]] = {}
    for row in stage.tables("person_link")["person_link"]:
        found.setdefault(row[2], set()).add((row[0], row[1], row[3]))
    return {frozenset(records) for records in found.values()}


def test_open_pairs_are_shown_side_by_side(stage: Stage) -> None:
    contact = family(stage)

    [told] = json.loads(review(stage, "--json").stdout)["reviews"]
    printed = review(stage).stdout

    own = {"name": "Jan de Vries", "emails": ["familie@example.com"], "phones": [], "linked_to": []}
    theirs = {**own, "name": "Piet de Vries", "phones": ["020-1234567"]}
    assert (told["candidate_id"], told["contact_id"], told["rule"]) == ("ats:c1", contact, "email_only")
    assert (told["candidate"], told["contact"]) == (own, theirs)
    assert f"ats:c1 and contact {contact}: email_only" in printed
    assert "candidate Jan de Vries  familie@example.com" in printed
    assert "contact   Piet de Vries  familie@example.com  020-1234567" in printed


def test_accept_reject_and_undo_are_followed_by_the_next_sync(stage: Stage) -> None:
    contact = family(stage)
    apart = people(stage), stage.open_reviews()

    assert review(stage, "accept", "ats:c1", contact, "--by", "noor").exit_code == 0
    follow(stage)
    accepted = stage.links("ats:c1"), stage.open_reviews()
    assert review(stage, "undo", "ats:c1", contact).exit_code == 0
    follow(stage)
    undone = people(stage), stage.open_reviews()
    assert review(stage, "reject", "ats:c1", contact).exit_code == 0
    follow(stage)

    assert accepted == ({("ats", "c1", "self"), ("hubspot", contact, "ruling")}, [])
    assert undone == apart
    assert (stage.links("ats:c1"), stage.open_reviews()) == ({("ats", "c1", "self")}, [])


def test_a_certain_link_can_be_rejected_too(stage: Stage) -> None:
    contact = stage.person(1, "Jan", "de Vries")
    stage.sync(writes=False)

    assert review(stage, "reject", "ats:c1", contact).exit_code == 0
    follow(stage)

    assert stage.links("ats:c1") == {("ats", "c1", "self")}
    assert stage.open_reviews() == []


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("accept", "c1", "501"), "name the pair"),
        (("accept", "ats:c9", "501"), "is not in the mirror"),
        (("undo", "ats:c1", "501"), "nobody ruled"),
        (("import", "nowhere.csv"), "name the file"),
    ],
)
def test_what_cannot_be_ruled_is_told_and_changes_nothing(stage: Stage, words: tuple[str, ...], says: str) -> None:
    family(stage)
    before = stage.tables("link_review")

    result = review(stage, *words)

    assert (result.exit_code, says in result.stderr) == (2, True)
    assert stage.tables("link_review") == before


def test_a_ruling_is_not_overwritten(stage: Stage) -> None:
    contact = family(stage)
    review(stage, "reject", "ats:c1", contact, "--by", "noor")

    again = review(stage, "accept", "ats:c1", contact)

    assert (again.exit_code, "refused by noor already" in again.stderr) == (2, True)


def test_a_sheet_of_open_pairs_is_filled_in_and_imported(stage: Stage, tmp_path: Any) -> None:
    contact = family(stage)
    stage.contact("=HYPERLINK(1)", "Bos", "bos@example.com")
    stage.drop("candidates", candidate("c2", "Kim", "Bos", "bos@example.com"))
    follow(stage)
    rows = list(csv.DictReader(io.StringIO(review(stage, "--csv").stdout)))
    assert {row["contact_name"] for row in rows} == {"Piet de Vries", "'=HYPERLINK(1) Bos"}
    for row in rows:
        row["ruling"] = "ja" if row["contact"] == contact else ""
    written = io.StringIO()
    sheet = csv.DictWriter(written, list(rows[0]), delimiter=";")
    sheet.writeheader()
    sheet.writerows(rows)
    (tmp_path / "open.csv").write_text(written.getvalue(), encoding="utf-8-sig")

    told = review(stage, "import", str(tmp_path / "open.csv")).stdout
    follow(stage)

    assert told.startswith("1 rulings kept, 0 known already")
    assert ("hubspot", contact, "ruling") in stage.links("ats:c1")
    assert [one[0] for one in stage.open_reviews()] == ["c2"]


def test_a_file_with_a_wrong_line_changes_nothing(stage: Stage, tmp_path: Any) -> None:
    contact = family(stage)
    text = f"candidate,contact,ruling\nats:c1,{contact},accept\nats:c1,{contact},perhaps\nc1,,reject\n"
    (tmp_path / "wrong.csv").write_text(text)

    result = review(stage, "import", str(tmp_path / "wrong.csv"))

    assert str(result.exception) == (
        "line 3: Its ruling is no ruling. Write accept, reject or nothing.\n"
        "line 4: It names no pair. candidate is SOURCE:ID, contact an id."
    )
    assert len(stage.open_reviews()) == 1


@pytest.mark.parametrize("ruling", ["accept", "reject"])
def test_exported_rulings_hold_in_a_mirror_made_anew(stage: Stage, tmp_path: Any, ruling: str) -> None:
    contact = family(stage)
    review(stage, ruling, "ats:c1", contact, "--by", "noor")
    follow(stage)
    before = people(stage)
    exported = review(stage, "export").stdout
    (tmp_path / "rulings.csv").write_text(exported)
    for file in stage.folder.glob("mirror.db*"):
        file.unlink()

    assert review(stage, "import", str(tmp_path / "rulings.csv")).exit_code == 0
    follow(stage)

    assert exported.splitlines()[1].startswith(f"ats:c1,{contact},{ruling},noor,")
    assert "Vries" not in exported
    assert (people(stage), stage.open_reviews()) == (before, [])
    assert review(stage, "export").stdout.splitlines()[1].split(",")[:4] == exported.splitlines()[1].split(",")[:4]


def two_contacts(stage: Stage) -> tuple[str, str]:
    """Jan's contact that is certain, and a second one with his number; a person said that it is he as well."""
    first = stage.contact("Jan", "de Vries", "jan@example.com", mobilephone="06-12345678")
    second = stage.contact("Jan", "de Vries", "jdv@example.com", mobilephone="06-12345678")
    row = {**candidate("c1", "Jan", "de Vries", "jan@example.com"), "phone_numbers": ["06-12345678"]}
    stage.drop("candidates", row)
    stage.sync(writes=False)
    assert stage.open_reviews() == [("c1", second, "phone_name")]
    assert "ats:c1" in review(stage, "accept", "ats:c1", second).stdout
    return first, second


def test_a_second_contact_joins_and_the_first_stays(stage: Stage) -> None:
    first, second = two_contacts(stage)
    before = people(stage), stage.open_reviews()
    follow(stage)
    both = stage.links("ats:c1")
    review(stage, "undo", "ats:c1", second)
    follow(stage)

    assert both == {("ats", "c1", "self"), ("hubspot", first, "email_first_name"), ("hubspot", second, "ruling")}
    assert (people(stage), stage.open_reviews()) == (before[0], [("c1", second, "phone_name")])
    assert before[1] == []


def test_the_touches_of_all_contacts_of_a_person_count_together(stage: Stage) -> None:
    first, second = two_contacts(stage)
    stage.visit(first, 5)
    stage.visit(second, 2)
    follow(stage)

    assert [one["day"] for one in stage.explain("ats:c1")["points"]] == ["2026-11-21", "2026-11-18"]


def test_the_contact_with_the_newest_activity_is_written_and_the_other_keeps_nothing(stage: Stage) -> None:
    first, second = two_contacts(stage)
    stage.visit(first, 5)
    stage.later(minutes=10)
    stage.sync()
    before = stage.properties(first)["warmline_candidate_id"], stage.properties(second)
    stage.later(hours=1)
    stage.visit(second, 0)
    reports = []
    for _ in range(3):
        stage.later(hours=1)
        reports.append(stage.sync())
    stage.writes()
    stage.later(hours=1)
    stage.sync()

    assert before == ("ats:c1", {})
    assert stage.properties(first) == {}
    assert stage.properties(second)["warmline_candidate_id"] == "ats:c1"
    assert stage.properties(second)["warmline_score"] == str(stage.explain("ats:c1")["score"])
    assert sum(one["actions"]["update_contact"]["dead"] for one in reports) == 0
    assert (stage.writes(), stage.conflicts()) == (0, [])
