"""Stories 8 and 10: bad rows are named and set aside, cut pulls go on, half a mirror plans nothing."""

from __future__ import annotations

import pytest

from sync.errors import MissingScope
from tests.integration.conftest import Stage, applied, candidate

COUNTS = ("fetched", "stored", "unchanged", "duplicate", "suppressed", "quarantined", "deleted")


def balanced(counts: dict[str, int]) -> bool:
    """Nothing lost: each record fetched went somewhere."""
    return counts["fetched"] == sum(counts[name] for name in COUNTS[1:6])


def test_records_that_cannot_be_mapped_are_set_aside_with_field_and_reason_and_the_run_goes_on(stage: Stage) -> None:
    good = stage.person(1, "Jan", "de Vries")
    stage.fan_signs(good)
    bad = stage.contact("Piet", "Vos", hs_analytics_num_visits="veel")
    stage.drop(
        "candidates",
        candidate("c2", "Lia", "Los", created_at="gisteren"),
        {"first_name": "Zonder", "last_name": "Nummer"},
        candidate("c3", "Kees", "Bos"),
        name="candidates-2.jsonl",
    )
    stage.drop("applications", applied("a1", "c1", "j1", stage.now, status="misschien"), name="applications-1.jsonl")
    report = stage.sync()

    assert report["complete"]
    assert [(stream, field) for stream, field, _ in stage.quarantine()] == [
        ("ats.applications", "status"),
        ("ats.candidates", "created_at"),
        ("ats.candidates", "id"),
        ("hubspot.contacts", "hs_analytics_num_visits"),
    ]
    assert not any(
        "veel" in reason or "gisteren" in reason or "misschien" in reason for *_, reason in stage.quarantine()
    )
    assert all(balanced(counts) for counts in report["streams"].values())
    assert len(stage.tasks(good)) == 1
    assert (stage.folder / "ats" / "rejected" / "candidates-2.jsonl.errors.csv").read_text("utf-8-sig").splitlines()[
        0
    ] == "line;field;reason"
    lines = (stage.folder / "ats" / "rejected" / "candidates-2.jsonl.errors.csv").read_text("utf-8-sig").splitlines()
    assert [line.split(";")[:2] for line in lines[1:]] == [["1", "created_at"], ["2", "id"]]
    assert bad


def test_a_row_that_is_mended_leaves_the_quarantine(stage: Stage) -> None:
    stage.drop("candidates", candidate("c2", "Lia", "Los", created_at="gisteren"), name="candidates.jsonl")
    contact = stage.contact("Piet", "Vos", hs_analytics_num_visits="veel")
    stage.sync()
    before = len(stage.quarantine())
    stage.drop("candidates", candidate("c2", "Lia", "Los"), name="candidates.jsonl")
    record = stage.portal.record("contacts", contact)
    stage.portal.stores["contacts"].change(record, {"hs_analytics_num_visits": "3"}, record.source)
    stage.later(minutes=10)
    report = stage.sync()

    assert (before, stage.quarantine()) == (2, [])
    assert report["people"]["candidates"] == 1
    assert report["people"]["contacts"] == 1


def test_a_file_that_comes_again_is_not_applied_twice(stage: Stage) -> None:
    old = candidate("c1", "Jan", "de Vries", updated_at="2026-11-01T10:00:00Z")
    stage.drop("candidates", old, name="candidates-1.jsonl")
    stage.sync()
    first = stage.tables("candidate", "person", "person_link", "work")
    stage.later(minutes=5)
    again = [stage.sync()["streams"]["ats.candidates"]["fetched"]]  # the same file, still there
    stage.drop("candidates", old, name="candidates-1.jsonl")  # written again, the same bytes
    stage.later(minutes=5)
    again.append(stage.sync()["streams"]["ats.candidates"]["fetched"])
    stage.drop("candidates", old, name="candidates-copy.jsonl")  # under another name: read, and nothing changes
    stage.later(minutes=5)
    report = stage.sync()["streams"]["ats.candidates"]

    assert again == [0, 0]
    assert (report["fetched"], report["stored"], report["unchanged"]) == (1, 0, 1)
    assert stage.tables("candidate", "person", "person_link", "work") == first


def test_an_older_row_that_comes_late_changes_nothing(stage: Stage) -> None:
    stage.drop("candidates", candidate("c1", "Jan", "de Vries", "nieuw@example.com", updated_at="2026-11-20T10:00:00Z"))
    stage.sync()
    stage.drop("candidates", candidate("c1", "Jan", "de Vries", "oud@example.com", updated_at="2026-11-01T10:00:00Z"))
    stage.later(minutes=5)
    stage.sync()

    assert stage.tables("identity_key")["identity_key"] == [
        ("ats", "c1", "email:nieuw@example.com"),
        ("ats", "c1", "id:ats:c1"),
    ]


