"""Recruitee's rows to the model. Fields and words are data: recruitee.toml."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from mappings.cells import to_flag, to_id, to_moment, to_url, to_whole
from mappings.rules import Rule, Shape, load_table, normal_name, parse_rules
from sync.core.model import Application, AtsUser, Candidate, Job, JobStage
from sync.errors import ConfigError, InvalidRecord, Problem

Row = Mapping[str, Any]
NOUNS = ("users", "jobs", "stages", "candidates", "applications")
MAX_TEXT = 1_000
JOB, TALENT_POOL = "job", "talent_pool"

# What a row says beside the model's fields, and the mapping makes something of.
_ALSO = {
    "users": (),
    "candidates": ("name",),
    "jobs": ("kind", "updated_at"),
    "stages": ("category",),
    "applications": ("kind", "last_message_at"),
}
_MODELS: Mapping[str, type[Any]] = {
    "users": AtsUser,
    "candidates": Candidate,
    "jobs": Job,
    "stages": JobStage,
    "applications": Application,
}
_UNSEEN = re.compile("[\x00-\x1f\x7f\ufffd\ud800-\udfff]")


def field_lists() -> Mapping[str, Sequence[str]]:
    """Per noun, and for 'stages', the fields the connector may hand out. Raises ConfigError for a wrong mapping."""
    return {noun: tuple(rule.column for rule in _mapping()[noun]) for noun in NOUNS}


def to_user(raw: Row) -> AtsUser:
    """A Recruitee admin; active unless said otherwise. Raises InvalidRecord, as all of these do."""
    return AtsUser(remote_id=_id(raw), **_values("users", raw))


def to_candidate(raw: Row) -> Candidate:
    """A candidate. Recruitee has one name field: the first word is the first name, the rest, infix included, the last
    name, as registered. A name that does not start with a first name (comma, infix, initial) is the last name whole."""
    values = _values("candidates", raw)
    name: str | None = values.pop("name", None)
    if _is_anonymised(name, values):
        moment = values.get("anonymised_at") or values.get("updated_at") or datetime(1970, 1, 1, tzinfo=UTC)
        known = {key: values[key] for key in ("created_at", "updated_at", "deleted_at") if key in values}
        return Candidate(remote_id=_id(raw), anonymised_at=moment, **known)
    return Candidate(remote_id=_id(raw), **{**values, **_name_parts(name)})


def to_job(raw: Row) -> Job:
    """An offer, a vacancy or a talent pool, with its stages in order when they came with it."""
    values = _values("jobs", raw)
    for only_told in _ALSO["jobs"]:
        values.pop(only_told, None)
    status = normal_name(values.pop("status", ""))
    job_id = _id(raw)
    stages = raw.get("stages") or ()
    return Job(
        remote_id=job_id,
        status=_words("job_status").get(status, "unknown"),
        confidential=status in _words("confidential"),
        stages=tuple(_stage(stage, job_id, place) for place, stage in enumerate(stages)),
        **values,
    )


def to_application(raw: Row) -> Application:
    """A placement. On a talent pool it is a prospect, who did not apply.

    Recruitee does not say when a stage was entered or the person was told: both stay unknown.
    """
    values = _values("applications", raw)
    kind, last_message_at = values.pop("kind", None), values.pop("last_message_at", None)
    status = _status(kind, values)
    first_reply_at = _reaction(values.get("applied_at"), last_message_at, values.get("hired_at"))
    if status == "prospect":
        values.pop("applied_at", None)
        first_reply_at = None
    if status not in ("rejected", "withdrawn"):
        values.pop("reject_reason", None)
    return Application(remote_id=_id(raw), status=status, first_reply_at=first_reply_at, **values)


def _status(kind: str | None, values: Row) -> str:
    if kind == TALENT_POOL:
        return "prospect"
    if values.get("rejected_at"):
        return "withdrawn" if _holds_word("withdrawn", values.get("reject_reason")) else "rejected"
    if values.get("hired_at"):
        return "hired"
    return "active" if kind == JOB else "unknown"


def _reaction(applied_at: datetime | None, *evidence: datetime | None) -> datetime | None:
    """The earliest moment by which a person certainly had reacted; None when nothing shows it.

    The last message may be later than the first one and may be the candidate's own: it bounds the reaction, no more.
    """
    if applied_at is None:
        return None
    after = applied_at + timedelta(minutes=_table()["reaction"]["not_within_minutes"])
    return min((moment for moment in evidence if moment is not None and moment >= after), default=None)


def _stage(raw: Any, job_id: str, place: int) -> JobStage:
    if not isinstance(raw, Mapping):
        raise InvalidRecord("stages", "not a list of stages")
    values = {"position": place, **_values("stages", raw)}
    kind = _stage_kind(values.pop("category", None)) or _stage_kind(values.get("name")) or "other"
    return JobStage(remote_id=_id(raw), job_id=job_id, kind=kind, **values)


def _stage_kind(text: str | None) -> str | None:
    spelled = normal_name(text or "")
    kinds: Mapping[str, list[str]] = _table()["words"]["stage_kind"]
    return next((kind for kind, words in kinds.items() if any(normal_name(word) in spelled for word in words)), None)


def _is_anonymised(name: str | None, values: Row) -> bool:
    if values.get("anonymised_at"):
        return True
    is_bare = not values.get("email_addresses") and not values.get("phone_numbers")
    return is_bare and _holds_word("anonymised", (name or "").split(" ")[0])


def _name_parts(name: str | None) -> dict[str, Any]:
    if not name:
        return {}
    first, _, rest = name.partition(" ")
    is_initial = len(first) == 1 or "." in first
    if "," in name or is_initial or first in _words("infix") or not first[0].isalpha():
        return {"last_name": name}
    return {"first_name": first, "last_name": rest} if rest else {"first_name": first}


def _holds_word(kind: str, text: str | None) -> bool:
    spelled = normal_name(text or "")
    return any(word in spelled for word in _words(kind))


@cache
def _words(kind: str) -> Mapping[str, str]:
    return {normal_name(word): meaning for meaning, words in _table()["words"][kind].items() for word in words}


@cache
def _table() -> Mapping[str, Any]:
    return load_table("recruitee.toml")


@cache
def _mapping() -> Mapping[str, tuple[Rule, ...]]:
    mapping: dict[str, tuple[Rule, ...]] = {}
    problems: list[Problem] = []
    for noun in NOUNS:
        known = {field.name for field in fields(_MODELS[noun])} - {"remote_id", "stages"} | set(_ALSO[noun])
        rules, found = parse_rules(noun, _table()[noun], Shape(known, frozenset(_READERS)))
        mapping[noun] = tuple(rules)
        problems += found
    if problems:
        raise ConfigError(problems)
    return mapping


def _id(raw: Row) -> str:
    found = to_id(raw.get("id"), UTC)
    if not found:
        raise InvalidRecord("id", "missing")
    return found


def _values(noun: str, raw: Row) -> dict[str, Any]:
    """The row's known values by the model's field. Raises InvalidRecord with the field, never the value."""
    values: dict[str, Any] = {}
    for rule in _mapping()[noun]:
        try:
            found = _READERS[rule.type](raw.get(rule.column))
        except ValueError as error:
            raise InvalidRecord(rule.column, str(error)) from None
        if found is None:
            continue
        if rule.join == "words" and rule.to in values and not raw.get("name"):
            found = f"{values[rule.to]} {found}"
        elif rule.to in values:
            continue
        values[rule.to] = found
    return values


def _text(value: Any) -> str | None:
    """One line of text, cut to a length no name has; None when it says nothing."""
    if value is None or isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return " ".join(_UNSEEN.sub(" ", str(value)).split())[:MAX_TEXT] or None


def _texts(value: Any) -> tuple[str, ...] | None:
    """The readable texts of a list, doubles once: one bad number does not cost the person."""
    given = value if isinstance(value, list | tuple) else [value]
    return tuple(dict.fromkeys(text for one in given if (text := _text(one)))) or None


def _email(value: Any) -> str | None:
    text = _text(value)
    return text.lower() if text else None


def _in_utc(read: Callable[[Any, Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else read(value, UTC)


def _url(value: Any) -> str | None:
    """A web address; what is none is left out, for nothing depends on it."""
    try:
        return to_url(value, UTC)
    except ValueError:
        return None


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "id": _in_utc(to_id),
    "text": _text,
    "texts": _texts,
    "email": _email,
    "moment": _in_utc(to_moment),
    "flag": _in_utc(to_flag),
    "whole": _in_utc(to_whole),
    "url": _url,
}
