"""Properties, owners, lists and account details."""

from __future__ import annotations

from typing import Any

from sandbox import directory, property_api
from sandbox.clock import to_iso
from sandbox.endpoint import Answer, Call, Endpoint
from sandbox.errors import bad_request
from sandbox.schema import ObjectSchema

PROPERTIES, OWNERS, LISTS = "/crm/properties/{type}", "/crm/owners", "/crm/lists"


def _schema(call: Call) -> ObjectSchema:
    return call.state.stores[call.type].schema


def _schema_read(path: dict[str, str]) -> list[str]:
    return (
        ["crm.schemas.contacts.read", "crm.objects.contacts.read"]
        if path["type"] == "contacts"
        else [f"crm.schemas.{path['type']}.read", "crm.objects.contacts.read"]
    )


def _schema_write(path: dict[str, str]) -> list[str]:
    return [f"crm.schemas.{path['type']}.write"]


def _scope(name: str) -> Any:
    return lambda path: [name]


def _properties(call: Call) -> Answer:
    archived = call.query.get("archived") == "true"
    found = [prop.as_json() for prop in _schema(call).properties.values() if prop.archived == archived]
    return 200, {"results": found}


def _property(call: Call) -> Answer:
    archived = call.query.get("archived") == "true"
    return 200, property_api.property_named(_schema(call), call.path["name"], archived).as_json()


def _property_post(call: Call) -> Answer:
    return 201, property_api.create_property(call.state, call.type, call.body)


def _property_patch(call: Call) -> Answer:
    return 200, property_api.change_property(_schema(call), call.path["name"], call.body)


def _property_delete(call: Call) -> Answer:
    property_api.archive_property(_schema(call), call.path["name"])
    return 204, None


def _property_batch_archive(call: Call) -> Answer:
    for row in call.body.get("inputs") or []:
        property_api.archive_property(_schema(call), str(row.get("name")))
    return 204, None


def _groups(call: Call) -> Answer:
    return 200, {"results": [group for group in _schema(call).groups.values() if not group["archived"]]}


def _group_delete(call: Call) -> Answer:
    property_api.archive_group(_schema(call), call.path["name"])
    return 204, None


def _owners(call: Call) -> Answer:
    return 200, directory.owners_page(call.state.owners, call.query, to_iso(call.state.clock.now()))


def _owner(call: Call) -> Answer:
    return 200, directory.owner_named(call.state.owners, call.path["id"], call.query, to_iso(call.state.clock.now()))


def _list(call: Call) -> Answer:
    return 200, {"list": directory.list_with(call.state.lists, call.path["id"]).as_json()}


def _lists(call: Call) -> Answer:
    ids = call.listed("listIds") or list(call.state.lists)
    return 200, {"lists": [call.state.lists[each].as_json() for each in ids if each in call.state.lists]}


def _list_by_name(call: Call) -> Answer:
    return 200, {"list": directory.list_named(call.state.lists, call.path["name"]).as_json()}


def _members(call: Call) -> Answer:
    return 200, directory.members_page(
        directory.list_with(call.state.lists, call.path["id"]), call.query, by_join=False
    )


def _members_by_join(call: Call) -> Answer:
    return 200, directory.members_page(directory.list_with(call.state.lists, call.path["id"]), call.query, by_join=True)


def _members_change(call: Call) -> Answer:
    """add-and-remove takes an object, add and remove a bare list of record ids."""
    list_ = directory.list_with(call.state.lists, call.path["id"])
    if list_.processing == "DYNAMIC":
        raise bad_request(f"List {list_.id} is DYNAMIC; its members cannot be written")
    action, body = call.path["action"], call.body
    adding = body.get("recordIdsToAdd", []) if action == "add-and-remove" else body if action == "add" else []
    removing = body.get("recordIdsToRemove", []) if action == "add-and-remove" else body if action == "remove" else []
    known = [str(each) for each in adding if call.state.stores["contacts"].get(str(each))]
    for record_id in known:
        list_.members.setdefault(record_id, to_iso(call.state.clock.now()))
    removed = [str(each) for each in removing if list_.members.pop(str(each), None)]
    missing = [str(each) for each in adding if str(each) not in known]
    # "recordsIdsAdded" is HubSpot's spelling.
    return 200, {"recordsIdsAdded": known, "recordIdsRemoved": removed, "recordIdsMissing": missing}


def _account(call: Call) -> Answer:
    state = call.state
    return 200, {
        "portalId": state.portal_id,
        "accountType": "STANDARD",
        "timeZone": state.timezone,
        "companyCurrency": state.currency,
        "additionalCurrencies": [],
        "uiDomain": "app-eu1.hubspot.com",
        "utcOffset": "+01:00",
        "utcOffsetMilliseconds": 3_600_000,
        "dataHostingLocation": "eu1",
    }


PORTAL_ENDPOINTS = [
    Endpoint("GET", PROPERTIES, _properties, scopes=_schema_read),
    Endpoint("POST", PROPERTIES, _property_post, scopes=_schema_write),
    Endpoint("GET", f"{PROPERTIES}/groups", _groups, scopes=_schema_read),
    Endpoint(
        "POST",
        f"{PROPERTIES}/groups",
        lambda call: (201, property_api.create_group(_schema(call), call.body)),
        scopes=_schema_write,
    ),
    Endpoint(
        "GET",
        f"{PROPERTIES}/groups/{{name}}",
        lambda call: (200, property_api.group_named(_schema(call), call.path["name"])),
        scopes=_schema_read,
    ),
    Endpoint("DELETE", f"{PROPERTIES}/groups/{{name}}", _group_delete, scopes=_schema_write),
    Endpoint(
        "POST",
        f"{PROPERTIES}/batch/create",
        lambda call: property_api.batch_create(call.state, call.type, call.body),
        scopes=_schema_write,
    ),
    Endpoint(
        "POST",
        f"{PROPERTIES}/batch/read",
        lambda call: property_api.batch_read(_schema(call), call.body),
        scopes=_schema_read,
    ),
    Endpoint("POST", f"{PROPERTIES}/batch/archive", _property_batch_archive, scopes=_schema_write),
    Endpoint("GET", f"{PROPERTIES}/{{name}}", _property, scopes=_schema_read),
    Endpoint("PATCH", f"{PROPERTIES}/{{name}}", _property_patch, scopes=_schema_write),
    Endpoint("DELETE", f"{PROPERTIES}/{{name}}", _property_delete, scopes=_schema_write),
    Endpoint("GET", OWNERS, _owners, scopes=_scope("crm.objects.owners.read")),
    Endpoint("GET", f"{OWNERS}/{{id}}", _owner, scopes=_scope("crm.objects.owners.read")),
    Endpoint("GET", LISTS, _lists, scopes=_scope("crm.lists.read")),
    Endpoint(
        "GET",
        f"{LISTS}/object-type-id/{{object_type}}/name/{{name}}",
        _list_by_name,
        scopes=_scope("crm.lists.read"),
    ),
    Endpoint("GET", f"{LISTS}/{{id}}", _list, scopes=_scope("crm.lists.read")),
    Endpoint("GET", f"{LISTS}/{{id}}/memberships", _members, scopes=_scope("crm.lists.read")),
    Endpoint("GET", f"{LISTS}/{{id}}/memberships/join-order", _members_by_join, scopes=_scope("crm.lists.read")),
    Endpoint("PUT", f"{LISTS}/{{id}}/memberships/{{action}}", _members_change, scopes=_scope("crm.lists.write")),
    Endpoint("GET", "/account-info/details", _account),
]
