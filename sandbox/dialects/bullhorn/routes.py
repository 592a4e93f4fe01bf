"""The calls of Bullhorn: the way in, and lists below the company's own address. Strict about each parameter."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from sandbox.dialects.base import Asked, Endpoint, Reply
from sandbox.dialects.bullhorn import people, wishes
from sandbox.dialects.bullhorn.company import Company
from sandbox.dialects.bullhorn.doors import TOKEN_S
from sandbox.errors import ApiError

Row = dict[str, Any]
SEARCHED = (people.CANDIDATE, people.JOB, people.PLACEMENT)
LONGEST_TEXT, MOST_ROWS, MOST_NESTED = 7_500, 500, 5
LOGIN_PAGE = '<html><body><form method="post"><input name="username"><input name="password"></form></body></html>'
NESTED = "submissions"


def login_info(company: Company, asked: Asked) -> Row:
    """Which data centre a user's company is in."""
    if asked.query.get("username") != company.doors.username:
        raise ApiError(400, "Could not find the user's data centre", None)
    host = company.data_centre or asked.base_url
    return {"oauthUrl": f"{host}/oauth", "restUrl": f"{host}/rest-services", "dataCenterId": 9, "superClusterId": 1}


def authorize(company: Company, asked: Asked) -> Reply:
    """A redirect with a code; a page for a person when the password is wrong."""
    query, doors = asked.query, company.doors
    if query.get("client_id") != doors.client_id or query.get("response_type") != "code":
        raise ApiError(400, "Invalid client", None)
    wanted = ("Login", doors.username, doors.password)
    if (query.get("action"), query.get("username"), query.get("password")) != wanted:
        return Reply(LOGIN_PAGE, 200, {"Content-Type": "text/html"})
    back = urlencode({"code": doors.code(), "client_id": doors.client_id})
    return Reply("", 302, {"Location": f"https://www.bullhorn.example.com/?{back}"})


def token(company: Company, asked: Asked) -> Row:
    """Tokens for a code, or for a refresh token."""
    query, doors = asked.query, company.doors
    if (query.get("client_id"), query.get("client_secret")) != (doors.client_id, doors.client_secret):
        raise ApiError(400, "invalid_client", None)
    grant = query.get("grant_type", "")
    what = query.get("code" if grant == "authorization_code" else "refresh_token", "")
    access, refresh = doors.tokens(grant, what)
    return {"access_token": access, "token_type": "Bearer", "expires_in": TOKEN_S, "refresh_token": refresh}


def login(company: Company, asked: Asked) -> Row:
    """A session for an access token."""
    minutes, version = asked.query.get("ttl", "10"), asked.query.get("version")
    if version is None or not minutes.isdigit():
        raise ApiError(400, "version and ttl are wanted", None)
    session = company.doors.session(asked.query.get("access_token", ""), int(minutes))
    host = company.data_centre or asked.base_url
    return {"BhRestToken": session, "restUrl": f"{host}/rest-services/{company.doors.corp_token}/"}


def ping(company: Company, asked: Asked) -> Row:
    """Until when the session lasts."""
    token_given = asked.headers.get("bhresttoken", "")
    return {"sessionExpires": people.stamp(company.doors.sessions[token_given][1])}


def searched(company: Company, asked: Asked) -> Row:
    """A page of the index, with its count."""
    entity = _entity(company, asked, SEARCHED)
    text = _text(asked, "query")
    passes = wishes.lucene(text, entity, company.date_form, company.indexed)
    rows, start = _page(company, asked, entity, passes, "sort")
    total = len(rows[0]) + company.counts_more
    return {"total": total, "start": start, "count": len(rows[1]), "data": rows[1]}


def queried(company: Company, asked: Asked) -> Row:
    """A page of the database, without a count."""
    entity = _entity(company, asked, (people.SUBMISSION, people.HISTORY, people.USER))
    rows, start = _page(company, asked, entity, wishes.jpql(_text(asked, "where"), entity), "orderBy")
    return {"start": start, "count": len(rows[1]), "data": rows[1]}


def meta(company: Company, asked: Asked) -> Row:
    """The fields of an entity."""
    entity = _entity(company, asked, tuple(people.TEMPLATES))
    return {"entity": entity, "fields": [{"name": name} for name in ("id", *_fields_of(company, entity))]}


def settings(company: Company, asked: Asked) -> Row:
    """One setting."""
    if asked.path["name"] != "jobResponseStatusList":
        raise ApiError(400, "no such setting", None)
    return {"jobResponseStatusList": company.statuses}


def _entity(company: Company, asked: Asked, served: tuple[str, ...]) -> str:
    entity = asked.path["entity"]
    if entity not in served:
        raise ApiError(404, f"{entity} is not served here", None)
    if entity in company.hides:
        raise ApiError(403, f"not entitled to {entity}", None)
    return entity


