"""The web application: which address answers what. Nothing here needs signing in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from prometheus_client import Counter, generate_latest
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from sync.bootstrap import App
from sync.bootstrap.booking import health_of
from sync.bootstrap.look import PORTAL
from sync.bootstrap.webhooks import doors
from sync.core.model import HUBSPOT
from sync.errors import MirrorError
from sync.reports.metrics import CONTENT_TYPE, MirrorMetrics, metrics_text
from sync.store import runs
from sync.store.db import Mirror
from web.hint_store import HintStore
from web.receiving import Desk, receive


@dataclass(frozen=True, slots=True)
class Site:
    """What the addresses answer from. `counter`: webhook deliveries by source and answer."""

    app: App
    desk: Desk
    counter: Any

    async def health(self, _: Request) -> Response:
        """200 while all is well, else 503 with the reasons."""
        try:
            told = await run_in_threadpool(self._read, lambda db: health_of(self.app, db))
        except MirrorError as error:
            told = {"healthy": False, "reasons": [error.message]}
        return JSONResponse(told, 200 if told["healthy"] else 503)

    async def metrics(self, _: Request) -> Response:
        """The figures of the mirror as it is now, and of this process."""
        try:
            text = await run_in_threadpool(self._read, self._metrics)
        except MirrorError as error:
            return PlainTextResponse(error.message, 503)
        return Response(text + self._own(), media_type=CONTENT_TYPE)

    async def webhook(self, request: Request) -> Response:
        """A delivery of a vendor."""
        return await receive(self.desk, request)

    def _metrics(self, db: Mirror) -> bytes:
        return metrics_text(MirrorMetrics(db, health_of(self.app, db), self.app.clock.now()))

    def _own(self) -> bytes:
        return generate_latest(self.counter.registry)

    def _read(self, look: Callable[[Mirror], Any]) -> Any:
        db = self.app.read_mirror()
        try:
            with db.read():
                return look(db)
        finally:
            db.close()


class Deliveries:
    """Counts what became of deliveries, in a registry of its own."""

    def __init__(self) -> None:
        from prometheus_client import CollectorRegistry

        self.registry = CollectorRegistry()
        text = "Webhook deliveries, by the answer's status."
        self._counter = Counter("warmline_webhook_deliveries", text, ("source", "status"), registry=self.registry)

    def note(self, source: str, status: int) -> None:
        """One more."""
        self._counter.labels(source, str(status)).inc()


def site(app: App) -> Site:
    """The site over the settings in force. Raises ConfigError."""
    counter, own = Deliveries(), app.settings.web
    desk = Desk(
        doors=doors(app),
        store=HintStore(app.open_beside, app.clock.now),
        max_body=own.max_body_kb * 1024,
        public_url=own.public_url,
        now=app.clock.now,
        # With a fixed clock, for tests and demos, a vendor may sign by that one or by the real one.
        moments=lambda: (app.clock.real_time(), app.clock.now().timestamp()),
        account_of=PortalOf(app),
        note=counter.note,
    )
    return Site(app, desk, counter)


class PortalOf:
    """Whose records HubSpot's are: the portal the mirror was filled from, looked up until it is known."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._portal: str | None = None

    def __call__(self, source: str) -> str | None:
        if source != HUBSPOT or self._portal:
            return self._portal if source == HUBSPOT else None
        try:
            db = self._app.read_mirror()
        except MirrorError:
            return None
        try:
            self._portal = runs.setting(db, PORTAL) or None
        finally:
            db.close()
        return self._portal


def application(made: Site) -> Starlette:
    """The ASGI application."""
    return Starlette(
        routes=[
            Route("/health", made.health),
            Route("/metrics", made.metrics),
            Route("/webhooks/{source}", made.webhook, methods=["POST"]),
        ]
    )
