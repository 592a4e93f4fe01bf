"""Rows of a Salesforce org to the model. Objects, fields and words are data: salesforce.toml, presets, a user's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from mappings.json_rows import JsonMapping, Row, anonymised, row_id
from mappings.rules import load_table, normal_name
from mappings.stages import stage_kind
from sync.core.model import Application, AtsUser, Candidate, Job, JobStage
from sync.errors import ConfigError, InvalidRecord, Problem

BASE = "salesforce.toml"
PRESETS = ("byner", "connexys", "tigris", "bullhorn_rc")
LOOKUPS = {"candidate_id": "candidates", "job_id": "jobs", "stage_id": "stages"}
KINDS = ("applied", "screening", "interview", "offer", "hired", "other")
OVER = ("rejected", "withdrawn")
ALSO = {
    "candidates": ("anonymise_status", "opted_out"),
    "jobs": ("owner_email",),
    "applications": ("stage_name", "running", "rejected"),
}


class _Layered(JsonMapping):
    """The common file, a preset and the user's file: a later table takes the place of an earlier one of its name."""

    def __init__(self, preset: str, path: Path | None) -> None:
        super().__init__(BASE, also=ALSO, path=path)
        self._preset = preset

    @cached_property
    def table(self) -> Mapping[str, Any]:
        """The files as one."""
        layers = [load_table(BASE)]
        layers += [load_table(f"salesforce_{self._preset}.toml")] if self._preset else []
        layers += [load_table(BASE, self._path)] if self._path else []
        whole: dict[str, Any] = {}
        for layer in layers:
            words = {**whole.get("words", {}), **layer.get("words", {})}
            objects = {**whole.get("objects", {}), **layer.get("objects", {})}
            whole |= {**layer, "words": words, "objects": objects}
        return whole


