"""What Recruitee is asked, and what becomes of its answers: by `responses`, without a socket."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import responses

from connectors.protocols import Page, Source, Window
from connectors.recruitee import RecruiteeOptions, connect
from sync.errors import BadAnswer, MissingScope, NotServed
from tests.unit.connectors.conftest import FakeTime

BASE = "https://api.recruitee.com/c/4242"
NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
ALL = Window(None, NOW)
LATELY = Window(NOW - timedelta(minutes=25), NOW)
FIELDS = {
    "users": ["email", "name"],
    "jobs": ["title", "recruiter.email"],
    "stages": ["name"],
    "candidates": ["name", "emails", "admin.email", "deleted_at"],
    "applications": ["candidate_id", "offer_id", "stage_id", "disqualify_reason", "offer.kind", "candidate.source"],
}
Answers = dict[str, Any]
PLACEMENT = {"id": 5, "offer_id": 7, "stage_id": 9, "disqualify_reason": None}
NOVA = {"id": 1, "name": "Nova", "source": "site", "emails": ["n@x.nl"], "admin_id": 3, "placements": [PLACEMENT]}
EVERYBODY = {"hits": [{"id": 1}], "total": 1}


def offers(*rows: Answers) -> Callable[[dict[str, str]], Answers]:
    return lambda query: {"offers": [] if query.get("scope") == "archived" else list(rows)}


class Company:
    """Answers by path: a body, or what makes one of the query. Paths without an answer are 404."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.answers: dict[str, Any] = {
            "/admins": {"admins": [{"id": 3, "email": "noor@example.org"}]},
            "/offers": offers({"id": 7, "kind": "job", "title": "Kok", "updated_at": "2026-11-01T00:00:00.000000Z"}),
            "/offers/7": {"offer": {"id": 7, "pipeline_template": {"stages": [{"id": 9, "name": "Nieuw"}]}}},
            "/candidates": self.list_candidates,
            "/search/new/candidates": self.search,
        }
        self.candidates = [NOVA]
        self.hits: list[Answers] = [{"id": 1}]

    def answer(self, request: requests.PreparedRequest) -> tuple[int, dict[str, str], str]:
        parts = urlsplit(str(request.url))
        path = parts.path.removeprefix("/c/4242")
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.asked.append((path, query))
        found = self.answers.get(path, 404)
        body = found(query) if callable(found) else found
        return (body, {}, "{}") if isinstance(body, int) else (200, {}, json.dumps(body))

    def list_candidates(self, query: dict[str, str]) -> Answers:
        wanted = query["ids"].split(",") if "ids" in query else None
        rows = [row for row in self.candidates if wanted is None or str(row["id"]) in wanted]
        start = int(query["offset"])
        return {"candidates": rows[start : start + int(query["limit"])], "total": len(rows)}

    def search(self, query: dict[str, str]) -> Answers:
        future = json.loads(query["filters_json"])[0]["gte"] > 4_000_000_000
        return {"hits": [] if future else self.hits, "total": 0 if future else len(self.hits)}

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]


@pytest.fixture
def company() -> Iterator[Company]:
    own = Company()
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        mock.add_callback(responses.GET, f"{BASE}/admins", own.answer)
        for path in ("/offers", "/offers/7", "/candidates", "/search/new/candidates", "/disqualify_reasons"):
            mock.add_callback(responses.GET, BASE + path, own.answer)
        yield own


def make(**options: Any) -> Any:
    time = FakeTime()
    given = {"name": "recruitee", "company": "4242", "token": lambda: "t", "fields": FIELDS, **options}
    return connect(RecruiteeOptions(**given), clock=time.clock, sleep=time.sleep, jitter=lambda: 0.0)


def read(source: Source, noun: str, window: Window = ALL) -> list[Page]:
    return list(source.fetch_pages(noun, window, None))


def records(pages: list[Page]) -> list[Answers]:
    return [dict(record) for page in pages for record in page.records]


def test_records_are_cut_and_joined(company: Company) -> None:
    source = make()

    assert records(read(source, "candidates")) == [
        {"id": "1", "name": "Nova", "emails": ["n@x.nl"], "admin.email": "noor@example.org"}
    ]
    assert records(read(source, "applications")) == [
        {
            "id": "5",
            "candidate_id": "1",
            "offer_id": "7",
            "stage_id": "9",
            "disqualify_reason": None,
            "offer.kind": "job",
            "candidate.source": "site",
        }
    ]


def test_jobs_come_with_their_stages_and_recruiter(company: Company) -> None:
    expected = {"id": "7", "title": "Kok", "recruiter.email": None, "stages": [{"id": "9", "name": "Nieuw"}]}

    assert records(read(make(), "jobs")) == [expected]


def test_a_vacancy_that_did_not_change_costs_no_detail(company: Company) -> None:
    pages = read(make(), "jobs", LATELY)

    assert records(pages) == []
    assert company.paths() == ["/offers", "/offers"]


def test_a_vacancy_deleted_meanwhile_has_no_stages(company: Company) -> None:
    company.answers["/offers/7"] = 404

    assert "stages" not in records(read(make(), "jobs"))[0]


def test_candidates_and_applications_of_one_window_are_fetched_once(company: Company) -> None:
    source = make()
    read(source, "candidates")
    before = len(company.asked)

    assert len(records(read(source, "applications"))) == 1
    assert len(company.asked) == before


def test_what_was_kept_is_handed_out_once(company: Company) -> None:
    source = make()
    read(source, "candidates")
    read(source, "applications")
    company.candidates = []

    assert records(read(source, "applications")) == []


