"""The floor: requests, json and one `executemany` upsert and commit a page. `python -m benchmarks.floor URL TOKEN
FILE`."""

from __future__ import annotations

import json
import sqlite3
import sys

import requests

PROPERTIES = (
    "email,firstname,lastname,phone,lifecyclestage,hs_analytics_num_visits,hs_analytics_last_visit_timestamp,"
    "hs_email_delivered,hs_email_click,num_associated_deals,lastmodifieddate"
)


def main() -> None:
    """Read every contact once; prints the number of requests."""
    base_url, token, path = sys.argv[1:4]
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {token}"
    db = sqlite3.connect(path)
    db.execute("PRAGMA journal_mode = WAL")
    columns = PROPERTIES.split(",")
    db.execute(f"CREATE TABLE contact (id TEXT PRIMARY KEY, {', '.join(f'{name} TEXT' for name in columns)})")
    marks = ", ".join("?" * (len(columns) + 1))
    sql = f"INSERT INTO contact VALUES ({marks}) ON CONFLICT (id) DO UPDATE SET email = excluded.email"  # noqa: S608
    after, count = "", 0
    while True:
        url = f"{base_url}/crm/objects/2026-09/contacts?limit=100&properties={PROPERTIES}" + (
            f"&after={after}" if after else ""
        )
        page = json.loads(session.get(url, timeout=30).content)
        count += 1
        rows = [(one["id"], *(one["properties"].get(name) for name in columns)) for one in page["results"]]
        with db:
            db.executemany(sql, rows)
        after = page.get("paging", {}).get("next", {}).get("after", "")
        if not after:
            break
    print(json.dumps({"requests": count}))


if __name__ == "__main__":
    main()
