"""The REST API under /services/data, the token endpoint, and jobs of the Bulk API 2.0."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta
from typing import Any

from sandbox.dialects.base import Asked, Endpoint, Reply
from sandbox.dialects.salesforce.company import Company
from sandbox.dialects.salesforce.login import token
from sandbox.dialects.salesforce.reading import Reader
from sandbox.errors import ApiError

Row = dict[str, Any]
ROOT = "/services/data/v{version}"
LONGEST_SOQL = 16_000


def versions(org: Company, asked: Asked) -> Reply:
    """The versions of the API; needs no token."""
    return Reply([{"label": "", "url": f"/services/data/v{one}", "version": one} for one in org.versions])


def query(org: Company, asked: Asked) -> Row:
    """The first page of a query."""
    return _begun(org, asked, deleted_too=False)


def query_all(org: Company, asked: Asked) -> Row:
    """With what lies in the bin."""
    return _begun(org, asked, deleted_too=True)


def more(org: Company, asked: Asked) -> Row:
    """A further page; of rows deleted meanwhile nothing comes."""
    name, _, offset = asked.path["locator"].partition("-")
    if name not in org.cursors or not offset.isdigit():
        raise ApiError(400, "invalid query locator", "INVALID_QUERY_LOCATOR")
    return _page(org, asked, name, 0 if org.repeats else int(offset))


def objects(org: Company, asked: Asked) -> Row:
    """Every object the user may see."""
    shown = [
        {"name": one.name, "label": one.name, "keyPrefix": one.prefix, "custom": "__" in one.name, "queryable": True}
        for one in org.sobjects.values()
    ]
    return {"encoding": "UTF-8", "maxBatchSize": 200, "sobjects": shown}


def describe(org: Company, asked: Asked) -> Row:
    """The fields of an object the user may see."""
    found = org.sobject(asked.path["name"])
    fields = [one.described() for one in found.columns if org.may_see(found.name, one.name)]
    return {"name": found.name, "keyPrefix": found.prefix, "queryable": True, "fields": fields}


def deleted(org: Company, asked: Asked) -> Row:
    """What was deleted from `start` to `end`, seconds left out; 15 days back at most."""
    name = org.sobject(asked.path["name"]).name
    if name in org.unlogged:
        raise ApiError(400, f"object type {name} is not replicable", "INVALID_TYPE_FOR_OPERATION")
    start, end = (_minute(asked.query.get(one)) for one in ("start", "end"))
    if end - start <= timedelta(minutes=1):
        raise ApiError(400, "startDate before endDate by more than one minute", "INVALID_REPLICATION_DATE")
    if start < org.clock.now() - timedelta(days=30):
        raise ApiError(400, "startDate is too far back", "INVALID_REPLICATION_DATE")
    found = [(one, at) for kind, one, at in org.log if kind == name and start <= at < end and at >= org.reach()]
    return {
        "deletedRecords": [{"id": one, "deletedDate": _stamp(at)} for one, at in found],
        "earliestDateAvailable": _stamp(org.reach()),
        "latestDateCovered": _stamp(min(end, org.clock.now())),
    }


def limits(org: Company, asked: Asked) -> Row:
    """The day's requests."""
    return {"DailyApiRequests": {"Max": org.daily_limit, "Remaining": org.daily_limit - org.used}}


def job_made(org: Company, asked: Asked) -> Row:
    """A query job; its rows are those of now."""
    try:
        asked_for = asked.json
        text, operation = str(asked_for["query"]), str(asked_for["operation"])
    except (ValueError, KeyError, TypeError):
        raise ApiError(400, "query and operation are needed", "INVALIDJOB") from None
    if operation not in ("query", "queryAll"):
        raise ApiError(400, "unknown operation", "INVALIDJOB")
    reader = Reader(org, text)
    ids = reader.ids(deleted_too=operation == "queryAll")
    job_id = f"7509K{len(org.jobs) + 1:010d}AAA"
    org.jobs[job_id] = {"looks": 0, "names": reader.query.fields}
    org.jobs[job_id]["rows"] = [reader.flat(reader.object.rows[one]) for one in ids]
    return {"id": job_id, "operation": operation, "object": reader.object.name, "state": "UploadComplete"}


