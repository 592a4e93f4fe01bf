"""Story 4: links are made where it is certain, undone when they no longer follow, and a person's ruling is for ever."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sync.errors import SourceEmptied
from tests.integration.conftest import Stage, applied, candidate

# first name and addresses in the ATS against those of the contact
SAME_PERSON = {
    "another case": ("jan", "JAN@Example.com", {"firstname": "Jan", "email": "jan@example.com"}),
    "a secondary address": (
        "Jan",
        "jan.thuis@example.com",
        {"firstname": "Jan", "email": "jan@example.com", "hs_additional_emails": "jan.thuis@example.com"},
    ),
    "dots and a tag at gmail": (
        "Jan",
        "j.a.n.devries+werk@gmail.com",
        {"firstname": "Jan", "email": "jandevries@googlemail.com"},
    ),
    "marks": ("Zoë", "zoe@example.com", {"firstname": "Zoe", "email": "zoe@example.com"}),
    "a hyphen": ("Jan-Willem", "jw@example.com", {"firstname": "Jan Willem", "email": "jw@example.com"}),
}


@pytest.mark.parametrize("spelling", SAME_PERSON)
def test_the_same_mailbox_and_first_name_link_whatever_the_spelling(stage: Stage, spelling: str) -> None:
    first, email, properties = SAME_PERSON[spelling]
    contact = stage.contact("", "de Vries", **properties)
    stage.drop("candidates", candidate("c1", first, "de Vries", email))
    stage.sync()

    assert stage.links(contact) == {("ats", "c1", "self"), ("hubspot", contact, "email_first_name")}
    assert stage.open_reviews() == []


def test_a_stored_id_beats_every_other_rule(stage: Stage) -> None:
    by_id = stage.contact("Johan", "Vries", "ander@example.com", warmline_candidate_id="ats:c1")
    by_mail = stage.contact("Jan", "de Vries")
    stage.drop("candidates", candidate("c1", "Jan", "de Vries"))
    stage.sync()

    assert stage.links("ats:c1") == {("ats", "c1", "self"), ("hubspot", by_id, "stored_id")}
    assert stage.open_reviews() == [("c1", by_mail, "email_first_name")]


def test_the_same_mailbox_under_another_first_name_waits_for_a_person(stage: Stage) -> None:
    contact = stage.contact("Piet", "de Vries", "familie@example.com")
    stage.fan_signs(contact)
    stage.drop("candidates", candidate("c1", "Jan", "de Vries", "familie@example.com"))
    report = stage.sync()

    assert report["people"] == {"candidates": 1, "contacts": 1, "linked": 0, "review": 1}
    assert stage.open_reviews() == [("c1", contact, "email_only")]
    assert (stage.tasks(), stage.properties(contact)) == ([], {})


@pytest.mark.parametrize("twice", ["candidate", "contact"])
def test_two_who_satisfy_the_same_rule_wait_for_a_person(stage: Stage, twice: str) -> None:
    contacts = [stage.contact("Jan", "de Vries", "jan@example.com")]
    stage.drop("candidates", candidate("c1", "Jan", "de Vries", "jan@example.com"))
    if twice == "candidate":
        stage.drop("candidates", candidate("c2", "Jan", "de Vries", "jan@example.com"))
        expected = [("c1", contacts[0], "email_first_name"), ("c2", contacts[0], "email_first_name")]
    else:
        contacts.append(stage.contact("Jan", "de Vries", "x@example.com", hs_additional_emails="jan@example.com"))
        expected = [("c1", one, "email_first_name") for one in contacts]
    stage.sync()

    assert stage.open_reviews() == expected


def test_a_second_contact_later_undoes_a_link_that_is_no_longer_certain(stage: Stage) -> None:
    first = stage.person(1, "Jan", "de Vries")
    stage.sync()
    linked = stage.links("ats:c1")
    stage.portal.edit("contacts", first, {"warmline_candidate_id": ""})
    stage.contact(
        "Jan",
        "de Vries",
        "x@example.com",
        hs_additional_emails="jan.devries@example.com",
        lastmodifieddate=(stage.now.astimezone().isoformat()),
    )
    stage.later(minutes=30)
    stage.sync()

    assert ("hubspot", first, "email_first_name") in linked
    assert len(stage.open_reviews()) == 2


@pytest.mark.parametrize("state", ["accepted", "refused"])
def test_a_ruling_is_for_ever(stage: Stage, state: str) -> None:
    contact = stage.contact("Piet", "de Vries", "familie@example.com")
    row = candidate("c1", "Jan", "de Vries", "familie@example.com")
    stage.drop("candidates", row)
    stage.sync()
    stage.rule("c1", contact, state)
    stage.later(minutes=30)
    stage.sync()
    ruled = stage.links("ats:c1")
    # new facts, for and against: the ruling stays
    first = "Jan" if state == "refused" else "Kees"
    stage.portal.edit("contacts", contact, {"firstname": first})
    stage.drop("candidates", {**row, "last_name": "Vries"}, snapshot=True)
    stage.later(minutes=30)
    stage.sync()

    own = {("ats", "c1", "self")}
    assert ruled == (own | {("hubspot", contact, "ruling")} if state == "accepted" else own)
    assert stage.links("ats:c1") == ruled
    assert stage.open_reviews() == []


def test_a_changed_address_undoes_the_link_and_the_scores_are_as_if_never_linked(stage: Stage) -> None:
    contact = stage.contact("Jan", "de Vries", "jan@example.com")
    stage.fan_signs(contact)
    stage.drop("candidates", candidate("c1", "Jan", "Anders", "anders@example.com"))
    stage.drop("applications", applied("a1", "c1", "j1", stage.now - timedelta(days=3)))
    stage.set(AUDIENCE__INCLUDE="all")
    stage.sync(writes=False)
    apart = {who: stage.explain(who) for who in (contact, "ats:c1")}
    stage.later(minutes=5)
    stage.drop("candidates", candidate("c1", "Jan", "Anders", "jan@example.com"))
    stage.sync(writes=False)
    together = stage.explain(contact)
    stage.later(minutes=5)
    stage.drop("candidates", candidate("c1", "Jan", "Anders", "anders@example.com"))
    stage.sync(writes=False)
    again = {who: stage.explain(who) for who in (contact, "ats:c1")}

    assert len(together["points"]) == len(apart[contact]["points"]) + 1
    for who in apart:
        same = ("score", "raw", "band", "points", "refusals", "tasks", "conflicts")
        assert {name: again[who][name] for name in same} == {name: apart[who][name] for name in same}


@pytest.mark.parametrize("keep_id", [False, True])
def test_a_contact_merged_in_hubspot_is_followed_without_a_second_task(stage: Stage, keep_id: bool) -> None:
    jan = stage.person(1, "Jan", "de Vries")
    stage.fan_signs(jan)
    double = stage.contact("J", "de Vries", "jdv@example.com")
    stage.visit(double, 5)
    stage.sync()
    [task] = stage.tasks()
    before = stage.explain(jan)
    stage.later(hours=1)
    survivor = stage.portal.merge(jan, double, keep_id=keep_id).id
    for _ in range(3):
        stage.later(days=1)
        stage.sync()

    assert {one[:2] for one in stage.links("ats:c1")} == {("ats", "c1"), ("hubspot", survivor)}
    assert stage.open_reviews() == []
    assert [one.id for one in stage.tasks()] == [task.id]
    assert [one["task_id"] for one in stage.explain(survivor)["tasks"]] == [task.id]
    days = {(one["kind"], one["day"]) for one in stage.explain(survivor)["points"]}
    assert days >= {(one["kind"], one["day"]) for one in before["points"]}
    assert stage.conflicts() == []


@pytest.mark.parametrize("keep_id", [False, True])
def test_the_visits_of_both_contacts_count_once_after_a_merge(stage: Stage, keep_id: bool) -> None:
    jan = stage.person(1, "Jan", "de Vries")
    double = stage.contact("J", "de Vries", "jdv@example.com")
    stage.visit(jan, 9)
    stage.visit(double, 5, 4)
    stage.sync()
    stage.later(hours=1)
    survivor = stage.portal.merge(jan, double, keep_id=keep_id).id
    stage.later(hours=1)
    stage.sync()
    merged = [(one["day"], one["count"]) for one in stage.explain(survivor)["points"]]
    stage.visit(survivor, 0)
    stage.later(hours=1)
    stage.sync()

    # at first sight only the last visit of each has a date
    assert merged == [("2026-11-19", 1), ("2026-11-14", 1)]
    assert [(one["day"], one["count"]) for one in stage.explain(survivor)["points"]] == [("2026-11-23", 1), *merged]


def test_the_secondary_of_a_merge_that_was_linked_is_followed_to_the_survivor(stage: Stage) -> None:
    jan = stage.person(1, "Jan", "de Vries")
    stage.fan_signs(jan)
    main = stage.contact("Johan", "de Vries", "jdv@example.com")
    stage.sync()
    stage.later(hours=1)
    stage.portal.merge(main, jan, keep_id=True)
    for _ in range(2):
        stage.later(days=1)
        stage.sync()

    assert {one[:2] for one in stage.links("ats:c1")} == {("ats", "c1"), ("hubspot", main)}
    assert len(stage.tasks()) == 1


def test_a_contact_that_is_gone_when_it_is_to_be_written_is_marked_gone_and_gets_no_task(stage: Stage) -> None:
    jan = stage.person(1, "Jan", "de Vries")
    stage.fan_signs(jan)
    stage.sync(writes=False)
    stage.portal.archive("contacts", jan)
    stage.later(minutes=30)
    stage.sync()
    stage.writes()
    stage.later(days=1)
    report = stage.sync()

    assert stage.tasks() == []
    assert report["people"] == {"candidates": 1, "contacts": 0, "linked": 0, "review": 0}
    assert stage.explain("ats:c1")["refusals"][0]["because"] == "no_contact"
    assert sum(counts["planned"] for counts in report["actions"].values()) == 0


def test_a_contact_restored_in_hubspot_is_linked_again(stage: Stage) -> None:
    jan = stage.person(1, "Jan", "de Vries")
    stage.fan_signs(jan)
    stage.sync(writes=False)
    stage.portal.archive("contacts", jan)
    stage.later(minutes=30)
    stage.sync()
    stage.later(minutes=30)
    stage.portal.restore("contacts", jan)
    stage.later(minutes=30)
    stage.sync()

    assert ("hubspot", jan, "email_first_name") in stage.links("ats:c1")


def test_a_candidate_a_snapshot_no_longer_shows_is_gone_and_its_contact_left_alone(stage: Stage) -> None:
    jan = stage.contact("Jan", "de Vries")
    stage.fan_signs(jan)
    stage.drop("candidates", candidate("c1", "Jan", "de Vries"), candidate("c2", "Piet", "Vos"), snapshot=True)
    stage.sync(writes=False)
    stage.later(minutes=5)
    stage.drop("candidates", candidate("c2", "Piet", "Vos"), snapshot=True)
    report = stage.sync()

    assert report["streams"]["ats.candidates"]["deleted"] == 1
    assert (stage.tasks(), stage.properties(jan)) == ([], {})
    assert stage.refusals(jan) == ["not_in_audience"]


def test_a_snapshot_that_suddenly_holds_few_rows_stops_the_run_with_the_figure_and_the_flag(stage: Stage) -> None:
    rows = [candidate(f"c{number}", f"Naam{number}", "Vos") for number in range(30)]
    stage.drop("candidates", *rows, snapshot=True)
    stage.sync()
    stage.later(minutes=5)
    stage.drop("candidates", *rows[:3], snapshot=True)
    with pytest.raises(SourceEmptied) as stopped:
        stage.sync()

    assert "ats.candidates shows 3 of the 30 records" in str(stopped.value)
    assert "WARMLINE_GUARDS__SOURCE_SHARE" in stopped.value.fix
    stage.set(GUARDS__SOURCE_SHARE="0")
    assert stage.sync()["streams"]["ats.candidates"]["deleted"] == 27


def test_two_contacts_in_a_household_and_two_candidates_find_each_other_by_first_name(stage: Stage) -> None:
    jan = stage.contact("Jan", "Vos", "jan@example.com", hs_additional_emails="fam@example.com")
    lia = stage.contact("Lia", "Vos", "fam.vos@example.com")
    stage.drop("candidates", candidate("c1", "Jan", "Vos", "fam@example.com"))
    stage.drop("candidates", candidate("c2", "Lia", "Vos", "fam@example.com"))
    stage.drop("candidates", candidate("c3", "Lia", "Vos", "fam.vos@example.com"))
    stage.sync()

    assert {one[:2] for one in stage.links(jan)} == {("ats", "c1"), ("hubspot", jan)}
    assert {one[:2] for one in stage.links(lia)} == {("ats", "c3"), ("hubspot", lia)}
    assert {one[:2] for one in stage.links("ats:c2")} == {("ats", "c2")}
