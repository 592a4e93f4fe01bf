"""What reading each ATS costs: requests of a first read, of one with changes and of a quiet one, and the floor."""

from __future__ import annotations

import math
from collections import Counter
from datetime import timedelta

from config.kinds import KINDS
from config.settings import load
from connectors.protocols import Source, Window
from sandbox.clock import SandboxClock
from sandbox.server import RunningSandbox, start
from sandbox.state import SandboxState
from sandbox.world import build
from sync.bootstrap import App
from sync.bootstrap.sources import connect_sources
from sync.clock import Clock

NOW = "2026-11-24T08:00:00Z"
CHANGED = 20
HEAD = f"{'ATS':<12}{'run':<10}{'rows':>7}{'requests':>10}{'floor':>7}"


def show_all() -> None:
    """The table of every kind the sandbox plays. The floor: as few pages as hold the rows, one a stream at least."""
    print(
        f"\nrequests by ATS, 300 people; changed: {CHANGED} candidates and an application of each\n{HEAD}", flush=True
    )
    for kind in sorted(KINDS.keys() - {"filedrop"}):
        state = SandboxState(SandboxClock(NOW, running=False), build(NOW).load_ats_into)
        with start(state) as sandbox:
            _show(sandbox, kind)


def _show(sandbox: RunningSandbox, kind: str) -> None:
    company, clock = sandbox.state.dialect(kind), sandbox.state.clock
    begin, first = clock.now(), _connect(sandbox, kind)
    _row(sandbox, kind, "first", first, Window(None, begin))
    clock.advance(900)
    company.nudge(CHANGED)
    clock.advance(60)
    _row(sandbox, kind, "changed", _connect(sandbox, kind), Window(begin + timedelta(minutes=5), clock.now()))
    since = clock.now()
    clock.advance(3600)
    _row(sandbox, kind, "quiet", _connect(sandbox, kind), Window(since + timedelta(minutes=30), clock.now()))


def _connect(sandbox: RunningSandbox, kind: str) -> Source:
    given = {"kind": kind, **sandbox.ats_settings(kind)}
    environ = {f"WARMLINE_SOURCES__ATS__{name.upper()}": value for name, value in given.items()}
    [connected] = connect_sources(App(load(None, environ), Clock()), lambda *_: False)
    return connected.source


def _row(sandbox: RunningSandbox, kind: str, run: str, source: Source, window: Window) -> None:
    company = sandbox.state.dialect(kind)
    before, rows = company.stats.total, Counter[str]()
    for spec in source.streams:
        for page in source.fetch_pages(spec.noun, window, None):
            rows[spec.noun] += len(page.records)
    pages = sum(max(1, math.ceil(rows[spec.noun] / company.page_size)) for spec in source.streams)
    requests = company.stats.total - before
    print(f"{kind:<12}{run:<10}{rows.total():>7}{requests:>10}{pages:>7}", flush=True)


if __name__ == "__main__":
    show_all()
