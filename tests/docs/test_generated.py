"""Generated parts are as the code would make them now."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.layers import load_defaults
from config.sources import SourceSettings
from docs.render import BLOCKS, DOCS, PICTURES, ROOT, pages, rendered
from docs.render.code import commands, error_types
from docs.render.data import schema
from docs.render.markdown import words
from docs.render.people import examples as people
from docs.render.persons import examples, tasks
from sync import errors
from sync.core.model import ActionKind, Band, OutboxState, Refusal
from sync.core.plays import PLAYS

FAMILIES = {errors.WarmlineError, errors.FatalError, errors.RetriableError, errors.SkippableError}
NAMES = {
    "plays": set(PLAYS),
    "bands": {one.value for one in Band},
    "refusals": {one.value for one in Refusal},
    "outbox": {one.value for one in OutboxState},
    "writes": {one.value for one in ActionKind},
    "kinds": set(load_defaults()["score"]["kinds"]),
    "source_settings": set(SourceSettings.model_fields),
    "errors": {one.__name__ for one in error_types() if one not in FAMILIES},
}


@pytest.mark.parametrize("path", pages(), ids=lambda path: str(path.relative_to(ROOT)))
def test_generated_parts_are_fresh(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert rendered(text) == text, "stale: run `python -m docs.render`"


@pytest.mark.parametrize("name", PICTURES)
def test_pictures_are_fresh(name: str) -> None:
    drawn = (DOCS / "pictures" / name).read_text(encoding="utf-8")

    assert drawn == PICTURES[name](), "stale: run `python -m docs.render`"


def test_every_generated_part_stands_on_a_page() -> None:
    told = "".join(path.read_text(encoding="utf-8") for path in pages())

    assert [name for name in BLOCKS if f"<!-- generated: {name} -->" not in told] == []


@pytest.mark.parametrize("topic", NAMES)
def test_there_are_words_for_all_that_the_code_declares(topic: str) -> None:
    assert sorted(NAMES[topic] - set(words("words.toml")[topic])) == []


def test_every_option_says_what_it_does() -> None:
    known = words("words.toml")["options"]
    silent = {
        f"{name} {option.opts[0]}"
        for name, command in commands()
        for option in command.params
        if option.param_type_name == "option" and not option.help
    }

    assert sorted(silent - set(known)) == []


def test_every_table_and_column_of_the_mirror_is_explained() -> None:
    told = words("columns.toml")
    common = set(told["common"])
    found = schema()

    assert sorted(set(found) - set(told)) == []
    for name, columns in found.items():
        names = {column[0] for column in columns}
        assert sorted(names - set(told[name]) - common) == [], name
        assert sorted(set(told[name]) - names - {"about"}) == [], name


def test_every_play_has_an_example() -> None:
    made = {play for play, those in people().items() if those}

    assert sorted(set(PLAYS) - made) == []
    assert "Refused:" in examples()


def test_twenty_tasks_in_two_languages_stand_on_the_page_of_examples() -> None:
    told = (ROOT / "docs" / "examples.md").read_text(encoding="utf-8")

    assert len(tasks("nl")) == len(tasks("en")) >= 10
    assert [one for language in ("nl", "en") for one in tasks(language) if one not in told] == []
