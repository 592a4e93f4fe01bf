"""The SDK on our transport: its API objects build the request, `Transport` sends it, JSON comes back raw.

The `api_factory` hook puts `_Wire` where the SDK has its own urllib3 client, so there is one pool, one
timeout, one retry and one place for the token: the SDK never holds it, so API objects can be kept when it
changes. Typed models are not built: they cost 5 to 8 times the CPU of the page itself (docs/decisions/0016).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from urllib3 import HTTPResponse, Retry

from connectors.http import Answer, Request, Transport
from connectors.hubspot.errors import translate
from connectors.hubspot.paths import Paths, bucket, is_read
from sync.errors import BadAnswer

_SDK_HOST = "sdk:"  # stands where the SDK puts its host; never called


class _Wire:
    """What the SDK calls instead of its urllib3 client.

    The SDK's own headers are dropped: the transport has better ones.
    """

    def __init__(self, send: Callable[[str, str, Mapping[str, Any]], Answer]) -> None:
        self._send = send

    def __getattr__(self, method: str) -> Callable[..., HTTPResponse]:
        if method not in {"GET", "POST", "PUT", "PATCH", "DELETE"}:
            raise AttributeError(method)
        return lambda url, **call: self._call(method, url, call)

    def _call(self, method: str, url: str, call: Mapping[str, Any]) -> HTTPResponse:
        answer = self._send(method, url.removeprefix(_SDK_HOST), call)
        return HTTPResponse(body=answer.body, status=answer.status, preload_content=False)


class Bridge:
    """HubSpot's endpoints as methods of held SDK objects, through `call`."""

    def __init__(self, transport: Transport, paths: Paths) -> None:
        self.transport = transport
        self.paths = paths

    @cached_property
    def objects(self) -> Any:
        return self._client.crm.objects.basic_api

    @cached_property
    def batch(self) -> Any:
        return self._client.crm.objects.batch_api

    @cached_property
    def search(self) -> Any:
        return self._client.crm.objects.search_api

    @cached_property
    def associations(self) -> Any:
        return self._client.crm.associations.v4.batch_api

    @cached_property
    def owners(self) -> Any:
        return self._client.crm.owners.owners_api

    @cached_property
    def properties(self) -> Any:
        return self._client.crm.properties.core_api

    @cached_property
    def groups(self) -> Any:
        return self._client.crm.properties.groups_api

    @cached_property
    def memberships(self) -> Any:
        return self._client.crm.lists.memberships_api

    def call(self, method: Callable[..., Any], *args: Any, body: Any = None, **query: Any) -> dict[str, Any]:
        """The JSON object an SDK method's endpoint answers, {} when it answers nothing.

        `query`: None values are left out.

        Raises what `Transport.send` raises, and for a 4xx Refused or MissingScope.
        """
        # Bytes pass through the SDK as they are; a dict would be copied value by value first.
        sent = (*args, json.dumps(body, separators=(",", ":")).encode()) if body is not None else args
        given = {name: value for name, value in query.items() if value is not None}
        response = method(*sent, _preload_content=False, **given)
        return _as_object(Answer(response.status, {}, response.data))

    def fetch_account(self) -> dict[str, Any]:
        """Details of the account, an endpoint the SDK does not have."""
        return _as_object(self._send("GET", self.paths.account, {}))

    def get(self, path: str, **query: Any) -> dict[str, Any]:
        """The JSON object a GET of a path the SDK does not know answers; None values are left out.

        Raises what `call` raises.
        """
        given = [(name, value) for name, value in query.items() if value is not None]
        return _as_object(self._send("GET", path, {"query_params": given}))

    def post(self, path: str, body: Any) -> dict[str, Any]:
        """The JSON object a POST to a path the SDK does not know answers, {} when it answers nothing.

        Raises what `call` raises.
        """
        return _as_object(self._send("POST", path, {"body": json.dumps(body, separators=(",", ":")).encode()}))

    @cached_property
    def _client(self) -> Any:
        from hubspot import HubSpot  # here, so that naming the connector stays cheap

        return HubSpot(access_token="held-by-the-transport", api_factory=self._make_api, retry=Retry(0))

    def _make_api(self, package: Any, api_name: str, config: Mapping[str, Any]) -> Any:
        configuration = package.Configuration()
        configuration.host = _SDK_HOST
        configuration.retries = config["retry"]
        client = package.ApiClient(configuration=configuration)
        client.rest_client = _Wire(self._send)
        return getattr(package, api_name)(api_client=client)

    def _send(self, method: str, sdk_path: str, call: Mapping[str, Any]) -> Answer:
        path = self.paths.of_sdk(sdk_path)
        request = Request(
            method,
            path,
            query=tuple((name, _query_text(value)) for name, value in call.get("query_params") or ()),
            body=call.get("body"),
            is_read=is_read(method, path),
            bucket=bucket(path),
        )
        answer = self.transport.send(request)
        if answer.status >= 400:
            raise translate(answer, str(request))
        return answer


def _as_object(answer: Answer) -> dict[str, Any]:
    parsed = answer.json()
    if parsed is None:
        return {}
    if not isinstance(parsed, dict):
        raise BadAnswer("HubSpot answered something else than a JSON object.")
    return parsed


def results_of(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The `results` of an answer. Raises BadAnswer when there are none to speak of."""
    results = body.get("results")
    if not isinstance(results, list) or not all(isinstance(item, dict) for item in results):
        raise BadAnswer("HubSpot's answer has no list of results.")
    return results


def next_after(body: Mapping[str, Any]) -> str | None:
    """`paging.next.after` as text; None on the last page."""
    paging = body.get("paging")
    following = paging.get("next") if isinstance(paging, dict) else None
    after = following.get("after") if isinstance(following, dict) else None
    return str(after) if after not in (None, "") else None


def _query_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
