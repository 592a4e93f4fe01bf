"""Secrets of an ATS and what it says in its errors stay where they are: no output, no file, no other host."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from config.kinds import KINDS
from sandbox.faults import Fault
from sandbox.server import RunningSandbox
from tests.conftest import Ended, Env
from tests.contract.ats_harness import heard
from tests.system.few.test_privacy import TALKATIVE, named_in

Cli = Callable[..., Ended]


@pytest.fixture
def elsewhere() -> Iterator[socket.socket]:
    """Another host: a socket that hears whoever connects."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        listener.setblocking(False)
        yield listener


def written(folder: Path) -> bytes:
    """All that commands left below a folder, the mirror's files too."""
    return b"".join(one.read_bytes() for one in folder.rglob("*") if one.is_file() and "ats" not in one.parts)


@pytest.mark.parametrize("kind", sorted(KINDS.keys() - {"filedrop"}))
def test_an_ats_that_fails_talkatively_or_sends_elsewhere_gets_nothing_told(
    kind: str, sandbox: RunningSandbox, cli: Cli, env: Env, tmp_path: Path, elsewhere: socket.socket
) -> None:
    given, company = sandbox.ats_settings(kind), sandbox.state.dialect(kind)
    env |= {f"WARMLINE_SOURCES__ATS__{key.upper()}": value for key, value in given.items()}
    env |= {"WARMLINE_SOURCES__ATS__KIND": kind, "WARMLINE_LOG__LEVEL": "DEBUG", "WARMLINE_WRITES__ENABLED": "false"}
    del env["WARMLINE_SOURCES__ATS__PATH"]
    secrets = [given[key] for key in ("token", "client_secret", "password") if key in given]
    away = {"Location": f"http://127.0.0.1:{elsewhere.getsockname()[1]}/taken"}
    outputs = []
    for status in (302, 400, 403, 401):
        company.faults.planned.clear()
        company.faults.add(Fault("status", times=100, status=status, body=TALKATIVE, headers=away))
        outputs.append(cli("doctor" if status == 401 else "plan"))

    told = "".join(one.stdout + one.stderr for one in outputs)
    assert secrets and [one for one in secrets if one in told] == []
    assert named_in(told) == []
    assert "Traceback" not in told
    left = written(tmp_path)
    assert [one for one in secrets if one.encode() in left] == []
    assert b"Quispelberg" not in left
    assert b"/taken" not in heard(elsewhere)