def job_shown(org: Company, asked: Asked) -> Row:
    """How far a job is."""
    job = _job(org, asked)
    job["looks"] += 1
    state = "InProgress" if job["looks"] <= org.bulk_looks else org.bulk_state
    return {"id": asked.path["job"], "operation": "query", "state": state, "numberRecordsProcessed": len(job["rows"])}


def job_results(org: Company, asked: Asked) -> Reply:
    """A page of CSV."""
    if "text/csv" not in asked.headers.get("accept", ""):
        raise ApiError(406, "results are CSV", "NOT_ACCEPTABLE")
    job, start = _job(org, asked), asked.query.get("locator", "MA")
    if job["looks"] <= org.bulk_looks or not start.startswith("MA") or not start[2:].isdigit() and start != "MA":
        raise ApiError(400, "no results", "INVALIDJOBSTATE")
    place = int(start[2:] or 0)
    size = min(org.bulk_rows, int(asked.query.get("maxRecords", org.bulk_rows)))
    some = job["rows"][place : place + size]
    text = io.StringIO()
    lines = csv.DictWriter(text, job["names"], quoting=csv.QUOTE_ALL, lineterminator="\n")
    lines.writeheader()
    lines.writerows(some)
    following = f"MA{place + size}" if place + size < len(job["rows"]) else "null"
    return Reply(text.getvalue(), headers={"Sforce-Locator": following, "Sforce-NumberOfRecords": str(len(some))})


CALLS = [
    ("GET", "/query", query, True),
    ("GET", "/queryAll", query_all, True),
    ("GET", "/query/{locator}", more, True),
    ("GET", "/sobjects", objects, False),
    ("GET", "/sobjects/", objects, False),
    ("GET", "/sobjects/{name}/describe", describe, False),
    ("GET", "/sobjects/{name}/deleted", deleted, False),
    ("GET", "/sobjects/{name}/deleted/", deleted, False),
    ("GET", "/limits", limits, False),
    ("POST", "/jobs/query", job_made, False),
    ("GET", "/jobs/query/{job}", job_shown, False),
    ("GET", "/jobs/query/{job}/results", job_results, True),
]
ENDPOINTS = [
    Endpoint("POST", "/services/oauth2/token", token, open=True),
    Endpoint("GET", "/services/data", versions, open=True),
    Endpoint("GET", "/services/data/", versions, open=True),
    *(Endpoint(method, ROOT + path, handler, paged=paged) for method, path, handler, paged in CALLS),
]


def _begun(org: Company, asked: Asked, *, deleted_too: bool) -> Row:
    text = asked.query.get("q", "")
    if len(text) > LONGEST_SOQL:
        raise ApiError(414, "URI too long", "URI_TOO_LONG")
    reader = Reader(org, text)
    org.opened += 1
    name = f"01g9K{org.opened:010d}"
    org.cursors[name] = (reader, reader.ids(deleted_too=deleted_too), deleted_too)
    return _page(org, asked, name, 0)


def _page(org: Company, asked: Asked, name: str, offset: int) -> Row:
    reader, ids, deleted_too = org.cursors[name]
    root, rows = f"/services/data/v{asked.path['version']}", reader.object.rows
    some = [rows[one] for one in ids[offset : offset + org.batch] if one in rows]
    shown = [reader.shown(row, root) for row in some if deleted_too or not row["IsDeleted"]]
    done = offset + org.batch >= len(ids)
    body = {"totalSize": len(ids), "done": done, "records": shown}
    return body if done else {**body, "nextRecordsUrl": f"{root}/query/{name}-{offset + org.batch}"}


def _job(org: Company, asked: Asked) -> Any:
    if asked.path["job"] not in org.jobs:
        raise ApiError(404, "The requested resource does not exist", "NOT_FOUND")
    return org.jobs[asked.path["job"]]


def _minute(text: str | None) -> datetime:
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        raise ApiError(400, "start and end are ISO 8601", "INVALID_FIELD") from None
    return moment.replace(second=0, microsecond=0)


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000+0000")
