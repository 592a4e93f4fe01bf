"""The ATS side of the world as a file drop (docs/file-drop.md): JSONL, or the CSV a Dutch office exports."""

from __future__ import annotations

import csv
import json
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.clock import to_iso
from sandbox.world import World
from sandbox.world_ats import SITE

Row = dict[str, Any]
DUTCH_ZONE = ZoneInfo("Europe/Amsterdam")


def export(world: World, folder: str | Path, style: str = "jsonl") -> list[Path]:
    """The files written: candidates, jobs, applications, users, attendance, and in CSV stages.

    `folder` is made if needed; files of earlier exports in another style stay.
    `style`: jsonl; csv (comma, ISO times); csv-nl (`;`, byte order mark, dd-mm-jjjj, ja/nee).
    ValueError for another.
    """
    if style not in ("jsonl", "csv", "csv-nl"):
        raise ValueError(f"style {style!r} is not one of jsonl, csv, csv-nl")
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    nouns = rows(world)
    if style != "jsonl":
        jobs = nouns["jobs"]
        nouns["stages"] = [{"job_id": job["id"], **stage} for job in jobs for stage in job["stages"]]
        nouns["jobs"] = [{key: value for key, value in job.items() if key != "stages"} for job in jobs]
    return [_write(target, noun, lines, style) for noun, lines in nouns.items()]


def rows(world: World) -> dict[str, list[Row]]:
    """The normalised rows by noun; absent keys are unknown. Times are aware datetimes."""
    return {
        "candidates": [_candidate(world, person) for person in world.people if person.in_ats],
        "jobs": [_job(vacancy) for vacancy in world.vacancies],
        "applications": [_application(application) for application in world.applications],
        "users": [
            {"id": user.ats_id, "name": f"{user.first} {user.last}", "email": user.email, "active": True}
            for user in world.recruiters
        ],
        "attendance": [_attendance(line) for line in world.attendance],
    }


def _candidate(world: World, person: Any) -> Row:
    own = [application for application in world.applications if application.person is person]
    moments = [application.moments for application in own]
    return {
        "id": person.candidate_id,
        "first_name": person.first,
        "name_infix": person.infix,
        "last_name": person.last,
        "email_addresses": [person.ats_email],
        "phone_numbers": [person.phone],
        "created_at": min(each["applied_at"] for each in moments),
        "updated_at": max(each["updated_at"] for each in moments),
        "source": own[0].source,
        "owner_email": own[0].vacancy.recruiter_email,
        "can_email": int(person.key) % 17 != 0,
    }


def _job(vacancy: Any) -> Row:
    url = f"{SITE}/vacature/{vacancy.id}"
    job = {
        "id": vacancy.id,
        "name": vacancy.name,
        "status": vacancy.status,
        "confidential": vacancy.confidential,
        "recruiter_email": vacancy.recruiter_email,
        "post_url": url,
        "apply_url": f"{url}/solliciteren",
        "opened_at": vacancy.opened_at,
        "closed_at": vacancy.closed_at,
        "stages": vacancy.stages,
    }
    return {key: value for key, value in job.items() if value is not None}


def _application(application: Any) -> Row:
    row = {
        "id": application.id,
        "candidate_id": application.person.candidate_id,
        "job_id": application.vacancy.id,
        "status": application.status,
        "stage_id": application.stage_id,
        "source": application.source,
        **application.moments,
    }
    return row | ({"reject_reason": application.reject_reason} if application.reject_reason else {})


def _attendance(line: Any) -> Row:
    return {
        "event": line.event,
        "kind": line.kind,
        "at": line.at,
        "email": line.email,
        "phone": line.phone,
        "first_name": line.first,
        "name_infix": line.infix,
        "last_name": line.last,
    }


def _write(folder: Path, noun: str, lines: list[Row], style: str) -> Path:
    # The sign-in sheet is a delta: it says who came, and nothing about anyone it does not list.
    kind = "" if noun == "attendance" else ".snapshot"
    path = folder / f"{noun}{kind}.{'jsonl' if style == 'jsonl' else 'csv'}"
    partial = path.with_name(path.name + ".part")
    if style == "jsonl":
        text = "".join(json.dumps(row, default=_iso, ensure_ascii=False) + "\n" for row in lines)
        partial.write_text(text, encoding="utf-8")
    else:
        _write_csv(partial, lines, dutch=style == "csv-nl")
    return partial.replace(path)


def _write_csv(path: Path, lines: list[Row], dutch: bool) -> None:
    columns = list(dict.fromkeys(key for row in lines for key in row))
    with path.open("w", encoding="utf-8-sig" if dutch else "utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";" if dutch else ",")
        writer.writerow(columns)
        writer.writerows([_cell(row.get(column), dutch) for column in columns] for row in lines)


def _cell(value: Any, dutch: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return "|".join(map(str, value))
    if isinstance(value, bool):
        return ("ja" if value else "nee") if dutch else str(value).lower()
    if isinstance(value, datetime):
        return value.astimezone(DUTCH_ZONE).strftime("%d-%m-%Y %H:%M") if dutch else to_iso(value)
    return str(value)


def _iso(value: Any) -> str:
    return to_iso(value)
