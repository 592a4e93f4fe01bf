"""Runs `warmline` commands as processes without paying 0.6 s of imports for each: a process that has imported all
forks one child a command. A child is a process like any other: own pid, own environment, killed with SIGKILL.

Reads one JSON line a request on stdin, answers one JSON line on stdout:
    {"start": {"args", "env", "cwd", "out", "err", "commits"}} -> {"pid"}
    {"wait": pid} -> {"code"}, negative: the signal
`commits` (or null): {"nth", "after", "signal", "count", "having"}: the child sends itself a signal before or after its
nth commit to the mirror (0 is the first, null none) and writes to the file `count` how many there were. Only
transactions with a statement that holds the text `having` count.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sqlite3
import sys
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

MODULES = (
    "sync.cli.running",
    "sync.cli.calling",
    "sync.cli.reading",
    "sync.cli.exporting",
    "jinja2",
    "sync.cli.reviewing",
    "sync.cli.setup",
    "config.policies",
    "connectors.hubspot.connector",
    "holidays.countries",
    "hubspot.crm.associations.v4",
    "hubspot.crm.lists",
    "hubspot.crm.objects",
    "hubspot.crm.owners",
    "hubspot.crm.properties",
    "phonenumbers",
    "requests",
    "sync.cli.demo",
    "sync.demo.play",
    "encodings.idna",
)


def main() -> None:
    """Serve until stdin closes."""
    for name in MODULES:
        importlib.import_module(name)
    for line in sys.stdin:
        request = json.loads(line)
        answer = {"pid": start(request["start"])} if "start" in request else {"code": wait(request["wait"])}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def start(command: dict[str, Any]) -> int:
    """Fork a command; its pid."""
    pid = os.fork()
    if pid == 0:
        become(command)
    return pid


def wait(pid: int) -> int:
    """The exit code of a command, when it has ended."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def become(command: dict[str, Any]) -> None:
    """Be `python -m sync args`. Does not return."""
    for number, path, flags in (
        (0, os.devnull, os.O_RDONLY),
        (1, command["out"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
        (2, command["err"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
    ):
        os.dup2(os.open(path, flags, 0o600), number)
    os.environ.clear()
    os.environ.update(command["env"])
    os.chdir(command["cwd"])
    sys.argv = ["warmline", *command["args"]]
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a caller in the background may have it ignored
    watched = watch_commits(**command["commits"]) if command["commits"] else None
    code = run()
    if watched is not None:
        watched()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def watch_commits(nth: int | None, after: bool, signal: int, count: str, having: str) -> Callable[[], None]:
    """From here on every connection of this process counts its write transactions; a function that notes the count."""
    seen = 0

    class Watched(sqlite3.Connection):
        writing = counts = False

        def execute(self, sql: str, *parameters: Any) -> sqlite3.Cursor:
            nonlocal seen
            if sql.startswith("BEGIN"):
                self.writing, self.counts = sql == "BEGIN IMMEDIATE", False
            self.counts = self.counts or having in sql
            if sql != "COMMIT" or not (self.writing and self.counts):
                return super().execute(sql, *parameters)
            seen += 1
            struck = seen - 1 == nth
            if struck and not after:
                os.kill(os.getpid(), signal)
            done = super().execute(sql, *parameters)
            if struck and after:
                os.kill(os.getpid(), signal)
            return done

    sqlite3.connect = partial(sqlite3.connect, factory=Watched)  # type: ignore[assignment]
    return lambda: Path(count).write_text(str(seen), encoding="ascii") and None


def run() -> int:
    """The exit code, as the interpreter would make it."""
    from sync.__main__ import main as warmline

    try:
        warmline()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 -- what the interpreter does with an uncaught error
        traceback.print_exc()
        return 1
    return 0


if __name__ == "__main__":
    main()
