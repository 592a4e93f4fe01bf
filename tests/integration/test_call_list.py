"""The call list: who goes first, what each is called for, and the ranks of the day in HubSpot."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from sync.bootstrap import open_view
from sync.cli.calling import show_calls
from sync.reports.calls import calls_now, say_now
from tests.integration.conftest import NOOR, SAM, Stage
from tests.integration.promised import put, vacancy

RANK = "warmline_rank"


@pytest.fixture
def everybody(stage: Stage) -> dict[str, str]:
    """Five people of Noor's on Tuesday at nine: one for each thing that goes first; contacts by name."""
    stage.at("2026-11-20T17:00:00+01:00")
    vacancy(stage)
    contacts = {"Jan": stage.person(1, "Jan", "de Vries")}
    put(stage, 1, at=stage.now.replace(day=16, hour=10), stage_id="s3", stage_entered_at="2026-11-20T11:00:00+01:00")
    stage.sync()
    stage.at("2026-11-24T08:59:00+01:00")
    contacts["Bo"] = stage.person(2, "Bo", "Kok", warmline_call_back_at="2026-11-24T14:30:00+01:00")
    contacts["Mia"] = stage.person(3, "Mia", "Los", warmline_call_back_at="2026-11-26T10:00:00+01:00")
    contacts["Lia"] = stage.person(4, "Lia", "Smit")
    stage.fan_signs(contacts["Lia"])
    contacts["Tim"] = stage.person(5, "Tim", "Bos", warmline_do_not_call="true")
    stage.fan_signs(contacts["Tim"])
    contacts["Ada"] = stage.person(6, "Ada", "Vos")
    stage.visit(contacts["Ada"], 1)
    stage.later(minutes=1)
    return contacts


def printed(stage: Stage, limit: int | None = None) -> list[str]:
    """What `warmline calls` shows."""
    with open_view(stage.app()) as view, CliRunner().isolation() as (out, *_):
        say, capacity = say_now(view), view.policy.call_list.capacity
        show_calls(calls_now(view), say, capacity=capacity, limit=limit, by_relationship=False)
        return out.getvalue().decode().splitlines()


PRINTED = {
    "nl": [
        "VANDAAG noor@team.example.com, 3 van 5",
        " 1 14:30        Bo Kok                         terugbelafspraak",
        " 2 11:00        Jan de Vries                   uitslag gesprek Wijkverpleegkundige beloofd; "
        "gesolliciteerd (Wijkverpleegkundige) 16 nov",
        " 3 warm 46      Lia Smit                       formulier ingevuld 20 nov; gezien op de website 23 nov",
        "   +2: warmline calls --owner noor@team.example.com --limit 6",
        "NIET BELLEN 1: 1 bezwaar",
    ],
    "en": [
        "TODAY noor@team.example.com, 3 of 5",
        " 1 14:30        Bo Kok                         agreed call",
        " 2 11:00        Jan de Vries                   news after interview Wijkverpleegkundige promised; "
        "applied (Wijkverpleegkundige) 16 Nov",
        " 3 warm 46      Lia Smit                       filled in a form 20 Nov; seen on the website 23 Nov",
        "   +2: warmline calls --owner noor@team.example.com --limit 6",
        "DO NOT CALL 1: 1 objection",
    ],
}


@pytest.mark.parametrize("language", PRINTED)
def test_a_days_list_begins_with_appointments_and_promises(
    stage: Stage, everybody: dict[str, str], language: str
) -> None:
    stage.set(TEAM__LANGUAGE=language, CALL_LIST__CAPACITY="3")
    stage.sync()

    assert printed(stage) == PRINTED[language]


def test_everybody_stands_once_in_the_json_the_barred_last(stage: Stage, everybody: dict[str, str]) -> None:
    stage.sync()

    told = [(one["rank"], one["name"], one["call_allowed"], one["refused_because"]) for one in stage.calls()]

    assert told == [
        (1, "Bo Kok", True, None),
        (2, "Jan de Vries", True, None),
        (3, "Lia Smit", True, None),
        (4, "Ada Vos", True, None),
        (5, "Mia Los", True, None),
        (6, "Tim Bos", False, "do_not_call"),
    ]
    assert [one["why"][0] for one in stage.calls()][:2] == [
        "14:30 terugbelafspraak",
        "11:00 uitslag gesprek Wijkverpleegkundige beloofd",
    ]


def test_who_was_called_leaves_the_list_at_once_and_rests(stage: Stage, everybody: dict[str, str]) -> None:
    stage.sync()
    stage.portal.log_call(everybody["Lia"])
    stage.later(minutes=5)
    stage.sync()

    [lia] = [one for one in stage.calls() if one["name"] == "Lia Smit"]

    assert (lia["call_allowed"], lia["refused_because"]) == (False, "gap")


def ranks(stage: Stage, everybody: dict[str, str]) -> dict[str, str]:
    """The ranks that stand in HubSpot, by name."""
    shown = {name: stage.properties(contact).get(RANK) or "" for name, contact in everybody.items()}
    return {name: rank for name, rank in shown.items() if rank}


def test_ranks_are_made_once_each_working_day_and_cleared_for_who_falls_off(
    stage: Stage, everybody: dict[str, str]
) -> None:
    stage.provision(everything=True)
    stage.set(CALL_LIST__CAPACITY="3")
    stage.sync()
    first = ranks(stage, everybody)
    stage.portal.edit("contacts", everybody["Bo"], {"warmline_call_back_at": ""})
    stage.later(hours=1)
    stage.sync()
    same_day = ranks(stage, everybody)
    stage.at("2026-11-25T07:29:00+01:00")
    stage.sync()
    early = ranks(stage, everybody)
    stage.at("2026-11-25T07:30:00+01:00")
    stage.sync()

    assert first == same_day == early == {"Bo": "1", "Jan": "2", "Lia": "3"}
    assert ranks(stage, everybody) == {"Jan": "1", "Lia": "2", "Ada": "3"}


def test_a_day_whose_list_was_made_writes_nothing_more(stage: Stage, everybody: dict[str, str]) -> None:
    stage.provision(everything=True)
    stage.sync()
    stage.later(minutes=10)
    stage.sync()
    stage.writes()
    stage.later(minutes=10)
    stage.sync()

    assert stage.writes() == 0


def test_without_the_property_no_list_is_made(stage: Stage, everybody: dict[str, str]) -> None:
    stage.sync()

    assert stage.tables("call_rank") == {"call_rank": []}


def test_pilots_only_have_ranks_for_their_own(stage: Stage, everybody: dict[str, str]) -> None:
    stage.provision(everything=True)
    stage.set(WRITES__OWNERS=SAM, ROUTING__RECRUITERS=f"{NOOR},{SAM}")
    stage.sync()

    assert ranks(stage, everybody) == {}


def test_a_rank_that_a_person_changed_stays_theirs(stage: Stage, everybody: dict[str, str]) -> None:
    stage.provision(everything=True)
    stage.sync()
    stage.portal.edit("contacts", everybody["Lia"], {RANK: "1"})
    stage.portal.edit("contacts", everybody["Bo"], {"warmline_call_back_at": ""})
    stage.at("2026-11-25T07:31:00+01:00")
    stage.sync()
    stage.later(minutes=10)
    stage.sync()

    assert stage.properties(everybody["Lia"])[RANK] == "1"
    assert [(contact, name) for contact, name, *_ in stage.conflicts()] == [(everybody["Lia"], RANK)]
