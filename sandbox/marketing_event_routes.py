"""The endpoints of marketing events."""

from __future__ import annotations

from sandbox.endpoint import Answer, Call, Endpoint

ROOT = "/marketing/marketing-events"


def _list(call: Call) -> Answer:
    return 200, call.state.marketing_events.page(call.query)


def _totals(call: Call) -> Answer:
    return 200, call.state.marketing_events.totals(call.path["id"])


def _breakdown(call: Call) -> Answer:
    return 200, call.state.marketing_events.breakdown(call.path["id"], call.query)


def _of_contact(call: Call) -> Answer:
    return 200, call.state.marketing_events.of_contact(call.path["contact"], call.query)


def _attendance(call: Call) -> Answer:
    return call.state.marketing_events.record_attendance(call.path["id"], call.path["state"], call.body)


def _read(path: dict[str, str]) -> list[str]:
    return ["crm.objects.marketing_events.read"]


def _write(path: dict[str, str]) -> list[str]:
    return ["crm.objects.marketing_events.write"]


MARKETING_EVENT_ENDPOINTS = [
    Endpoint("GET", ROOT, _list, scopes=_read),
    Endpoint("GET", f"{ROOT}/participations/contacts/{{contact}}/breakdown", _of_contact, scopes=_read),
    Endpoint("GET", f"{ROOT}/participations/{{id}}/breakdown", _breakdown, scopes=_read),
    Endpoint("GET", f"{ROOT}/participations/{{id}}", _totals, scopes=_read),
    Endpoint("POST", f"{ROOT}/{{id}}/attendance/{{state}}/create", _attendance, scopes=_write),
]


def versioned_events(template: str) -> list[str]:
    """The real paths of a template of marketing events, v3 and dated."""
    rest = template.removeprefix(ROOT)
    return [f"/marketing/v3/marketing-events{rest}", f"{ROOT}/2026-09{rest}"]
