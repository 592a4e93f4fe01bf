"""People forgotten beside a run that is under way, on a large mirror: `python -m benchmarks.forget [PEOPLE]`.

Prints the proof of each, and what a read of everything afterwards finds."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.__main__ import portal, settings

PEOPLE = 50_000
FORGOTTEN = ("persoon10@example.org", "ats:c20", "persoon31@example.org")  # both sides, both sides, HubSpot only
SYNC = [sys.executable, "-m", "sync"]


def main() -> None:
    """A first run, then forget during a read of everything, then a read of everything."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE
    with tempfile.TemporaryDirectory() as name, portal(count, Path(name) / "ats") as place:
        folder = Path(name)
        env = settings(place, folder, "2026-11-24T08:00:00Z")
        subprocess.run([*SYNC, "provision"], env=env, check=True, stdout=subprocess.DEVNULL)
        print(f"{count:,} people; first run: {run(env)}", flush=True)
        env = settings(place, folder, "2026-11-24T09:00:00Z")
        beside = subprocess.Popen([*SYNC, "sync", "--full", "--json"], env=env, stdout=subprocess.PIPE, text=True)
        time.sleep(3)
        for who in FORGOTTEN:
            print(forget(who, env, beside), flush=True)
        told = json.loads(beside.communicate()[0])
        print(f"the run beside it: exit {beside.returncode}, complete {told['complete']}")
        env = settings(place, folder, "2026-11-24T10:00:00Z")
        print(f"read whole again: {run(env, '--full')}")
        print(f"left in the files: {left(folder)}")


def run(env: dict[str, str], *more: str) -> str:
    """Sync, and say how many contacts came and were kept out."""
    began = time.monotonic()
    ended = subprocess.run([*SYNC, "sync", *more, "--json"], env=env, capture_output=True, text=True, check=False)
    contacts = json.loads(ended.stdout)["streams"]["hubspot.contacts"]
    told = f"exit {ended.returncode}, {contacts['fetched']:,} contacts, {contacts['suppressed']} suppressed"
    return f"{told}, {time.monotonic() - began:.0f} s"


def forget(who: str, env: dict[str, str], beside: subprocess.Popen[str]) -> str:
    """Forget one of them, and the proof in a line."""
    began = time.monotonic()
    under_way = beside.poll() is None
    command = [*SYNC, "forget", who, "--yes", "--json"]
    ended = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    told: dict[str, Any] = json.loads(ended.stdout)
    took = time.monotonic() - began
    return (
        f"forget (run under way: {under_way}): exit {ended.returncode}, {told['records']} records, "
        f"{len(told['tables'])} tables {sum(told['tables'].values())} rows, "
        f"{told['values_searched']} values in {told['files']}, {took:.1f} s"
    )


def left(folder: Path) -> list[str]:
    """Addresses of the forgotten that stand anywhere in the mirror's files."""
    addresses = [b"persoon10@example.org", b"persoon20@example.org", b"persoon31@example.org"]
    files = [one.read_bytes() for one in folder.glob("mirror.db*")]
    return [one.decode() for one in addresses if any(one in content for content in files)]


if __name__ == "__main__":
    main()
