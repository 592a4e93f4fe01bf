"""Bullhorn's rows to the model. Fields and words are data: bullhorn.toml, and words in a user's own file.

Every Bullhorn company has its own list of statuses, so a user's words come before these.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mappings.json_rows import JsonMapping, Row, anonymised, row_id
from mappings.rules import load_table, normal_name
from mappings.stages import stage_kind
from sync.core.model import Application, AtsUser, Candidate, Job, JobStage
from sync.errors import ConfigError, InvalidRecord, Problem

HIRED, PUBLIC = "hired", 1
WORDS = ("ended", "web_response", "no_placement", "job_status")
MAPPING = JsonMapping(
    "bullhorn.toml",
    also={
        "users": ("deleted",),
        "candidates": ("mail_opt_out", "anonymized", "deleted"),
        "jobs": ("open", "public", "deleted", "updated_at"),
        "applications": ("added_at", "deleted", "history", "placements"),
    },
)
Meanings = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Step:
    """A status a submission or placement had from a moment on; `at` None: unknown since when.

    `ended`: rejected, withdrawn or prospect when that is what it means; empty for a stage.
    """

    status: str
    at: datetime | None = None
    ended: str = ""


def field_lists() -> Mapping[str, Sequence[str]]:
    """Per noun, and for 'stages', the fields the connector may hand out. Raises ConfigError for a wrong mapping."""
    return MAPPING.field_lists()


def to_user(raw: Row) -> AtsUser:
    """A CorporateUser; who was deleted or disabled is not active. Raises InvalidRecord, as all of these do."""
    values = MAPPING.values("users", raw)
    is_gone = values.pop("deleted", False)
    return AtsUser(remote_id=row_id(raw), **{**values, "active": values.get("active", True) and not is_gone})


def to_candidate(raw: Row) -> Candidate:
    """A candidate. A deleted one is so since its last change: Bullhorn keeps no other moment."""
    values = MAPPING.values("candidates", raw)
    opted_out = values.pop("mail_opt_out", None)
    if values.pop("deleted", False):
        values["deleted_at"] = values.get("updated_at") or datetime(1970, 1, 1, tzinfo=UTC)
    if values.pop("anonymized", False):
        return anonymised(raw, values)
    return Candidate(remote_id=row_id(raw), can_email=None if opted_out is None else not opted_out, **values)


class Mapper:
    """Jobs and applications by the words for statuses. `path`: a user's own file with `[words.<kind>]` tables.

    Raises ConfigError for a file that cannot be read, or a kind or meaning that is not known.
    """

    def __init__(self, path: Path | None = None) -> None:
        own = _own_words(path) if path else {}
        self._words = {kind: {**own.get(kind, {}), **_others(MAPPING.words(kind), own.get(kind, {}))} for kind in WORDS}
        self.version = repr(sorted(own.items()))

    def to_job(self, raw: Row) -> Job:
        """A JobOrder. Its stages are the statuses of the company that do not end an application, in order; what is
        not published on the site is confidential."""
        values = MAPPING.values("jobs", raw)
        values.pop("updated_at", None)
        is_open, is_gone, public = (values.pop(name, None) for name in ("open", "deleted", "public"))
        status = self._words["job_status"].get(normal_name(values.get("status", "")), "")
        if not status or (status == "open" and is_open is False):
            status = {True: "open", False: "closed", None: "unknown"}[is_open]
        values["status"] = "archived" if is_gone else status
        if values["status"] in ("open", "draft"):
            values.pop("closed_at", None)
        return Job(
            remote_id=row_id(raw),
            confidential=public is not None and public != PUBLIC,
            stages=tuple(self._stages(row_id(raw), raw.get("stages") or ())),
            **values,
        )

    def to_application(self, raw: Row) -> Application:
        """A JobSubmission. One that never was a web response is a prospect: a recruiter submitted the person.

        Bullhorn does not say when the person was told of a rejection, nor when somebody first replied. Of a deleted
        one nothing but its ids is kept; the next whole read ends it.
        """
        values = MAPPING.values("applications", raw)
        steps = self._steps(values.pop("history", ()), values.pop("status", None))
        placed = [one for one in _parsed(values.pop("placements", ())) if not self._means("no_placement", one.status)]
        added_at, is_gone = values.pop("added_at", None), values.pop("deleted", False)
        if is_gone:
            ids = {key: values[key] for key in ("candidate_id", "job_id", "updated_at") if key in values}
            return Application(remote_id=row_id(raw), **ids)
        responses = [one for one in steps if self._means("web_response", one.status)]
        if responses and "applied_at" not in values:
            values["applied_at"] = responses[0].at or added_at
        # only a history that was read shows that there was no web response
        shows_none = any(one.at or one.ended == "prospect" for one in steps)
        is_sourced = "applied_at" not in values and not responses and shows_none
        status = _status(steps, placed, is_sourced=is_sourced)
        return Application(remote_id=row_id(raw), status=status, **values, **_moments(status, steps, placed))

    def _steps(self, history: Sequence[str], status: str | None) -> list[Step]:
        """The statuses in order; the one the submission has now is the last, also when the history lags behind."""
        steps = [one for one in _parsed(history) if one.status]
        if status and (not steps or stage_id(steps[-1].status) != stage_id(status)):
            steps.append(Step(status))
        return [Step(one.status, one.at, self._means("ended", one.status)) for one in steps]

    def _stages(self, job_id: str, given: Any) -> list[JobStage]:
        if not isinstance(given, list | tuple) or not all(isinstance(one, Mapping) for one in given):
            raise InvalidRecord("stages", "not a list of stages")
        names = [name for one in given if (name := MAPPING.values("stages", one).get("name"))]
        names = [name for name in names if not self._means("ended", name)]
        return [
            JobStage(stage_id(name), job_id, name, stage_kind(name), place)
            for place, name in enumerate({stage_id(name): name for name in names}.values())
        ]

    def _means(self, kind: str, status: str) -> str:
        """The meaning of the first word that stands in a status; empty when none does."""
        spelled = normal_name(status)
        return next((meaning for word, meaning in self._words[kind].items() if word in spelled), "")


def stage_id(status: str) -> str:
    """The id of a stage: Bullhorn has none, and every job has the same."""
    return normal_name(status)


def _status(steps: Sequence[Step], placed: Sequence[Step], *, is_sourced: bool) -> str:
    ended = steps[-1].ended if steps else ""
    if ended in ("rejected", "withdrawn"):
        return ended
    if placed or (steps and stage_kind(steps[-1].status) == HIRED):
        return HIRED
    return ("prospect" if is_sourced else "active") if steps else "unknown"


def _moments(status: str, steps: Sequence[Step], placed: Sequence[Step]) -> dict[str, Any]:
    """The stage, since when, and the moment of the outcome, as far as the history tells."""
    found: dict[str, Any] = {}
    stages = [one for one in steps if not one.ended]
    if stages:
        current = stage_id(stages[-1].status)
        found = {"stage_id": current, "stage_entered_at": _since(stages, lambda one: stage_id(one.status) == current)}
    if status == "rejected":
        found["rejected_at"] = _since(steps, lambda one: one.ended == "rejected")
    if status == HIRED:
        found["hired_at"] = next((one.at for one in placed if one.at), found.get("stage_entered_at"))
    return found


def _since(steps: Sequence[Step], holds: Callable[[Step], bool]) -> datetime | None:
    """The moment of the first of the last steps of which something holds."""
    at = None
    for one in reversed(steps):
        if not holds(one):
            break
        at = one.at
    return at


def _parsed(texts: Sequence[str]) -> list[Step]:
    """Raises InvalidRecord for a moment that cannot be."""
    found = []
    for text in texts:
        at, _, status = text.partition(" ")
        try:
            found.append(Step(status, datetime.fromtimestamp(int(at) / 1000, UTC)))
        except (ValueError, OverflowError, OSError):
            raise InvalidRecord("history", "not milliseconds since 1970") from None
    return found


def _others(words: Meanings, own: Meanings) -> Meanings:
    return {word: meaning for word, meaning in words.items() if word not in own}


def _own_words(path: Path) -> dict[str, dict[str, str]]:
    """The `[words.<kind>]` tables of a user's file; `stage_kind` is every vendor's and read elsewhere."""
    whole = load_table("", path)
    tables = whole.get("words", {})
    problems = [
        Problem(f"{path}: {name}", "unknown table.", f"Known: {_known()}.") for name in whole if name != "words"
    ]
    found: dict[str, dict[str, str]] = {}
    for kind, table in tables.items() if isinstance(tables, dict) else ():
        if kind == "stage_kind":
            continue
        known = set(MAPPING.words(kind).values()) if kind in WORDS else set()
        for meaning, words in table.items() if isinstance(table, dict) else [("", table)]:
            if meaning not in known or not isinstance(words, list) or not all(isinstance(one, str) for one in words):
                fix = f"Write lists of words; known: {_known()}."
                problems.append(Problem(f"{path}: words.{kind}.{meaning}", "is not known.", fix))
                continue
            found.setdefault(kind, {}).update({normal_name(word): meaning for word in words if normal_name(word)})
    if problems:
        raise ConfigError(problems)
    return found


def _known() -> str:
    kinds = [f"{kind}.{meaning}" for kind in WORDS for meaning in dict.fromkeys(MAPPING.words(kind).values())]
    return ", ".join(f"words.{one}" for one in (*kinds, "stage_kind"))
