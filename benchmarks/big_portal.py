"""A sandbox portal of N invented contacts without limits, and the same people as file drop, served until stdin
closes."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sandbox.clock import SandboxClock
from sandbox.server import start
from sandbox.state import SandboxState
from sandbox.store import Source

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
IMPORT = Source("IMPORT", "bench")


def person(number: int) -> dict[str, str]:
    """An invented person; one in ten visited lately, so that scores differ."""
    recent = number % 10 == 0
    visited = NOW - timedelta(days=number % 9 if recent else 40 + number % 300)
    return {
        "firstname": f"Voornaam{number}",
        "lastname": f"van der Naam{number}",
        "email": f"persoon{number}@example.org",
        "phone": f"+31610{number:06d}",
        "lifecyclestage": "lead",
        "createdate": "2026-01-01T09:00:00.000Z",
        "lastmodifieddate": "2026-11-01T09:00:00.000Z",
        "hs_analytics_num_visits": str(1 + number % 7),
        "hs_analytics_last_visit_timestamp": visited.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "hs_email_delivered": str(number % 12),
        "hs_email_click": str(number % 3),
        "num_associated_deals": "0",
    }


def fill(state: SandboxState, count: int) -> None:
    """Load the contacts; nobody owns them."""
    for number in range(count):
        state.load("contacts", person(number), IMPORT)


def write_candidates(folder: Path, count: int) -> None:
    """Half of the people applied: candidates and applications as JSONL."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "candidates.jsonl").open("w", encoding="utf-8") as candidates:
        for number in range(0, count, 2):
            row = {"id": f"c{number}", "first_name": f"Voornaam{number}", "name_infix": "van der",
                   "last_name": f"Naam{number}", "email_addresses": [f"persoon{number}@example.org"]}  # fmt: skip
            candidates.write(json.dumps(row) + "\n")
    with (folder / "applications.jsonl").open("w", encoding="utf-8") as applications:
        for number in range(0, count, 2):
            applied = (NOW - timedelta(days=number % 200)).isoformat()
            row = {"id": f"a{number}", "candidate_id": f"c{number}", "status": "active", "applied_at": applied}
            applications.write(json.dumps(row) + "\n")


def main() -> None:
    """`python -m benchmarks.big_portal COUNT FOLDER`: prints the address, serves until stdin closes."""
    count, folder = int(sys.argv[1]), Path(sys.argv[2])
    state = SandboxState(SandboxClock(NOW.isoformat(), running=False), lambda state: fill(state, count))
    for limit in ("burst", "search", "daily"):
        setattr(state.limits, limit, None)
    write_candidates(folder, count)
    with start(state) as sandbox:
        print(json.dumps({"base_url": sandbox.base_url, "token": state.token}), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
