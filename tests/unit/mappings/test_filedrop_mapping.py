"""File-drop rows to the model."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mappings.filedrop import NOUNS, Mapper
from sync.core.model import Application, AtsUser, Attendance, Candidate, Job, JobStage
from sync.errors import ConfigError, InvalidRecord

ZONE = ZoneInfo("Europe/Amsterdam")
MAPPER = Mapper(None, ZONE)


def test_a_dutch_candidate_is_read_whole() -> None:
    raw = {
        "kandidaatnummer": "17",
        "voornaam": " Sanne ",
        "tussenvoegsel": "'t",
        "achternaam": "Hart",
        "e_mail": "Sanne@example.org|s@example.org",
        "telefoon": "'0612345678",
        "mobiel": "+31 6 12 34 56 78",
        "aangemaakt_op": "01-11-2026 10:30",
        "mag_mailen": "ja",
        "recruiter": "R@Example.org",
        "bron": "open dag",
    }

    assert MAPPER.to_candidate(raw) == Candidate(
        remote_id="17",
        first_name="Sanne",
        name_infix="'t",
        last_name="Hart",
        email_addresses=("Sanne@example.org", "s@example.org"),
        phone_numbers=("0612345678", "+31 6 12 34 56 78"),
        created_at=datetime(2026, 11, 1, 9, 30, tzinfo=UTC),
        can_email=True,
        owner_email="r@example.org",
        origin="open dag",
    )


def test_every_noun_is_read_from_its_own_field_names() -> None:
    stage = {"id": 3, "name": "Gesprek", "kind": "Interview", "order": 2}

    assert MAPPER.to_user({"id": 1, "name": "R", "email": "R@x.nl", "active": False}) == AtsUser(
        "1", "R", "r@x.nl", False
    )
    assert MAPPER.to_application({"id": "a", "candidate_id": 5, "status": "Afgewezen"}) == Application(
        "a", candidate_id="5", status="rejected"
    )
    assert MAPPER.to_job({"id": "9", "status": "Gesloten", "stages": [stage]}) == Job(
        "9", status="closed", stages=(JobStage("3", "9", "Gesprek", "interview", 2),)
    )


def test_a_vacancy_may_say_where_it_is() -> None:
    assert MAPPER.to_job({"id": "9", "Standplaats": "Zwolle"}) == Job("9")  # columns come in their normal spelling
    assert MAPPER.to_job({"id": "9", "standplaats": "Zwolle"}) == Job("9", location="Zwolle")
    assert MAPPER.to_job({"id": "9", "location": "Zwolle"}) == Job("9", location="Zwolle")


def test_only_ids_are_required_and_absent_is_unknown() -> None:
    assert MAPPER.to_candidate({"id": "1"}) == Candidate("1")
    assert MAPPER.to_job({"id": "1"}) == Job("1")
    assert MAPPER.to_application({"id": "1"}) == Application("1")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2026-11-01T10:00:00Z", datetime(2026, 11, 1, 10, tzinfo=UTC)),
        ("2026-11-01T10:00:00.123+01:00", datetime(2026, 11, 1, 9, 0, 0, 123000, tzinfo=UTC)),
        ("2026-11-01 10:00:00 UTC", datetime(2026, 11, 1, 10, tzinfo=UTC)),
        ("2026-11-01 10:00", datetime(2026, 11, 1, 9, tzinfo=UTC)),  # no offset: the team's zone
        ("2026-07-01", datetime(2026, 6, 30, 22, tzinfo=UTC)),  # local midnight
        ("1-7-2026", datetime(2026, 6, 30, 22, tzinfo=UTC)),
        ("01/11/2026 9:05:30", datetime(2026, 11, 1, 8, 5, 30, tzinfo=UTC)),
        ("29-03-2026 02:30", datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),  # an hour that was skipped
        ("", None),
        ("-", None),
        (None, None),
    ],
)
def test_moments_come_as_iso_and_as_dutch_dates(cell: Any, expected: datetime | None) -> None:
    assert MAPPER.to_candidate({"id": "1", "created_at": cell}).created_at == expected


@pytest.mark.parametrize(
    ("raw", "field", "reason"),
    [
        ({}, "id", "missing"),
        ({"id": ""}, "id", "missing"),
        ({"id": "3,16E+10"}, "id", "Excel turned the number into 3,16E+10"),
        ({"id": "1", "mobiel": "3.1612345678E+10"}, "phone_numbers", "Excel turned the number into 3.16E+10"),
        ({"id": "1", "created_at": "31-02-2026"}, "created_at", "not a date"),
        ({"id": "1", "created_at": "45962"}, "created_at", "not a date"),  # Excel's day number
        ({"id": "1", "created_at": 45962}, "created_at", "not a date"),
        ({"id": "1", "created_at": "0001-01-01"}, "created_at", "not a date"),
        ({"id": "1", "created_at": "11/23/2026"}, "created_at", "not a date"),  # American
        ({"id": "1", "can_email": "misschien"}, "can_email", "not ja or nee"),
        ({"id": "1", "first_name": '=HYPERLINK("x")'}, "first_name", "starts like a spreadsheet formula"),
        ({"id": "1", "first_name": "'@SUM(A1)"}, "first_name", "starts like a spreadsheet formula"),
        (
            {"id": "1", "first_name": "a\x00b"},
            "first_name",
            "holds control or unreadable characters; save the file as UTF-8",
        ),
        (
            {"id": "1", "first_name": "Jos\ufffd"},
            "first_name",
            "holds control or unreadable characters; save the file as UTF-8",
        ),
        (
            {"id": "1", "first_name": "\ud800"},
            "first_name",
            "holds control or unreadable characters; save the file as UTF-8",
        ),
        ({"id": "1", "first_name": "x" * 65_537}, "first_name", "longer than 65536 characters"),
        ({"id": "x" * 256}, "id", "longer than 255 characters"),
        ({"id": "1", "first_name": {}}, "first_name", "not a text"),
        ({"id": True}, "id", "not a text"),
        ({"id": 1.5}, "id", "not a text"),
    ],
)
def test_a_wrong_value_is_refused_with_its_field_and_reason(raw: dict[str, Any], field: str, reason: str) -> None:
    with pytest.raises(InvalidRecord) as refused:
        MAPPER.to_candidate(raw)

    assert (refused.value.field, refused.value.reason) == (field, reason)


def test_an_unknown_word_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InvalidRecord) as refused:
        MAPPER.to_application({"id": "1", "status": "on hold"})

    assert refused.value.reason == "unknown word; known: active, hired, prospect, rejected, withdrawn"


@pytest.mark.parametrize("cell", ["+31612345678", "+31 (0)6-12345678", "'+31612345678", "-5", "'t Zand", "O'Brien"])
def test_phones_negative_numbers_and_apostrophes_are_no_formulas(cell: str) -> None:
    assert MAPPER.to_candidate({"id": "1", "last_name": cell}).last_name == cell.removeprefix(
        "'" if "+" in cell else ""
    )


@pytest.mark.parametrize(("cell", "expected"), [("3", 3), ("3,0", 3), (3.0, 3), ("-1", -1)])
def test_whole_numbers_may_have_a_decimal_comma(cell: Any, expected: int) -> None:
    job = MAPPER.to_job({"id": "1", "stages": [{"id": "s", "order": cell}]})

    assert job.stages[0].position == expected


def test_a_stage_that_cannot_be_read_refuses_the_job_by_the_stages_field() -> None:
    with pytest.raises(InvalidRecord) as refused:
        MAPPER.to_job({"id": "1", "stages": [{"id": "s", "kind": "lunch"}]})

    assert refused.value.field == "stages.kind"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("https://jobs.example.org/1#top", "https://jobs.example.org/1"),
        ("https://jobs.example.org/1?who=sanne", None),  # queries may hold a person's data
        ("", None),
    ],
)
def test_addresses_of_vacancies_come_without_queries(cell: str, expected: str | None) -> None:
    assert MAPPER.to_job({"id": "1", "post_url": cell}).post_url == expected


def test_the_same_visitor_of_the_same_event_has_one_id_however_it_is_written() -> None:
    rows = [
        {"event": "Open dag", "kind": "aanwezig", "email": "Sanne@example.org", "voornaam": "Sanne"},
        {"evenement": "open  dag", "soort": "attended", "e_mail": "sanne@example.org"},
    ]

    first, second = (MAPPER.to_attendance(row) for row in rows)

    assert first == Attendance(first.remote_id, "Open dag", "attended", email="sanne@example.org", first_name="Sanne")
    assert first.remote_id == second.remote_id
    assert MAPPER.to_attendance(rows[0] | {"kind": "no-show"}).remote_id != first.remote_id


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        ({"kind": "attended", "email": "a@b.nl"}, "event"),
        ({"event": "Open dag", "email": "a@b.nl"}, "kind"),
        ({"event": "Open dag", "kind": "attended"}, "email"),
    ],
)
def test_a_line_of_a_sheet_needs_event_kind_and_a_person(raw: dict[str, str], field: str) -> None:
    with pytest.raises(InvalidRecord) as refused:
        MAPPER.to_attendance(raw)

    assert refused.value.field == field


def test_a_file_of_ones_own_adds_columns_and_words(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(
        '[candidates]\nfirst_name = "Roepnaam kandidaat"\n[applications]\nstatus = ["Fase"]\nstage_id = []\n'
        '[words.application_status]\nrejected = ["Helaas"]\n',
        encoding="utf-8",
    )
    path.write_text(path.read_text(encoding="utf-8").replace('["Fase"]', '["Toestand"]'), encoding="utf-8")

    own = Mapper(path, ZONE)

    assert own.columns("candidates")["roepnaam_kandidaat"] == "first_name"
    assert own.to_application({"id": "1", "toestand": "helaas"}).status == "rejected"


def test_everything_wrong_in_a_file_of_ones_own_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(
        '[people]\nid = "x"\n[candidates]\nshoe = "maat"\nfirst_name = 3\nlast_name = ["Geboortedatum", "voornaam"]\n'
        '[words.nothing]\na = ["b"]\n',
        encoding="utf-8",
    )

    with pytest.raises(ConfigError) as refused:
        Mapper(path, ZONE)

    told = str(refused.value)
    for part in (
        "people: unknown table",
        "shoe: unknown name",
        "first_name: is not a list",
        "words.nothing",
        "geboortedatum may never",
        "voornaam already fills first_name",
    ):
        assert part in told


@pytest.mark.parametrize("content", ["[", None])
def test_a_file_of_ones_own_that_cannot_be_read_is_told(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "own.toml").write_text(content, encoding="utf-8")

    with pytest.raises(ConfigError):
        Mapper(tmp_path / "own.toml", ZONE)


CELLS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30)
VALUES = CELLS | st.lists(CELLS, max_size=3) | st.dictionaries(st.text(max_size=5), CELLS, max_size=2)


@settings(max_examples=200, deadline=None)
@given(data=st.data(), noun=st.sampled_from(["candidates", "jobs", "applications", "users", "attendance"]))
def test_no_row_breaks_the_mapper(data: st.DataObject, noun: str) -> None:
    assert noun in NOUNS
    raw = data.draw(st.dictionaries(st.sampled_from(sorted(MAPPER.columns(noun))), VALUES, max_size=6))
    read = {
        "candidates": MAPPER.to_candidate,
        "jobs": MAPPER.to_job,
        "applications": MAPPER.to_application,
        "users": MAPPER.to_user,
        "attendance": MAPPER.to_attendance,
    }[noun]

    try:
        read({"id": "1", **raw})
    except InvalidRecord as refused:
        assert refused.field
        assert refused.reason
