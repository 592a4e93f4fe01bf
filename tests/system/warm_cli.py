"""Runs `warmline` commands as processes without paying 0.6 s of imports for each: a process that has imported all
forks one child a command. A child is a process like any other: own pid, own environment, killed with SIGKILL.

Reads one JSON line a request on stdin, answers one JSON line on stdout:
    {"start": {"args", "env", "cwd", "out", "err"}} -> {"pid"}        {"wait": pid} -> {"code"}, negative: the signal
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
import traceback
from typing import Any

MODULES = (
    "sync.cli.running",
    "sync.cli.reading",
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
    code = run()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


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