def test_a_dutch_office_export_is_read_as_it_is(stage: Stage) -> None:
    contact = stage.contact("Zoë", "van der Berg-Özdemir", "zoe@example.com", hubspot_owner_id="702")
    stage.fan_signs(contact)
    stage.drop_text(
        "Kandidaten.csv",
        "wordt niet gelezen",
    )
    text = (
        "Kandidaatnummer;Roepnaam;Tussenvoegsel;Achternaam;E-mailadres;Mobiel;Gewijzigd op;BSN\r\n"
        "K-1;Zoë;van der;Berg-Özdemir;zoe@example.com|zoe.berg@example.org;06 - 12 34 56 78;20-11-2026 14:30;"
        "123456782\r\n"
        ";;;;;;;\r\n"
    )
    stage.drop_text("candidates.snapshot 2026-11-23.csv", text.encode("cp1252"))
    stage.drop_text(
        "jobs.csv", "Vacaturenummer;Functie;Stand;Vertrouwelijk\r\nV9;Verpleegkundige;online;nee\r\n".encode("utf-16")
    )
    stage.drop_text("stages.csv", b"vacaturenummer;fase_id;naam;soort;volgorde\r\nV9;f1;Gesprek;gesprek;1\r\n")
    stage.drop_text(
        "applications.csv",
        b"Sollicitatienummer;Kandidaatnummer;Vacaturenummer;Stand;Sollicitatiedatum;Fase\r\n"
        b"S1;K-1;V9;ingetrokken;01-10-2026;f1\r\n",
    )
    report = stage.sync()

    assert report["complete"]
    [task] = stage.tasks(contact)
    body = task.properties["hs_task_body"].split("<br>")
    assert task.properties["hs_task_subject"] == "Bel Zoë van der Berg-Özdemir"
    assert "Gesolliciteerd: Verpleegkundige, 1 okt, teruggetrokken." in body
    assert stage.properties(contact)["warmline_candidate_id"] == "ats:K-1"
    assert b"123456782" not in stage.mirror.read_bytes()


def test_a_pull_that_is_cut_goes_on_at_the_next_page_and_nothing_is_planned_before(stage: Stage) -> None:
    for number in range(230):
        stage.contact(f"Naam{number}x", "Vos")
    stage.drop("candidates", *[candidate(f"c{number}", f"Naam{number}x", "Vos") for number in range(20)])
    stage.portal.plan_fault("status", "/objects/.*contacts$", method="GET", skip=1, times=30, status=502)
    cut = stage.sync()
    reasons = stage.outcome.reasons if stage.outcome else []
    stage.portal.faults.clear()
    stage.later(minutes=5)
    report = stage.sync()

    assert not cut["complete"]
    assert cut["streams"]["hubspot.contacts"]["fetched"] == 100
    assert reasons[-1] == "nothing is planned before every stream was read to its end once"
    assert cut["actions"]["update_contact"]["planned"] == 0
    assert report["complete"]
    assert report["streams"]["hubspot.contacts"]["fetched"] == 130
    assert report["people"]["contacts"] == 230
    assert report["actions"]["update_contact"]["applied"] == 20


def test_a_change_made_while_a_first_read_was_cut_is_not_lost(stage: Stage) -> None:
    ids = [stage.contact(f"Naam{number}x", "Vos") for number in range(120)]
    stage.drop("candidates", candidate("c0", "Naam0x", "Vos"))
    stage.portal.plan_fault("status", "/objects/.*contacts$", method="GET", skip=1, times=30, status=502)
    stage.sync()
    stage.portal.faults.clear()
    stage.later(minutes=5)
    stage.fan_signs(ids[0])
    stage.later(minutes=5)
    stage.sync()
    stage.later(minutes=5)
    stage.sync()

    assert len(stage.tasks(ids[0])) == 1


def test_a_missing_scope_of_a_stream_the_work_needs_stops_the_run_before_anything_is_written(stage: Stage) -> None:
    stage.fan_signs(stage.person(1, "Jan", "de Vries"))
    stage.portal.scopes -= {"crm.objects.owners.read"}
    with pytest.raises(MissingScope) as stopped:
        stage.sync()

    assert "crm.objects.owners.read" in str(stopped.value)
    assert (stage.tasks(), stage.writes()) == ([], 0)
    stage.portal.scopes |= {"crm.objects.owners.read"}
    assert stage.sync()["complete"]
    assert len(stage.tasks()) == 1


def test_a_missing_scope_of_an_optional_stream_switches_it_off_with_a_line_and_the_rest_goes_on(stage: Stage) -> None:
    stage.fan_signs(jan := stage.person(1, "Jan", "de Vries"))
    body = {
        "status": "error",
        "category": "MISSING_SCOPES",
        "message": "x",
        "context": {"requiredGranularScopes": ["y"]},
    }
    stage.portal.plan_fault("status", "/calls", status=403, body=body, times=9)
    report = stage.sync()

    assert stage.outcome is not None
    assert [(one.stream, one.off, one.error != "") for one in stage.outcome.streams if one.lost and one.error] == [
        ("hubspot.calls", True, True)
    ]
    assert report["complete"]
    assert len(stage.tasks(jan)) == 1


@pytest.mark.parametrize("stream, path", [("hubspot.contacts", "/contacts/search"), ("hubspot.tasks", "/tasks/search")])
def test_a_stream_that_fails_later_makes_the_run_incomplete_and_loses_nothing(
    stage: Stage, stream: str, path: str
) -> None:
    jan = stage.person(1, "Jan", "de Vries")
    stage.sync()
    stage.fan_signs(jan)
    stage.later(minutes=10)
    stage.portal.plan_fault("status", path, times=30, status=500)
    report = stage.sync()
    reasons = stage.outcome.reasons if stage.outcome else []
    stage.portal.faults.clear()
    stage.later(hours=3)
    stage.sync()

    assert not report["complete"]
    assert [reason.partition(":")[0] for reason in reasons] == [stream]
    assert len(stage.tasks(jan)) == 1
