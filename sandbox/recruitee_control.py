"""The control plane of the Recruitee under /sandbox/recruitee: what people do there. JSON, no token, not counted."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.errors import ApiError
from sandbox.recruitee import Recruitee
from sandbox.state import SandboxState
from sandbox.wire import json_response

Body = dict[str, Any]
SETTINGS = ("token", "honours_updated_at", "counts_listing", "most_rows", "ignores_offset", "lists_by_activity")
# Body: the method's own parameters by name.
ACTIONS: dict[str, Callable[..., Any]] = {
    "add-candidate": Recruitee.add_candidate,
    "add-placement": Recruitee.add_placement,
    "edit-candidate": Recruitee.edit_candidate,
    "move": Recruitee.move,
    "disqualify": Recruitee.disqualify,
    "hire": Recruitee.hire,
    "message": Recruitee.message,
    "delete": Recruitee.delete,
    "anonymise": Recruitee.anonymise,
}


def changes_planned(recruitee: Recruitee, changes: list[Body]) -> Body:
    """Body: {changes: [{action, …}]}; one is made after each page of candidates given out."""
    recruitee.between_pages += [partial(acted, recruitee, **change) for change in changes]
    return {"planned": len(recruitee.between_pages)}


def acted(recruitee: Recruitee, action: str, **body: Any) -> Any:
    """What an action gives back. KeyError for an unknown one."""
    return ACTIONS[action](recruitee, **body)


def settings_changed(recruitee: Recruitee, **settings: Any) -> Body:
    """Body: any of SETTINGS."""
    for name, value in settings.items():
        if name not in SETTINGS:
            raise KeyError(name)
        setattr(recruitee, name, value)
    return {name: getattr(recruitee, name) for name in SETTINGS if name != "token"}


def recruitee_control(state: SandboxState) -> list[Route]:
    """POST /sandbox/recruitee/{action}, /settings and /between-pages."""

    async def answer(request: Request) -> Response:
        action, body = request.path_params["action"], json.loads(await request.body() or b"{}")
        try:
            with state.held():
                found = _done(state.recruitee, action, body)
        except ApiError as error:
            return json_response(error.status, {"error": [error.message]}, False)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            return json_response(400, {"error": [f"{type(error).__name__}: {error}"]}, False)
        return json_response(200, found if found is not None else {"status": "ok"}, False)

    return [Route("/sandbox/recruitee/{action}", answer, methods=["POST"])]


def _done(recruitee: Recruitee, action: str, body: Body) -> Any:
    if action == "settings":
        return settings_changed(recruitee, **body)
    if action == "between-pages":
        return changes_planned(recruitee, **body)
    return acted(recruitee, action, **body)