def _text(asked: Asked, name: str) -> str:
    """The query of an address, or the longer one of a body."""
    if asked.body:
        if asked.headers.get("content-type", "").partition(";")[0] != "application/json" or name in asked.query:
            raise ApiError(400, "one query, as JSON", None)
        body = asked.json
        text = body.get(name) if isinstance(body, dict) and set(body) == {name} else None
    else:
        text = asked.query.get(name)
    if not isinstance(text, str) or not text:
        raise ApiError(400, f"{name} is wanted", None)
    if not asked.body and len(text) > LONGEST_TEXT:
        raise ApiError(400, "the query is too long for a GET", None)
    return text


def _page(
    company: Company, asked: Asked, entity: str, passes: Callable[[Row], bool], order: str
) -> tuple[tuple[list[Row], list[Row]], int]:
    """All rows that pass, the shown ones of them, and where these start."""
    known = {"fields", "start", "count", order, "where" if order == "orderBy" else "query", "BhRestToken"}
    names = [name for name, _ in asked.pairs]
    if set(names) - known or len(set(names)) < len(names):
        raise ApiError(400, "unknown or repeated parameter", None)
    count, start = _whole(asked, "count", 20), _whole(asked, "start", 0)
    if not 1 <= count <= MOST_ROWS:
        raise ApiError(400, f"count is at most {MOST_ROWS}", None)
    fields = _fields(company, asked, entity)
    rows = [row for row in company.rows[entity].values() if passes(row)]
    key, is_down = asked.query.get(order, "id").lstrip("-"), asked.query.get(order, "").startswith("-")
    if key not in ("id", *people.DATES):
        raise ApiError(400, f"{key} cannot be sorted by", None)
    rows.sort(key=lambda row: (row.get(key) or 0, row["id"]), reverse=is_down)
    first = 0 if company.ignores_start else start
    shown = rows[first : first + min(count, company.most_rows or count)]
    extra = {"_score": 1.0} if order == "sort" else {}
    return (rows, [{**_shown(company, row, fields), **extra} for row in shown]), start


def _whole(asked: Asked, name: str, otherwise: int) -> int:
    text = asked.query.get(name, str(otherwise))
    if not text.isdigit():
        raise ApiError(400, f"{name} is no number", None)
    return int(text)


def _fields(company: Company, asked: Asked, entity: str) -> list[str]:
    """The names asked for; what stands in brackets behind one is the nested record's business."""
    names = re.sub(r"\([^)]*\)", "", asked.query.get("fields", "")).split(",")
    known = {"id", *_fields_of(company, entity)}
    if names == [""]:
        raise ApiError(400, "fields is wanted", None)
    if wrong := [name for name in names if name not in known and name != "*"]:
        raise ApiError(404, f"{entity} has no field {wrong[0]}", None)
    return sorted(known) if "*" in names else ["id", *names]


def _fields_of(company: Company, entity: str) -> list[str]:
    return [name for name in people.TEMPLATES[entity] if f"{entity}.{name}" not in company.lacks]


def _shown(company: Company, row: Row, fields: list[str]) -> Row:
    """A row with its fields; of a list within it only the first few."""
    shown = {name: row.get(name) for name in fields}
    if NESTED in shown:
        side = "candidate" if "firstName" in row else "jobOrder"
        own = [one for one in company.rows[people.SUBMISSION].values() if one[side]["id"] == row["id"]]
        shown[NESTED] = {"total": len(own), "data": [{"id": one["id"]} for one in own[:MOST_NESTED]]}
    return shown


COMPANY = "/rest-services/{corp}"
ENDPOINTS = [
    Endpoint("GET", "/rest-services/loginInfo", login_info, open=True),
    Endpoint("GET", "/oauth/authorize", authorize, open=True),
    Endpoint("POST", "/oauth/token", token, open=True),
    Endpoint("GET", "/rest-services/login", login, open=True),
    Endpoint("POST", "/rest-services/login", login, open=True),
    Endpoint("GET", f"{COMPANY}/ping", ping),
    Endpoint("GET", f"{COMPANY}/search/{{entity}}", searched, paged=True),
    Endpoint("POST", f"{COMPANY}/search/{{entity}}", searched, paged=True),
    Endpoint("GET", f"{COMPANY}/query/{{entity}}", queried, paged=True),
    Endpoint("POST", f"{COMPANY}/query/{{entity}}", queried, paged=True),
    Endpoint("GET", f"{COMPANY}/meta/{{entity}}", meta),
    Endpoint("GET", f"{COMPANY}/settings/{{name}}", settings),
]
