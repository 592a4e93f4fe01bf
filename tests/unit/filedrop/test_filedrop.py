"""The file drop against real files in a temporary folder."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.filedrop import FileDrop, rows
from connectors.protocols import FileReceipt, Page, Rejected, Window
from mappings import rules
from mappings.filedrop import NOUNS, Mapper
from sync.errors import BadAnswer, FatalError, InvalidRecord, RetriableError

MAPPER = Mapper(None, ZoneInfo("Europe/Amsterdam"))
COLUMNS = {noun: MAPPER.columns(noun) for noun in NOUNS}
WINDOW = Window(None, datetime(2026, 11, 24, tzinfo=UTC))


class Ledger:
    """The last bytes read under each name, as the store keeps them."""

    def __init__(self) -> None:
        self.last: dict[str, str] = {}

    def already_read(self, sha256: str, name: str) -> bool:
        return self.last.get(name) == sha256

    def keep(self, receipt: FileReceipt | None) -> None:
        if receipt:
            self.last[receipt.name] = receipt.sha256


def drop_at(folder: Path, ledger: Ledger | None = None) -> FileDrop:
    return FileDrop("ats", folder, COLUMNS, (ledger or Ledger()).already_read)


def pages_of(folder: Path, noun: str = "candidates", ledger: Ledger | None = None) -> list[Page]:
    pages = list(drop_at(folder, ledger).fetch_pages(noun, WINDOW, None))
    for page in pages:
        if ledger:
            ledger.keep(page.receipt)
    return pages


def ids_of(pages: list[Page]) -> list[str]:
    return [str(record["id"]) for page in pages for record in page.records]


def rejected_of(pages: list[Page]) -> list[Rejected]:
    return [row for page in pages for row in page.rejected]


@pytest.fixture
def put(tmp_path: Path) -> Callable[..., Path]:
    """Writes a file into the folder, each a minute later than the one before."""
    clock = [1_700_000_000]

    def write(name: str, content: str | bytes, at: int | None = None) -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        clock[0] += 60
        os.utime(path, (at or clock[0], at or clock[0]))
        return path

    return write


def test_reads_a_csv_with_its_references_and_a_receipt(tmp_path: Path, put: Callable[..., Path]) -> None:
    put("candidates.csv", "id;Voornaam;Geboortedatum\n1;Sanne;1990-01-01\n2;Jan;\n")

    pages = pages_of(tmp_path)

    assert [dict(record) for record in pages[0].records] == [
        {"id": "1", "voornaam": "Sanne", "_ref": "candidates.csv:2"},
        {"id": "2", "voornaam": "Jan", "_ref": "candidates.csv:3"},
    ]
    assert pages[0].receipt is not None
    assert (pages[0].receipt.rows, pages[0].receipt.rejected, pages[0].token) == (2, 0, None)


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("candidates.csv", True),
        ("Candidates.CSV", True),
        ("candidates-2026-11-01.snapshot.csv", True),
        ("candidates.delta-evening.csv", True),
        ("candidates_2026.csv", True),
        ("candidates (1).csv", True),
        ("candidates.csv.part", False),  # still being written
        ("candidates.csv.tmp", False),
        (".candidates.csv", False),  # hidden
        ("candidates_old/candidates.csv", False),  # another folder
        ("candidatesorted.csv", False),  # another word
        ("people.csv", False),
    ],
)
def test_only_files_named_after_a_noun_count(tmp_path: Path, name: str, counts: bool) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("id\n7\n", encoding="utf-8")

    assert ids_of(pages_of(tmp_path)) == (["7"] if counts else [])


@pytest.mark.parametrize(
    "content",
    [
        "id;voornaam\n1;José\n".encode(),  # UTF-8
        "id,voornaam\r\n1,José\r\n".encode("utf-8-sig"),  # with a mark and Windows lines
        "id\tvoornaam\n1\tJosé\n".encode("cp1252"),  # old Excel
        "id;voornaam\n1;José\n".encode("utf-16"),  # Excel's Unicode text
        "id;voornaam\n1;José\n".encode("utf-16-le"),  # without its mark
        "id;voornaam\n1;José\n".encode("utf-16-be"),
        "sep=;\nid;voornaam\n1;José\n".encode(),  # Excel's first line
        'id;voornaam\n"1";"José"\n'.encode(),
        b'id;voornaam\n1;"Jos\xc3\xa9"',  # no last newline
        "id;voornaam;;\n1;José;;\n\n;;;\n".encode(),  # empty columns and rows
    ],
)
def test_reads_the_csv_files_that_offices_make(tmp_path: Path, put: Callable[..., Path], content: bytes) -> None:
    put("candidates.csv", content)

    pages = pages_of(tmp_path)

    assert [MAPPER.to_candidate(record).first_name for page in pages for record in page.records] == ["José"]
    assert rejected_of(pages) == []


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        # columns too few: only that row
        ("candidates.csv", "id;voornaam\n1\n2;Jan\n", (["2"], [("candidates.csv:2", "row")])),
        # a quote that never closes costs one row, not the rest of the file
        ("candidates.csv", 'id;voornaam\n1;"Sanne\n2;Jan\n3;Piet\n', (["2", "3"], [("candidates.csv:2", "row")])),
        # two stray quotes do not swallow what lies between
        (
            "candidates.csv",
            'id;voornaam\n1;"San\n2;Jan\n3;"P\n',
            (["2"], [("candidates.csv:2", "row"), ("candidates.csv:4", "row")]),
        ),
        # a quoted newline is one record
        ("candidates.csv", 'id;voornaam\n1;"Sanne\nMaria"\n2;Jan\n', (["1", "2"], [])),
        # a quote in the middle of a cell is text
        ("candidates.csv", 'id;voornaam\n1;San"ne\n2;Jan\n', (["1", "2"], [])),
        (
            "candidates.jsonl",
            '{"id": 1}\nnonsense\n[1]\n{"id": 2}\n',
            (["1", "2"], [("candidates.jsonl:2", "row"), ("candidates.jsonl:3", "row")]),
        ),
        # cut off in the last line
        ("candidates.jsonl", '{"id": 1}\n{"id": 2, "fi', (["1"], [("candidates.jsonl:2", "row")])),
        ("candidates.csv", "id;voornaam\n1;Sanne\n2", (["1"], [("candidates.csv:3", "row")])),
        # no header, or one without an id: the file, once, and not each row
        ("candidates.csv", "1;Sanne\n2;Jan\n", ([], [("candidates.csv", "file")])),
        ("candidates.csv", "voornaam\nSanne\nJan\n", ([], [("candidates.csv", "file")])),
        ("candidates.csv", "id;voornaam;Voornaam\n1;a;b\n", ([], [("candidates.csv", "file")])),
        ("candidates.jsonl", '{"id": ' + "9" * 5000 + "}\n", ([], [("candidates.jsonl:1", "row")])),
        ("candidates.jsonl", "[" * 100_000 + "\n" + '{"id": 2}\n', (["2"], [("candidates.jsonl:1", "row")])),
    ],
)
def test_a_row_that_cannot_be_read_is_left_out_and_told(
    tmp_path: Path, put: Callable[..., Path], name: str, content: str, expected: tuple[list[str], list[tuple[str, str]]]
) -> None:
    put(name, content)

    pages = pages_of(tmp_path)

    assert ids_of(pages) == expected[0]
    assert [(row.ref, row.field) for row in rejected_of(pages)] == expected[1]


def test_a_line_without_end_is_left_out_without_being_held(
    tmp_path: Path, put: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "MAX_LINE", 100)
    put("candidates.jsonl", '{"id": 1, "first_name": "' + "x" * 1000 + '"}\n{"id": 2}\n')

    pages = pages_of(tmp_path)

    assert (ids_of(pages), [row.ref for row in rejected_of(pages)]) == (["2"], ["candidates.jsonl:1"])


def test_only_known_columns_leave_the_connector_also_inside_objects(tmp_path: Path, put: Callable[..., Path]) -> None:
    stage = {"id": "s", "name": "Gesprek", "kind": "interview", "opmerking": "geheim"}
    put("jobs.jsonl", json.dumps({"id": "1", "name": {"geheim": "x"}, "bsn": "1", "stages": [stage]}) + "\n")

    pages = pages_of(tmp_path, "jobs")

    kept = {"id": "s", "name": "Gesprek", "kind": "interview"}
    assert [dict(record) for record in pages[0].records] == [
        {"id": "1", "name": {}, "stages": [kept], "_ref": "jobs.jsonl:1"}
    ]


def test_unknown_columns_are_told_once_by_name(
    tmp_path: Path, put: Callable[..., Path], caplog: pytest.LogCaptureFixture
) -> None:
    put("candidates.csv", "id;Schoenmaat;sanne@example.org\n1;42;x\n")
    drop = drop_at(tmp_path)

    with caplog.at_level(logging.WARNING):
        for _ in range(2):
            list(drop.fetch_pages("candidates", WINDOW, None))

    told = [record for record in caplog.records if getattr(record, "action", "") == "filedrop.unknown_columns"]
    assert [record.columns for record in told] == [("Schoenmaat",)]  # type: ignore[attr-defined]


def test_pages_hold_at_most_500_rows_and_a_token_goes_on_after_them(tmp_path: Path, put: Callable[..., Path]) -> None:
    put("candidates.csv", "id\n" + "".join(f"{number}\n" for number in range(1100)))
    drop = drop_at(tmp_path)

    whole = list(drop.fetch_pages("candidates", WINDOW, None))
    resumed = list(drop.fetch_pages("candidates", WINDOW, whole[0].token))

    assert [len(page.records) for page in whole] == [500, 500, 100]
    assert [page.receipt is not None for page in whole] == [False, False, True]
    assert resumed == whole[1:]


def test_a_token_of_bytes_that_are_gone_starts_again(tmp_path: Path, put: Callable[..., Path]) -> None:
    put("candidates.csv", "id\n" + "".join(f"{number}\n" for number in range(600)))
    token = pages_of(tmp_path)[0].token
    put("candidates.csv", "id\nnew\n")

    assert ids_of(list(drop_at(tmp_path).fetch_pages("candidates", WINDOW, token))) == ["new"]


def test_the_newest_snapshot_makes_older_files_moot_and_younger_ones_follow(
    tmp_path: Path, put: Callable[..., Path]
) -> None:
    put("candidates-1.csv", "id\nold\n")
    put("candidates-2.snapshot.csv", "id\nsnap\n")
    put("candidates-3.csv", "id\nyoung\n")

    pages = pages_of(tmp_path)

    assert ids_of(pages) == ["snap", "young"]
    assert [(page.snapshot_begin, page.snapshot_end) for page in pages] == [(True, True), (False, False)]


def test_files_of_one_moment_go_by_the_date_in_their_name_and_a_snapshot_goes_before_deltas(
    tmp_path: Path, put: Callable[..., Path]
) -> None:
    for name in ("candidates-2026-11-02.csv", "candidates-2026-11-01.csv", "candidates-2026-11-01.snapshot.csv"):
        put(name, f"id\n{name[11:]}\n", at=1_700_000_000)

    assert ids_of(pages_of(tmp_path)) == ["2026-11-01.snapshot.csv", "2026-11-01.csv", "2026-11-02.csv"]


@pytest.mark.parametrize("content", ["", "\n\n", "id;voornaam\n"])
def test_a_snapshot_without_rows_deletes_nobody_and_makes_nothing_moot(
    tmp_path: Path, put: Callable[..., Path], content: str
) -> None:
    put("candidates-1.csv", "id\n1\n")
    put("candidates-2.snapshot.csv", content)

    pages = pages_of(tmp_path)

    assert ids_of(pages) == ["1"]
    assert not any(page.snapshot_end for page in pages)
    assert [(row.ref, row.field) for row in rejected_of(pages)] == [("candidates-2.snapshot.csv", "file")]


def test_a_snapshot_with_an_unreadable_row_deletes_nobody_also_when_resumed(
    tmp_path: Path, put: Callable[..., Path]
) -> None:
    put("candidates.snapshot.jsonl", "nonsense\n" + "".join(f'{{"id": {number}}}\n' for number in range(600)))
    drop = drop_at(tmp_path)

    whole = list(drop.fetch_pages("candidates", WINDOW, None))
    resumed = list(drop.fetch_pages("candidates", WINDOW, whole[0].token))

    assert not any(page.snapshot_end for page in [*whole, *resumed])
    assert resumed[-1].receipt == whole[-1].receipt


def test_a_file_is_read_once_and_again_when_it_changes_also_back(tmp_path: Path, put: Callable[..., Path]) -> None:
    ledger = Ledger()
    seen = []
    for content in ("id\nopen\n", "id\nopen\n", "id\nclosed\n", "id\nopen\n"):
        put("candidates.csv", content)
        seen.append(ids_of(pages_of(tmp_path, ledger=ledger)))

    assert seen == [["open"], [], ["closed"], ["open"]]


def test_equal_bytes_under_another_name_are_a_message_of_their_own(tmp_path: Path, put: Callable[..., Path]) -> None:
    put("candidates-1.csv", "id\n1\n")
    put("candidates-2.csv", "id\n1\n")

    pages = pages_of(tmp_path)

    assert [page.receipt.name for page in pages if page.receipt] == ["candidates-1.csv", "candidates-2.csv"]
    assert pages[0].token is not None
    assert ids_of(list(drop_at(tmp_path).fetch_pages("candidates", WINDOW, pages[0].token))) == ["1"]


def test_a_quiet_folder_gives_one_empty_page(tmp_path: Path) -> None:
    assert pages_of(tmp_path) == [Page(records=(), token=None)]


def test_stages_join_their_jobs_and_new_stages_make_jobs_unread(tmp_path: Path, put: Callable[..., Path]) -> None:
    ledger = Ledger()
    put("jobs.csv", "Vacaturenummer;Vacature\n9;Verpleegkundige\n10;Kok\n")
    put("stages.csv", "Vacaturenummer;Fase ID;Fase;Soort;Volgorde\n9;a;Gesprek;gesprek;2\nx\n")

    first = pages_of(tmp_path, "jobs", ledger)
    again = pages_of(tmp_path, "jobs", ledger)
    put("stages.csv", "job_id;id;kind\n9;b;offer\n")
    changed = pages_of(tmp_path, "jobs", ledger)

    assert [[stage.remote_id for stage in MAPPER.to_job(job).stages] for job in first[0].records] == [["a"], []]
    assert [row.ref for row in first[0].rejected] == ["stages.csv:3"]
    assert ids_of_jobs(again) == []
    assert [[stage.remote_id for stage in MAPPER.to_job(job).stages] for job in changed[0].records] == [["b"], []]


def ids_of_jobs(pages: list[Page]) -> list[str]:
    return [MAPPER.to_job(record).remote_id for page in pages for record in page.records]


def test_a_file_that_changes_while_it_is_read_has_no_receipt(tmp_path: Path, put: Callable[..., Path]) -> None:
    path = put("candidates.snapshot.csv", "id\n" + "".join(f"{number:06}\n" for number in range(60_000)))
    pages = drop_at(tmp_path).fetch_pages("candidates", WINDOW, None)
    first = next(pages)
    with path.open("r+b") as file:
        file.truncate(350_000)

    with pytest.raises(BadAnswer, match="changed while it was read"):
        assert not any(page.receipt or page.snapshot_end for page in [first, *pages])


def test_a_folder_that_is_not_there_is_told_with_the_next_step(tmp_path: Path) -> None:
    with pytest.raises(FatalError, match=r"cannot be read.*warmline doctor"):
        drop_at(tmp_path / "nowhere").check()
    with pytest.raises(FatalError):
        list(drop_at(tmp_path / "nowhere").fetch_pages("users", WINDOW, None))


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_without_permission_leaves_the_stream_incomplete(tmp_path: Path, put: Callable[..., Path]) -> None:
    put("candidates.csv", "id\n1\n").chmod(0)

    with pytest.raises(RetriableError):
        pages_of(tmp_path)


def test_the_error_report_holds_lines_and_reasons_and_goes_when_all_is_well(tmp_path: Path) -> None:
    drop = drop_at(tmp_path)

    report = drop.write_error_report(
        "a.csv", [Rejected("a.csv:3", "created_at", "not a date"), Rejected("a.csv", "file", "x")]
    )

    assert report == tmp_path / "rejected" / "a.csv.errors.csv"
    assert report.read_text(encoding="utf-8-sig") == "line;field;reason\n3;created_at;not a date\n;file;x\n"
    assert drop.write_error_report("a.csv", []) is None
    assert not report.exists()


def test_a_report_that_cannot_be_written_is_logged_and_not_raised(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "rejected").write_text("a file where the folder should be", encoding="utf-8")

    assert drop_at(tmp_path).write_error_report("a.csv", [Rejected("a.csv:3", "id", "missing")]) is None
    assert [getattr(record, "action", "") for record in caplog.records] == ["filedrop.report_failed"]


def test_no_report_is_written_when_it_is_switched_off(tmp_path: Path) -> None:
    drop = FileDrop("ats", tmp_path, COLUMNS, lambda *_: False, errors_report=False)

    assert drop.write_error_report("a.csv", [Rejected("a.csv:3", "id", "missing")]) is None
    assert list(tmp_path.iterdir()) == []


@given(st.text())
def test_column_names_are_spelled_alike_in_connector_and_mapping(name: str) -> None:
    assert rows.normal_name(name) == rules.normal_name(name)


HEADERS = st.sampled_from(
    [b"", b"id;voornaam;email\n", b'{"id": 1, "voornaam": ', b"\xff\xfe", b"\xef\xbb\xbf", b"sep=x\n"]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(head=HEADERS, body=st.binary(max_size=400), suffix=st.sampled_from(["csv", "jsonl", "snapshot.csv"]))
def test_no_bytes_break_the_reader_or_the_mapper(tmp_path: Path, head: bytes, body: bytes, suffix: str) -> None:
    for old in tmp_path.iterdir():
        old.unlink()
    (tmp_path / f"candidates.{suffix}").write_bytes(head + body)

    pages = pages_of(tmp_path)

    assert pages[-1].token is None
    for page in pages:
        for record in page.records:
            try:
                MAPPER.to_candidate(record)
            except InvalidRecord:
                continue
