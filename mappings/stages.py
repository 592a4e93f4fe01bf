"""What a stage means, in Dutch and English, for every ATS. The words are data: stages.toml, and a user's own file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from mappings.rules import load_table, normal_name
from sync.core.model import Job
from sync.errors import ConfigError, Problem

OTHER = "other"
Words = Mapping[str, Sequence[str]]


def stage_kind(*told: str | None) -> str:
    """applied, screening, interview, offer, hired or other, by the first of the texts that says which."""
    return next((kind for text in told if (kind := _kind(text, _words()))), OTHER)


def own_words(path: Path, *, alone: bool = True) -> Words:
    """The table `[words.stage_kind]` of a user's mapping file: words by kind. `alone`: it may hold nothing else.

    Raises ConfigError.
    """
    whole = load_table("", path)
    table = whole.get("words", {})
    strange = [*whole, *(table if isinstance(table, dict) else ())] if alone else []
    strange = [name for name in strange if name not in ("words", "stage_kind")]
    if strange:
        told = "This kind of source takes [words.stage_kind] only."
        raise ConfigError([Problem(f"{path}: {name}", "unknown table.", told) for name in strange])
    given = table.get("stage_kind", {}) if isinstance(table, dict) else {}
    known = [*_words(), OTHER]
    fix = f"Write words.stage_kind as lists of words; known kinds: {', '.join(known)}."
    if not isinstance(given, dict):
        raise ConfigError([Problem(f"{path}: words.stage_kind", "is not a table.", fix)])
    wrong = [name for name, words in given.items() if name not in known or not _are_texts(words)]
    if wrong:
        raise ConfigError([Problem(f"{path}: words.stage_kind.{name}", "is not known.", fix) for name in wrong])
    return {kind: [normal_name(word) for word in words] for kind, words in given.items()}


def by_own_words(job: Job, words: Words) -> Job:
    """The vacancy with its stages told by a user's words first; what these do not name stays as it is."""
    stages = [replace(stage, kind=_kind(stage.name, words) or stage.kind) for stage in job.stages]
    return replace(job, stages=tuple(stages))


def _kind(text: str | None, words: Words) -> str | None:
    spelled = normal_name(text or "")
    return next((kind for kind, some in words.items() if any(word in spelled for word in some)), None)


def _are_texts(words: object) -> bool:
    return isinstance(words, list) and all(isinstance(word, str) and normal_name(word) for word in words)


@cache
def _words() -> Words:
    return {kind: [normal_name(word) for word in words] for kind, words in load_table("stages.toml").items()}
