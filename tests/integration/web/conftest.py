"""A web process over real HTTP, and its mirror as the worker sees it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from config.settings import load
from sandbox.server import Served
from sandbox.webhooks import event, sign
from sync.bootstrap import App
from sync.clock import Clock
from sync.store import hints
from sync.store.db import Mirror
from tests.conftest import NOW
from web.app import application, site

PUBLIC = "https://warmline.example.org"


@dataclass(frozen=True, slots=True)
class Web:
    """A running web process over a mirror. `db`: the mirror as the worker sees it."""

    app: App
    base_url: str
    db: Mirror

    def post(self, source: str, body: bytes, headers: Mapping[str, str], query: str = "") -> requests.Response:
        return requests.post(f"{self.base_url}/webhooks/{source}{query}", body, headers=dict(headers), timeout=10)

    def hubspot(self, *events: dict[str, Any], secret: str = "app-secret", late_s: float = 0, query: str = "") -> int:
        """Post events as HubSpot would; the status of the answer."""
        body, at_ms = json.dumps(events).encode(), int((time.time() + late_s) * 1000)
        signature = sign(secret, f"{PUBLIC}/webhooks/hubspot{query}", body, at_ms)
        headers = {"X-HubSpot-Signature-v3": signature, "X-HubSpot-Request-Timestamp": str(at_ms)}
        return self.post("hubspot", body, headers, query).status_code

    def waiting(self) -> dict[tuple[str, str], dict[str, int]]:
        return hints.waiting(self.db)


def contact(object_id: str, **more: Any) -> dict[str, Any]:
    told = {"portal_id": "4242", "at_ms": 1_763_971_200_000, "number": 1, "kind": "contact.propertyChange"} | more
    return event(told.pop("kind"), object_id, **told)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("web")


def served(folder: Path, name: str, **more: str) -> Iterator[Web]:
    environ = {
        "WARMLINE_MIRROR__PATH": str(folder / f"{name}.db"),
        "WARMLINE_CLOCK__NOW": NOW,
        "WARMLINE_WEB__PUBLIC_URL": PUBLIC,
        "WARMLINE_WEB__MAX_BODY_KB": "16",
        "WARMLINE_HUBSPOT__WEBHOOK_SECRET": "app-secret",
        "WARMLINE_HUBSPOT__PORTAL_ID": "4242",
        "WARMLINE_SOURCES__ATS__KIND": "recruitee",
        "WARMLINE_SOURCES__ATS__COMPANY": "1",
        "WARMLINE_SOURCES__ATS__WEBHOOK_SECRET": "ats-secret",
        "WARMLINE_SOURCES__DEAF__KIND": "teamtailor",
        **more,
    }
    settings = load(None, environ)
    app = App(settings, Clock(settings.fixed_now))
    db = app.open_mirror()
    made = site(app)
    running = Served(application(made), "127.0.0.1", 0)
    yield Web(app, running.base_url, db)
    running.stop()
    made.desk.store.close()
    db.close()


@pytest.fixture(scope="module")
def shared(folder: Path) -> Iterator[Web]:
    yield from served(folder, "shared")


@pytest.fixture
def web(shared: Web) -> Web:
    """A web process with nothing in its mirror."""
    with shared.db.write() as db:
        for table in ("hint", "run", "metric", "lease", "stream_hour"):
            db.change(f"DELETE FROM {table}")
    return shared
