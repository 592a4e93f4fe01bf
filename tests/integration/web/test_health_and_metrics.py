"""What `/health` and `/metrics` say of a mirror."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import requests
from prometheus_client.parser import text_string_to_metric_families

from sync.store import metrics, runs
from sync.store.db import Mirror
from sync.store.metrics import Amount
from tests.conftest import NOW
from tests.integration.web.conftest import Web, contact, served

MOMENT = datetime.fromisoformat(NOW)


def test_without_a_mirror_hints_are_put_off_and_health_says_why(folder: Path) -> None:
    running = served(folder, "gone")
    web = next(running)
    web.db.close()
    (folder / "gone.db").unlink()

    answers = web.hubspot(contact("1")), requests.get(f"{web.base_url}/health", timeout=10)

    assert answers[0] == 503
    assert (answers[1].status_code, answers[1].json()) == (
        503,
        {"healthy": False, "reasons": ["There is no mirror yet."]},
    )
    assert requests.get(f"{web.base_url}/metrics", timeout=10).status_code == 503
    running.close()


def book(db: Mirror, run_id: str, started_at: datetime, *, complete: bool) -> None:
    with db.write():
        runs.start_run(db, run_id, "sync", started_at)
        runs.finish_run(db, run_id, complete=complete, reason="", report={}, now=started_at)


def test_health_is_a_young_complete_run(web: Web) -> None:
    def status() -> int:
        return requests.get(f"{web.base_url}/health", timeout=10).status_code

    none_yet = status()
    book(web.db, "1", MOMENT - timedelta(minutes=46), complete=True)
    too_old = status()
    book(web.db, "2", MOMENT - timedelta(minutes=44), complete=True)
    well = status()
    with web.db.write() as db:
        db.change("DELETE FROM run WHERE id = '2'")
        runs.start_run(db, "3", "run hints", MOMENT)
        runs.finish_run(db, "3", complete=True, reason="", report={}, now=MOMENT)
    only_hints = status()

    assert (none_yet, too_old, well, only_hints) == (503, 503, 200, 503)


def samples(text: str) -> dict[str, float]:
    return {
        f"{one.name}{json.dumps(one.labels, sort_keys=True)}" if one.labels else one.name: one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
    }


def test_metrics_are_read_from_the_mirror_at_each_scrape(web: Web) -> None:
    book(web.db, "1", MOMENT - timedelta(minutes=5), complete=True)
    steps = [("30", 2), ("300", 1), ("+Inf", 1)]
    with web.db.write() as db:
        metrics.add(db, [Amount("requests", 12, {"source": "hubspot", "kind": "read"})])
        metrics.add(db, [Amount("touch_to_task", n, {"play": "fan", "le": step}) for step, n in steps])
        metrics.add(db, [Amount("touch_to_task_sum", 90_000, {"play": "fan"})])
        metrics.put(db, [Amount("daily_requests_left", 249_000, {"source": "hubspot"})])
    web.hubspot(contact("1"))
    web.hubspot(contact("1"), secret="forged")

    answer = requests.get(f"{web.base_url}/metrics", timeout=10)

    found = samples(answer.text)
    fan = "warmline_touch_to_task_seconds"
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    assert found["warmline_healthy"] == 1
    assert found['warmline_requests_total{"kind": "read", "source": "hubspot"}'] == 12
    assert found['warmline_daily_requests_left{"source": "hubspot"}'] == 249_000
    assert found['warmline_hints{"source": "hubspot"}'] == 1
    assert found['warmline_webhook_deliveries_total{"source": "hubspot", "status": "401"}'] >= 1
    assert [found[f'{fan}_bucket{{"le": "{le}", "play": "fan"}}'] for le in ("10", "30", "300", "+Inf")] == [
        0, 2, 3, 4,
    ]  # fmt: skip
    assert (found[f'{fan}_count{{"play": "fan"}}'], found[f'{fan}_sum{{"play": "fan"}}']) == (4, 90_000)


def test_a_scrape_while_the_worker_writes_is_answered(web: Web) -> None:
    with web.db.write() as db:
        db.change("DELETE FROM run")

        status = requests.get(f"{web.base_url}/metrics", timeout=10).status_code

    assert status == 200
