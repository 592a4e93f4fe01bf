"""Candidates out of Homerun's applications. It has no candidates: each application holds its person's details anew."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from connectors.rows import Row, id_of


def candidate_id(application: Row) -> str:
    """The same for the same address and first name: a hash, for an address may stand in no id. Without an address
    every application is somebody of its own. A shared mailbox with two first names is two people."""
    person = _person(application)
    email, first = _spelled(person.get("email")), _spelled(person.get("first_name"))
    if not email:
        return f"of_{id_of(application['id'])}"
    return f"p_{hashlib.sha256(f'{email}|{first}'.encode()).hexdigest()[:32]}"


def candidates_of(applications: Iterable[Row]) -> list[Row]:
    """One row a person: what the newest application says, all numbers, the first day and the latest retention."""
    own: dict[str, list[Row]] = defaultdict(list)
    for application in applications:
        own[candidate_id(application)].append(application)
    return [_candidate(one, sorted(rows, key=_age)) for one, rows in own.items()]


def joined_application(row: Row) -> Row:
    """An application with `candidate_id`, `stage_id`, `stage.name` and `source.name`."""
    vacancy_id, stage = id_of(row.get("vacancy_id")), stage_name(row.get("stage"))
    return {
        **row,
        "candidate_id": candidate_id(row),
        "vacancy_id": vacancy_id,
        "stage.name": stage,
        "stage_id": stage_id(vacancy_id, stage) if vacancy_id and stage else None,
        "source.name": _source(row),
    }


def stage_name(given: object) -> str | None:
    """The name of a stage; None when there is none."""
    name = given.get("name") if isinstance(given, Mapping) else given
    return " ".join(name.split()) or None if isinstance(name, str) else None


def stage_id(vacancy_id: str, name: str) -> str:
    """Stages have names only, and those are a vacancy's own."""
    return f"{vacancy_id}:{name}"


def _candidate(record_id: str, oldest_first: Sequence[Row]) -> Row:
    newest = _person(oldest_first[-1])
    numbers = [_person(row).get("phone_number") for row in reversed(oldest_first)]
    ends = [end for row in oldest_first if isinstance(end := row.get("retention_period_ends_at"), str)]
    return {
        "id": record_id,
        "first_name": newest.get("first_name"),
        "last_name": newest.get("last_name"),
        "email": newest.get("email"),
        "phone_number": [one for one in dict.fromkeys(numbers) if isinstance(one, str)],
        "source.name": _source(oldest_first[-1]),
        "created_at": oldest_first[0].get("created_at"),
        "retention_period_ends_at": max(ends, default=None),
    }


def _person(application: Row) -> Mapping[str, object]:
    given = application.get("personal_info")
    return given if isinstance(given, Mapping) else {}


def _age(application: Row) -> tuple[str, str]:
    created_at = application.get("created_at")
    return created_at if isinstance(created_at, str) else "", str(application["id"])


def _spelled(text: object) -> str:
    return " ".join(text.casefold().split()) if isinstance(text, str) else ""


def _source(application: Row) -> str | None:
    """The first of the sources an application is said to come from."""
    given = application.get("sources")
    names = [one.get("name") for one in given if isinstance(one, Mapping)] if isinstance(given, list) else []
    return next((name for name in names if isinstance(name, str) and name), None)
