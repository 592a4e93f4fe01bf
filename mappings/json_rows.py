"""Rows of a vendor's JSON to the model's fields, by a mapping file: a table a noun, and `[words.<kind>]` lists.

What every vendor's mapping is built on; the file is the allow-list of what may leave the connector.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from mappings.cells import to_flag, to_id, to_moment, to_url, to_whole
from mappings.rules import Rule, Shape, load_table, normal_name, parse_rules
from sync.core.model import Application, AtsUser, Candidate, Job, JobStage
from sync.errors import ConfigError, InvalidRecord, Problem

Row = Mapping[str, Any]
NOUNS = ("users", "jobs", "stages", "candidates", "applications")
MAX_TEXT = 1_000
_MODELS: Mapping[str, type[Any]] = {
    "users": AtsUser,
    "candidates": Candidate,
    "jobs": Job,
    "stages": JobStage,
    "applications": Application,
}
_UNSEEN = re.compile("[\x00-\x1f\x7f\ufffd\ud800-\udfff]")


class JsonMapping:
    """One mapping file. `also`: per noun, names that are not the model's but of which the mapping makes something.

    `path`: the user's own file instead of the package's. It is read and checked at first use; ConfigError then.
    """

    def __init__(self, file: str, also: Mapping[str, Sequence[str]] | None = None, path: Path | None = None) -> None:
        self._file, self._also, self._path = file, also or {}, path
        self._words: dict[str, Mapping[str, str]] = {}

    @cached_property
    def table(self) -> Mapping[str, Any]:
        """The file."""
        return load_table(self._file, self._path)

    def field_lists(self) -> Mapping[str, Sequence[str]]:
        """Per noun, and for 'stages', the fields the connector may hand out."""
        return {noun: tuple(rule.column for rule in rules) for noun, rules in self._rules.items()}

    def values(self, noun: str, raw: Row) -> dict[str, Any]:
        """The row's known values by the model's field; absent and null are left out.

        The first of two rules for a field wins, unless the later one joins: `words` puts a blank between, `lists` one
        list behind the other. Raises InvalidRecord with the field, never the value.
        """
        values: dict[str, Any] = {}
        for rule in self._rules[noun]:
            try:
                found = _READERS[rule.type](raw.get(rule.column))
            except ValueError as error:
                raise InvalidRecord(rule.column, str(error)) from None
            if found is not None:
                values[rule.to] = _joined(rule, values[rule.to], found) if rule.to in values else found
        return values

    def words(self, kind: str) -> Mapping[str, str]:
        """What each word of `[words.<kind>]` means; words as `normal_name` spells them."""
        if kind not in self._words:
            entries = self.table["words"][kind].items()
            self._words[kind] = {normal_name(word): meaning for meaning, words in entries for word in words}
        return self._words[kind]

    def meaning(self, kind: str, word: str | None, otherwise: str = "unknown") -> str:
        """What a word means; `otherwise` when it is not listed."""
        return self.words(kind).get(normal_name(word or ""), otherwise)

    def holds_word(self, kind: str, text: str | None) -> bool:
        """Whether one of the words of a kind stands in the text."""
        spelled = normal_name(text or "")
        return any(word in spelled for word in self.words(kind))

    @cached_property
    def _rules(self) -> Mapping[str, tuple[Rule, ...]]:
        mapping: dict[str, tuple[Rule, ...]] = {}
        problems: list[Problem] = []
        for noun in NOUNS:
            known = {field.name for field in fields(_MODELS[noun])} - {"remote_id", "stages"}
            shape = Shape(known | set(self._also.get(noun, ())), frozenset(_READERS))
            rules, found = parse_rules(noun, self.table.get(noun, {}), shape)
            mapping[noun] = tuple(rules)
            problems += found
        if problems:
            raise ConfigError(problems)
        return mapping


def row_id(raw: Row) -> str:
    """The row's own id. Raises InvalidRecord."""
    try:
        found = to_id(raw.get("id"), UTC)
    except ValueError as error:
        raise InvalidRecord("id", str(error)) from None
    if not found:
        raise InvalidRecord("id", "missing")
    return found


def anonymised(raw: Row, values: Mapping[str, Any]) -> Candidate:
    """A candidate of whom only dates are left."""
    moment = values.get("anonymised_at") or values.get("updated_at") or datetime(1970, 1, 1, tzinfo=UTC)
    known = {key: values[key] for key in ("created_at", "updated_at", "deleted_at") if key in values}
    return Candidate(remote_id=row_id(raw), anonymised_at=moment, **known)


def _joined(rule: Rule, there: Any, found: Any) -> Any:
    if rule.join == "words":
        return f"{there} {found}"
    if rule.join == "lists":
        return tuple(dict.fromkeys((*there, *found)))
    return there


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


def _since_1970(value: Any) -> datetime | None:
    """A moment in milliseconds since 1970."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("not milliseconds since 1970")
    try:
        return datetime.fromtimestamp(value / 1000, UTC)
    except (OverflowError, OSError, ValueError):
        raise ValueError("not milliseconds since 1970") from None


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "id": _in_utc(to_id),
    "text": _text,
    "texts": _texts,
    "email": _email,
    "moment": _in_utc(to_moment),
    "epoch_ms": _since_1970,
    "flag": _in_utc(to_flag),
    "whole": _in_utc(to_whole),
    "url": _url,
}