def test_another_window_is_fetched_anew(company: Company) -> None:
    source = make()
    read(source, "candidates")
    before = company.paths().count("/candidates")
    read(source, "applications", Window(None, NOW + timedelta(minutes=2)))

    assert company.paths().count("/candidates") > before


def test_changes_are_asked_in_whole_seconds_on_both_sides(company: Company) -> None:
    read(make(), "candidates", Window(NOW - timedelta(minutes=25, milliseconds=500), NOW + timedelta(milliseconds=1)))
    searched = [query for path, query in company.asked if path == "/search/new/candidates"]
    filters = json.loads(searched[-1]["filters_json"])
    now = int(NOW.timestamp())

    assert filters == [{"field": "updated_at", "gte": now - 1501, "lte": now + 1}]


@pytest.mark.parametrize(
    ("search", "ids", "proven"),
    [
        ("honest", "honest", True),
        ("shows everybody", "honest", False),  # the filter is dropped without a word
        ("shows nobody", "honest", False),  # under another key, or an empty company: nothing is proven
        ("refuses", "honest", False),
        ("forbids", "honest", False),  # the listing says whether anything may be read
        ("is not there", "honest", False),
        ("speaks otherwise", "honest", False),
        ("honest", "ignored", False),  # the listing would give the newest candidates instead
    ],
)
def test_search_is_trusted_only_when_proven(company: Company, search: str, ids: str, proven: bool) -> None:
    shows = {"shows everybody": EVERYBODY, "shows nobody": {"hits": [], "total": 0}, "speaks otherwise": {}}
    shows |= {"refuses": 400, "forbids": 403, "is not there": 404}
    company.answers["/search/new/candidates"] = shows.get(search, company.search)
    if ids == "ignored":
        company.answers["/candidates"] = {"candidates": [NOVA, {**NOVA, "id": 2}]}

    assert make().probe() is proven


def test_an_unproven_search_is_never_used_for_a_window(company: Company) -> None:
    company.answers["/search/new/candidates"] = EVERYBODY
    pages = read(make(), "candidates", LATELY)

    assert (pages[0].snapshot_begin, pages[-1].snapshot_end) == (True, True)


def test_more_changes_than_search_can_show_are_listed(company: Company) -> None:
    source = make()
    assert source.probe()
    company.answers["/search/new/candidates"] = {"hits": [{"id": 1}], "total": 10_000}

    assert read(source, "candidates", LATELY)[-1].snapshot_end


def test_a_hit_marked_deleted_is_a_tombstone(company: Company) -> None:
    source = make()
    assert source.probe()
    company.hits = [{"id": 8, "soft_deleted_at": "2026-11-24T07:50:00.000000Z"}]

    found = records(read(source, "candidates", LATELY))

    assert found == [{"id": "8", "admin.email": None, "deleted_at": "2026-11-24T07:50:00.000000Z"}]


def test_a_row_without_an_id_is_told_and_nobody_is_missing(company: Company) -> None:
    company.candidates = [NOVA, {"name": "?"}]
    pages = read(make(), "candidates")

    assert [(row.ref, row.field) for page in pages for row in page.rejected] == [("row 1", "id")]
    assert not any(page.snapshot_end for page in pages)


def test_a_row_without_an_id_is_remembered_by_a_read_that_goes_on(company: Company) -> None:
    company.candidates = [{"name": "?"}, *({**NOVA, "id": number} for number in range(60))]
    first = next(iter(make(page_size=30).fetch_pages("candidates", ALL, None)))
    rest = list(make(page_size=30).fetch_pages("candidates", ALL, first.token))

    assert first.rejected
    assert not any(page.rejected or page.snapshot_end for page in rest)


def test_sample_candidates_are_nobody(company: Company) -> None:
    company.candidates = [{**NOVA, "example": True}]

    assert records(read(make(), "candidates")) == []


@pytest.mark.parametrize("reason", [12, "12", {"id": 12}, {"name": "Te ver"}, "Te ver"])
def test_a_reject_reason_is_its_name_however_it_comes(company: Company, reason: object) -> None:
    company.candidates = [{**NOVA, "placements": [{**PLACEMENT, "disqualify_reason": reason}]}]
    company.answers["/disqualify_reasons"] = {"disqualify_reasons": [{"id": 12, "name": "Te ver"}]}

    assert records(read(make(), "applications"))[0]["disqualify_reason"] == "Te ver"


def test_placements_may_nest_their_offer_and_stage(company: Company) -> None:
    company.candidates = [{**NOVA, "placements": [{"id": 5, "offer": {"id": 7}, "stage": {"id": 9}}]}]
    found = records(read(make(), "applications"))[0]

    assert (found["offer_id"], found["stage_id"], found["offer.kind"]) == ("7", "9", "job")


@pytest.mark.parametrize("answer", [404, 403, {"people": []}])
def test_without_users_the_stream_is_off_and_candidates_have_no_owner(company: Company, answer: object) -> None:
    company.answers["/admins"] = answer
    source = make()

    with pytest.raises(MissingScope):
        read(source, "users")

    assert records(read(source, "candidates"))[0]["admin.email"] is None


def test_an_unknown_company_is_named_with_what_to_do(company: Company) -> None:
    company.answers["/candidates"] = 404

    with pytest.raises(NotServed, match=r"4242 \(404\)\. Check the company setting"):
        make().check()


def test_a_name_where_a_number_is_wanted_says_so(company: Company) -> None:
    company.answers["/candidates"] = 422

    with pytest.raises(BadAnswer, match="company's number"):
        read(make(), "candidates")


@pytest.mark.parametrize("company_name", ["", "../admin", "a/b", "a b", "?x=1"])
def test_a_company_that_would_lead_elsewhere_is_refused(company_name: str) -> None:
    with pytest.raises(ValueError, match="company"):
        make(company=company_name)
