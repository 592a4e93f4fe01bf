"""The control plane under /sandbox: who drives a test or a demo over HTTP does it here.

JSON, no token, not counted.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.clock import to_iso, to_moment
from sandbox.errors import ApiError
from sandbox.faults import Fault
from sandbox.objects import written
from sandbox.state import SandboxState
from sandbox.store import Record
from sandbox.wire import json_response

Body = dict[str, Any]
Action = Callable[[SandboxState, dict[str, str], Body], Any]


def clock_shown(state: SandboxState, path: dict[str, str], body: Body) -> Any:
    """{now, running}."""
    return {"now": to_iso(state.clock.now()), "running": state.clock.running}


def clock_moved(state: SandboxState, path: dict[str, str], body: Body) -> Any:
    """Body: {now: ISO or null, running: bool} and/or {advance_s}."""
    if "now" in body:
        state.clock.set(body["now"], bool(body.get("running", False)))
    if "advance_s" in body:
        state.clock.advance(float(body["advance_s"]))
    return clock_shown(state, path, body)


def happened(state: SandboxState, path: dict[str, str], body: Body) -> Any:
    """Kinds visit, mail, open, click, reply, form, meeting, optout.

    Body: {at} and the options of that kind.
    """
    return state.happen(path["kind"], path["key"], **body)


def logged(state: SandboxState, path: dict[str, str], body: Body) -> Any:
    """Kinds call, meeting, email, message. Body: {at, owner_id, user_id} and the options of that kind.

    `also`: more contacts it was with.
    """
    return state.log(path["kind"], [path["key"], *body.pop("also", [])], **body)


def page_viewed(state: SandboxState, path: dict[str, str], body: Body) -> Any:
    """Body: {url, at}."""
    return state.page_view(path["key"], **body)


def mail_happened(state: SandboxState, path: dict[str, str], body: Body) -> Any:
    """Body: {recipient, type, at} and the options of `TouchLog.mailed`."""
    sent_at = body.pop("sent_at", None)
    moment = {"sent_at": to_moment(sent_at)} if sent_at else {}
    return state.mail_event(body.pop("recipient"), body.pop("type"), body.pop("at", None), **body, **moment)


def form_sent(state: SandboxState, path: dict[str, str], body: Body) -> Any:
    """Body: {email, at, form_id, url}."""
    at = body.pop("at", None)
    return state.touches.submitted(body.pop("email"), to_moment(at) if at else state.clock.now(), **body)


def tier_changed(state: SandboxState, path: dict[str, str], body: Body) -> Any:
    """Body: {enterprise}: whether event-occurrences are shown."""
    state.touches.enterprise = bool(body["enterprise"])
    return {"enterprise": state.touches.enterprise}


def disposition_added(state: SandboxState, path: dict[str, str], body: Body) -> Any:
    """Body: {value, label}."""
    return state.add_disposition(**body)


def event_added(state: SandboxState, path: dict[str, str], body: Body) -> Any:
    """Body: {name, starts_at, ends_at}. {id}."""
    return {"id": state.marketing_events.add(**body)}


def event_told(state: SandboxState, path: dict[str, str], body: Body) -> Any:
    """States REGISTERED, CANCELLED, ATTENDED, NO_SHOW. Body: {contact, at}."""
    return state.marketing_events.tell(path["key"], state=path["state"], **body)


def created(state: SandboxState, path: dict[str, str], body: Body) -> Any:
    """Body: {properties, associations, user_id}."""
    return state.create_by_hand(path["type"], **body)


def edited(state: SandboxState, path: dict[str, str], body: Body) -> Any:
    """Body: {properties, user_id}."""
    return state.edit(path["type"], path["key"], **body)


def task_moved(state: SandboxState, path: dict[str, str], body: Body) -> Any:
    """complete {user_id}, edit {properties, user_id}, reassign {owner_id, user_id}, delete {}."""
    if path["action"] == "edit":
        return state.edit("tasks", path["key"], **body)
    actions: dict[str, Any] = {
        "complete": state.complete_task,
        "reassign": state.reassign_task,
        "delete": state.delete_task,
    }
    return actions[path["action"]](path["key"], **body)


def moved(state: SandboxState, path: dict[str, str], body: Body) -> Any:
    """archive or restore, without a body."""
    return {"archive": state.archive, "restore": state.restore}[path["action"]](path["type"], path["key"])


def merged(state: SandboxState, path: dict[str, str], body: Body) -> Any:
    """Body: {primary, secondary, keep_id, user_id}."""
    return state.merge(**body)


def erased(state: SandboxState, path: dict[str, str], body: Body) -> Any:
    """Without a body."""
    return state.gdpr_delete(path["key"])


def faults_planned(state: SandboxState, path: dict[str, str], body: Body) -> Any:
    """Body: {faults: [{kind, method, path_regex, times, skip, status, body, headers, hang_s}]}."""
    for fault in body["faults"]:
        state.faults.add(Fault(**fault))
    return faults_shown(state, path, body)


def faults_shown(state: SandboxState, path: dict[str, str], body: Body) -> Any:
    """{faults} that still have times left."""
    return {"faults": state.faults.as_json()}


def faults_cleared(state: SandboxState, path: dict[str, str], body: Body) -> Any:
    """Without a body."""
    state.faults.clear()
    return faults_shown(state, path, body)


def settings_changed(state: SandboxState, path: dict[str, str], body: Body) -> Any:
    """Body: any of the names below, remove_scopes, add_scopes, limits: {burst, search, daily, daily_used}.

    Null switches a limit off.
    """
    for name in (
        "token",
        "search_lag_s",
        "merge_keeps_id",
        "batch_read_follows_merges",
        "unique_task_properties",
        "association_page",
    ):
        if name in body:
            setattr(state, name, body[name])
    scopes = set(body.get("scopes", state.scopes))
    state.scopes = (scopes | set(body.get("add_scopes", []))) - set(body.get("remove_scopes", []))
    for name, value in body.get("limits", {}).items():
        if name not in ("burst", "search", "daily", "daily_used"):
            raise KeyError(name)
        setattr(state.limits, name, value)
    return settings_shown(state, path, body)


def settings_shown(state: SandboxState, path: dict[str, str], body: Body) -> Any:
    """The settings as `settings_changed` takes them, without the token."""
    limits = {name: getattr(state.limits, name) for name in ("burst", "search", "daily", "daily_used")}
    return {
        "scopes": sorted(state.scopes),
        "search_lag_s": state.search_lag_s,
        "merge_keeps_id": state.merge_keeps_id,
        "batch_read_follows_merges": state.batch_read_follows_merges,
        "association_page": state.association_page,
        "unique_task_properties": state.unique_task_properties,
        "limits": limits,
    }


def stats_shown(state: SandboxState, path: dict[str, str], body: Body) -> Any:
    """{total, writes, reads, bytes_out, throttled, throttled_total, requests}."""
    return state.stats.as_json()


def stats_cleared(state: SandboxState, path: dict[str, str], body: Body) -> Any:
    """Counts from zero."""
    state.stats.__init__()  # type: ignore[misc]
    return state.stats.as_json()


def was_reset(state: SandboxState, path: dict[str, str], body: Body) -> Any:
    """Back to how it was built."""
    return state.reset()


def dumped(state: SandboxState, path: dict[str, str], body: Body) -> Any:
    """Every record by type and id."""
    return state.dump()


CONTROL: list[tuple[str, str, Action]] = [
    ("GET", "/clock", clock_shown),
    ("POST", "/clock", clock_moved),
    ("POST", "/contacts/merge", merged),
    ("POST", "/contacts/{key}/gdpr-delete", erased),
    ("POST", "/contacts/{key}/log/{kind}", logged),
    ("POST", "/contacts/{key}/page-view", page_viewed),
    ("POST", "/contacts/{key}/{kind:str}", happened),
    ("POST", "/mail-events", mail_happened),
    ("POST", "/form-submissions", form_sent),
    ("POST", "/tier", tier_changed),
    ("POST", "/dispositions", disposition_added),
    ("POST", "/marketing-events", event_added),
    ("POST", "/marketing-events/{key}/{state}", event_told),
    ("POST", "/tasks/{key}/{action}", task_moved),
    ("POST", "/objects/{type}", created),
    ("POST", "/objects/{type}/{key}/edit", edited),
    ("POST", "/objects/{type}/{key}/{action}", moved),
    ("GET", "/faults", faults_shown),
    ("POST", "/faults", faults_planned),
    ("DELETE", "/faults", faults_cleared),
    ("GET", "/settings", settings_shown),
    ("POST", "/settings", settings_changed),
    ("GET", "/stats", stats_shown),
    ("POST", "/stats/reset", stats_cleared),
    ("POST", "/reset", was_reset),
    ("GET", "/dump", dumped),
]


def control_routes(state: SandboxState) -> list[Route]:
    """The routes of the control plane over one portal."""
    return [Route("/sandbox" + path, _endpoint(state, action), methods=[method]) for method, path, action in CONTROL]


def _endpoint(state: SandboxState, action: Action) -> Callable[[Request], Any]:
    async def answer(request: Request) -> Response:
        raw = await request.body()
        try:
            with state.held():
                found = action(state, request.path_params, json.loads(raw or b"{}"))
                body = written(state, found) if isinstance(found, Record) else found
        except ApiError as error:
            return json_response(error.status, error.body("control"), False)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            return json_response(400, {"status": "error", "message": f"{type(error).__name__}: {error}"}, False)
        return json_response(200, body if body is not None else {"status": "ok"}, False)

    return answer
