"""File-drop rows to the model. Fields, column names and words are data: filedrop.toml, and a file of the user's own."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import tzinfo
from pathlib import Path
from typing import Any

from mappings.cells import READERS, word_reader
from mappings.rules import Rule, Shape, check_rules, is_forbidden, load_table, normal_name
from mappings.stages import stage_kind
from sync.core.model import Application, AtsUser, Attendance, Candidate, Job, JobStage
from sync.errors import ConfigError, InvalidRecord, Problem

NOUNS: Mapping[str, type[Any]] = {
    "candidates": Candidate,
    "jobs": Job,
    "stages": JobStage,
    "applications": Application,
    "users": AtsUser,
    "attendance": Attendance,
}
_WORDS = ("job_status", "application_status", "stage_kind", "attendance_kind")
_OWN_FIX = 'Write [<noun>] with field = ["column", …], and [words.<type>] with word = ["your word", …].'

Row = Mapping[str, Any]
Field = tuple[str, str, tuple[str, ...], Callable[[Any, tzinfo], Any]]


class Mapper:
    """Rows of every noun under one mapping. `path`: a mapping file of the user's own, or None. `zone`: of times
    without an offset. Raises ConfigError with everything wrong in the mapping."""

    def __init__(self, path: Path | None, zone: tzinfo) -> None:
        table = load_table("filedrop.toml")
        own = load_table("", path) if path else {}
        problems = _merge_own(table, own, str(path))
        self._zone = zone
        self._readers = READERS | {kind: word_reader(_words(table["words"][kind])) for kind in _WORDS}
        self._stage_words = _words(table["words"]["stage_kind"])
        self._columns: dict[str, dict[str, str]] = {}
        self._fields: dict[str, tuple[Field, ...]] = {}
        for noun in NOUNS:
            problems += self._compile(noun, table[noun])
        if problems:
            raise ConfigError(problems)

    def columns(self, noun: str) -> Mapping[str, str]:
        """The allow-list the connector gets: column name in normal spelling → field. Also for 'stages'."""
        return self._columns[noun]

    def to_candidate(self, raw: Row) -> Candidate:
        """Raises InvalidRecord with field and reason, as all of these do."""
        return Candidate(**self._values("candidates", raw))

    def to_application(self, raw: Row) -> Application:
        """A status that is not given is unknown."""
        return Application(**self._values("applications", raw))

    def to_user(self, raw: Row) -> AtsUser:
        """Active unless said otherwise; e-mail in lower case."""
        return AtsUser(**self._values("users", raw))

    def to_job(self, raw: Row) -> Job:
        """With its stages in the order they were given."""
        values = self._values("jobs", raw)
        stages = raw.get("stages") or ()
        if not isinstance(stages, list | tuple):
            raise InvalidRecord("stages", "not a list")
        values["stages"] = tuple(self._stage(stage, values["remote_id"], place) for place, stage in enumerate(stages))
        return Job(**values)

    def to_attendance(self, raw: Row) -> Attendance:
        """Sheets have no ids: the id is a hash of event, person (e-mail, else phone, else name) and kind."""
        values = self._values("attendance", raw)
        for required in ("event", "kind"):
            if required not in values:
                raise InvalidRecord(required, "missing")
        name = " ".join(values.get(part, "") for part in ("first_name", "name_infix", "last_name"))
        person = values.get("email") or values.get("phone") or " ".join(name.split())
        if not person:
            raise InvalidRecord("email", "no e-mail, phone or name: nobody can be told apart")
        key = "|".join((values["event"].casefold(), person.casefold(), values["kind"]))
        return Attendance(remote_id=hashlib.sha256(key.encode()).hexdigest()[:32], **values)

    def _stage(self, raw: Any, job_id: str, place: int) -> JobStage:
        if not isinstance(raw, Mapping):
            raise InvalidRecord("stages", "not a list of stages")
        try:
            values = {"position": place, **self._values("stages", raw), "job_id": job_id}
        except InvalidRecord as error:
            raise InvalidRecord(f"stages.{error.field}", error.reason) from None
        name = values.get("name")
        told = self._stage_words.get(normal_name(name or "")) or stage_kind(name)
        return JobStage(**{"kind": told, **values})

    def _values(self, noun: str, raw: Row) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for name, to, columns, read in self._fields[noun]:
            try:
                for column in columns:
                    found = read(raw[column], self._zone) if column in raw else None
                    if found is not None and to not in values:
                        values[to] = found
                    elif found is not None and isinstance(found, tuple):
                        values[to] = tuple(dict.fromkeys(values[to] + found))
            except ValueError as error:
                raise InvalidRecord(name, str(error)) from None
        if noun != "attendance" and not values.get("remote_id"):
            raise InvalidRecord("id", "missing")
        return values

    def _compile(self, noun: str, table: Mapping[str, Mapping[str, Any]]) -> list[Problem]:
        kinds = {*self._readers, "stages"}
        model = {field.name for field in fields(NOUNS[noun])}
        rules: list[Rule] = []
        steps: list[Field] = []
        columns: dict[str, str] = {}
        problems: list[Problem] = []
        for name, entry in table.items():
            rule = Rule(name, entry.get("to", name), entry["type"])
            rules.append(rule)
            spelled = tuple(dict.fromkeys(normal_name(column) for column in (name, *entry.get("columns", ()))))
            problems += _column_problems(f"{noun}.{name}", spelled, columns)
            columns.update(dict.fromkeys(spelled, name))
            if rule.type != "stages":
                steps.append((name, rule.to, spelled, self._readers.get(rule.type, READERS["text"])))
        self._columns[noun], self._fields[noun] = columns, tuple(steps)
        required = () if noun == "attendance" else ("remote_id",)
        return problems + check_rules(noun, rules, Shape(model, kinds, required))


def _column_problems(where: str, spelled: tuple[str, ...], taken: Mapping[str, str]) -> list[Problem]:
    problems = [
        Problem(where, f"column {column} already fills {taken[column]}.", "Remove one of the two.")
        for column in spelled
        if column in taken
    ]
    forbidden = [column for column in spelled if is_forbidden(column)]
    problems += [Problem(where, f"column {column} may never be read.", "Remove it.") for column in forbidden]
    return problems


def _words(table: Mapping[str, list[str]]) -> dict[str, str]:
    return {normal_name(spelling): word for word, others in table.items() for spelling in (word, *others)}


def _merge_own(table: dict[str, Any], own: Mapping[str, Any], where: str) -> list[Problem]:
    """Adds the user's column names and words; what is wrong with them comes back."""
    problems = []
    for noun, entries in own.items():
        if noun not in table or not isinstance(entries, dict):
            problems.append(Problem(f"{where}: {noun}", "unknown table.", f"Known: {', '.join(table)}. {_OWN_FIX}"))
        elif noun == "words":
            for kind, words in entries.items():
                problems += _add(table["words"].get(kind), words, f"{where}: words.{kind}")
        else:
            lists = {name: entry.setdefault("columns", []) for name, entry in table[noun].items()}
            problems += _add(lists, entries, f"{where}: {noun}")
    return problems


def _add(known: dict[str, list[str]] | None, entries: Any, where: str) -> list[Problem]:
    if known is None or not isinstance(entries, dict):
        return [Problem(where, "unknown table.", _OWN_FIX)]
    problems = []
    for name, spellings in entries.items():
        spellings = [spellings] if isinstance(spellings, str) else spellings
        if name not in known:
            problems.append(Problem(f"{where}.{name}", "unknown name.", f"Known: {', '.join(known)}."))
        elif not isinstance(spellings, list) or not all(isinstance(item, str) for item in spellings):
            problems.append(Problem(f"{where}.{name}", "is not a list of texts.", _OWN_FIX))
        else:
            known[name].extend(spellings)
    return problems
