"""`make bench`: a first run and a quiet run on 1,000, 10,000 and 50,000 people, and the requests each ATS takes, with
the floor beside them."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import ats

SIZES = (1_000, 10_000, 50_000)
HEAD = f"{'people':>8}  {'run':<10}{'requests':>9}{'writes':>8}{'floor':>7}{'CPU s':>8}{'x floor':>9}{'peak MB':>9}"


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process cost: CPU seconds (user and system), peak memory in MB, and what it printed."""

    cpu_s: float
    peak_mb: float
    printed: dict[str, Any]


def measure(command: list[str], env: dict[str, str]) -> Cost:
    """Run a process that prints one JSON document. Raises CalledProcessError when it fails."""
    process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE)
    assert process.stdout is not None
    printed = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, json.loads(printed or b"{}"))


@contextmanager
def portal(count: int, folder: Path) -> Iterator[dict[str, str]]:
    """A big portal in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.big_portal", str(count), str(folder)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None and process.stdin is not None
    try:
        yield json.loads(process.stdout.readline())
    finally:
        process.stdin.close()
        process.wait(timeout=30)


def settings(place: dict[str, str], folder: Path, now: str) -> dict[str, str]:
    """The environment of a run."""
    return {
        **os.environ,
        "WARMLINE_HUBSPOT__BASE_URL": place["base_url"],
        "WARMLINE_HUBSPOT__TOKEN": place["token"],
        "WARMLINE_SOURCES__ATS__KIND": "filedrop",
        "WARMLINE_SOURCES__ATS__PATH": str(folder / "ats"),
        "WARMLINE_MIRROR__PATH": str(folder / "mirror.db"),
        "WARMLINE_CONTACT__TRACKING_CONSENT": "portal",
        "WARMLINE_WRITES__ENABLED": "true",
        "WARMLINE_GUARDS__PLAN_SHARE": "1",
        "WARMLINE_LOG__LEVEL": "WARNING",
        "WARMLINE_CLOCK__NOW": now,
    }


def bench(count: int) -> None:
    """One size: the floor, a first run that writes, a quiet run."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with portal(count, folder / "ats") as place:
            floor = measure(
                [sys.executable, "-m", "benchmarks.floor", place["base_url"], place["token"], str(folder / "floor.db")],
                dict(os.environ),
            )
            sync = [sys.executable, "-m", "sync"]
            env = settings(place, folder, "2026-11-24T08:00:00Z")
            subprocess.run([*sync, "provision"], env=env, check=True, stdout=subprocess.DEVNULL)
            first = measure([*sync, "sync", "--json"], env)
            later = settings(place, folder, "2026-11-24T09:00:00Z")
            measure([*sync, "sync", "--json"], later)  # sees the echo of its own writes
            quiet = measure([*sync, "sync", "--json"], settings(place, folder, "2026-11-24T10:00:00Z"))
    show(count, "floor", floor, floor, str(floor.printed["requests"]))
    show(count, "first", first, floor)
    show(count, "quiet", quiet, floor)


def show(count: int, run: str, cost: Cost, floor: Cost, requests: str = "") -> None:
    """A row of the table."""
    made = cost.printed.get("requests", {})
    hubspot = made.get("hubspot", {}) if isinstance(made, dict) else {}
    total = requests or str(hubspot["reads"] + hubspot["writes"])
    print(
        f"{count:>8,}  {run:<10}{total:>9}{hubspot.get('writes', 0):>8}{floor.printed['requests']:>7}"
        f"{cost.cpu_s:>8.2f}{cost.cpu_s / floor.cpu_s:>9.2f}{cost.peak_mb:>9.0f}",
        flush=True,
    )


def main() -> None:
    """Print the table; sizes may be given as arguments."""
    sizes = [int(one) for one in sys.argv[1:]] or SIZES
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}")
    print("floor: requests + json + one executemany upsert and commit a page, contacts only")
    print(HEAD, flush=True)
    for count in sizes:
        bench(count)
    ats.show_all()


if __name__ == "__main__":
    main()