class Mapper:
    """One org's mapping. `preset`: one of PRESETS, or empty. `path`: the user's own file.

    Raises ConfigError for an unknown preset and a wrong file. The `to_…` raise InvalidRecord.
    """

    def __init__(self, preset: str, path: Path | None = None) -> None:
        if preset and preset not in PRESETS:
            problem = Problem("preset", f"there is no preset {preset}.", f"Known: {', '.join(PRESETS)}.")
            raise ConfigError([problem])
        self._mapping = _Layered(preset, path)
        self._check(path)

    def field_lists(self) -> Mapping[str, Sequence[str]]:
        """Per noun, and for 'stages', the fields the connector may hand out."""
        return self._mapping.field_lists()

    def objects(self) -> Mapping[str, str]:
        """The object of each noun that has one."""
        return {noun: str(name) for noun, name in self._mapping.table["objects"].items() if name}

    def where(self) -> Mapping[str, str]:
        """The condition of each noun that has one."""
        return {noun: str(text) for noun, text in self._mapping.table.get("where", {}).items()}

    def lookups(self) -> Mapping[str, Mapping[str, str]]:
        """The fields of applications that point to a candidate, a vacancy and a stage."""
        rules = self._mapping.table.get("applications", {})
        return {"applications": {name: LOOKUPS[rule["to"]] for name, rule in rules.items() if rule["to"] in LOOKUPS}}

    def rules(self) -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
        """Per noun, the rule of each field as the files have it."""
        return {noun: self._mapping.table.get(noun, {}) for noun in self.field_lists()}

    def version(self) -> str:
        """A text that changes with anything that changes rows."""
        return repr(self._mapping.table)

    def to_user(self, raw: Row) -> AtsUser:
        """A user of the org."""
        return AtsUser(remote_id=row_id(raw), **self._mapping.values("users", raw))

    def to_candidate(self, raw: Row) -> Candidate:
        """A candidate; who opted out may not be mailed."""
        values = self._mapping.values("candidates", raw)
        opted_out, status = values.pop("opted_out", None), values.pop("anonymise_status", None)
        if values.get("anonymised_at") or self._meaning("anonymised", status):
            return anonymised(raw, values)
        can_email = {} if opted_out is None else {"can_email": not opted_out}
        return Candidate(remote_id=row_id(raw), **{**can_email, **values})

    def to_job(self, raw: Row) -> Job:
        """A vacancy, with the stages of the org; its owner is its recruiter where it has no other."""
        values = self._mapping.values("jobs", raw)
        status, owner = values.pop("status", None), values.pop("owner_email", None)
        values["recruiter_email"] = values.get("recruiter_email") or owner
        is_hidden = bool(values.pop("confidential", False)) or bool(self._meaning("confidential", status))
        return Job(
            remote_id=row_id(raw),
            status=self._meaning("job_status", status) or "unknown",
            confidential=is_hidden,
            stages=tuple(self._stages(row_id(raw), raw.get("stages") or ())),
            **values,
        )

    def to_application(self, raw: Row) -> Application:
        """An application. One without a vacancy is an open one: a prospect. When it was rejected, hired or told is not
        known, unless a mapping names a field for it."""
        values = self._mapping.values("applications", raw)
        told = {key: values.pop(key, None) for key in ("stage_name", "running", "rejected")}
        status = values.pop("status", None) or self._status(raw, values, told)
        if status in OVER:
            values.pop("stage_id", None)  # a status that ends the pipeline is no stage of it
        for name, owner in (("reject_reason", OVER), ("told_at", OVER[:1]), ("hired_at", ("hired",))):
            if status not in owner:
                values.pop(name, None)
        return Application(remote_id=row_id(raw), status=status, **values)

    def _status(self, raw: Row, values: Row, told: Mapping[str, Any]) -> str:
        name = told["stage_name"] or values.get("stage_id")
        if told["rejected"] and normal_name(told["rejected"]) not in ("false", "no", "nee"):
            return "rejected"
        outcome = self._meaning("outcome", name)
        if outcome:
            return outcome
        if self._kind(name) == "hired":
            return "hired"
        if self._is_empty(raw, "job_id"):
            return "prospect"
        is_hidden = name is None and not self._is_empty(raw, "stage_id", "stage_name")
        return "unknown" if is_hidden or told["running"] is False else "active"

    def _is_empty(self, raw: Row, *fields: str) -> bool:
        """Whether the org shows one of the fields and it is empty, as against not showing it."""
        rules = self._mapping.table["applications"].items()
        return any(name in raw and raw[name] in (None, "") for name, rule in rules if rule["to"] in fields)

    def _stages(self, job_id: str, rows: Sequence[Any]) -> list[JobStage]:
        """The stages of the pipeline in their order, or in that of their kinds; the ways out of it are none of them."""
        found = [self._stage(one) for one in rows]
        kept = [one for one in found if self._meaning("outcome", one.get("name")) is None]
        kept.sort(key=lambda one: (one.get("position", 0), KINDS.index(one["kind"])))
        return [JobStage(**{**one, "job_id": job_id, "position": place}) for place, one in enumerate(kept)]

    def _stage(self, raw: Any) -> dict[str, Any]:
        if not isinstance(raw, Mapping):
            raise InvalidRecord("stages", "not a list of stages")
        values = self._mapping.values("stages", raw)
        return {"remote_id": row_id(raw), **values, "kind": self._kind(values.get("name"))}

    def _kind(self, name: str | None) -> str:
        """What a stage is, by the user's words first."""
        own = self._meaning("stage_kind", name) if "stage_kind" in self._mapping.table["words"] else None
        return own or stage_kind(name)

    def _meaning(self, kind: str, text: str | None) -> str | None:
        """What the first of a kind's words that stands in a text means."""
        spelled = normal_name(text or "")
        return next((meaning for word, meaning in self._mapping.words(kind).items() if word in spelled), None)

    def _check(self, path: Path | None) -> None:
        """Raises ConfigError when a table names no known field, or the nouns have no objects."""
        self._mapping.field_lists()
        lacking = [noun for noun in ("jobs", "candidates", "applications") if noun not in self.objects()]
        where = str(path or BASE)
        fix = "Name it under [objects], or set a preset."
        if lacking:
            raise ConfigError([Problem(where, f"no object for {noun}.", fix) for noun in lacking])
