"""What the code offers stands on a page."""

from __future__ import annotations

import re

import pytest

from config.settings import load
from docs.render.code import commands
from docs.render.data import schema
from docs.render.markdown import words
from docs.render.persons import NO_SETTINGS
from docs.render.settings import paths, variable
from mappings.hubspot import contact_properties
from mappings.hubspot_properties import load_properties
from mappings.rules import load_table
from sync.core.identity import (
    EMAIL_FIRST_NAME,
    EMAIL_ONLY,
    EMAIL_SURNAME,
    PHONE_NAME,
    PHONE_ONLY,
    RULING,
    STORED_ID,
)
from sync.core.model import Refusal
from sync.core.plays import PLAYS
from sync.demo.words import WORDS
from sync.reports.runs import STREAM_COUNTS
from tests.docs.pages import ROOT, page

README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def test_every_command_and_option_is_on_the_page_of_commands() -> None:
    told = page("commands.md")
    wanted = {f"### `{name}`" for name, _ in commands()}
    wanted |= {f"`{word}`" for _, command in commands() for one in command.params for word in one.opts if "-" in word}

    assert sorted(word for word in wanted if word not in told) == []


def test_every_setting_is_on_the_page_of_configuration() -> None:
    told = page("configuration.md")
    sections = {".".join(path[:-1]) for path in paths()} - {"score"}
    keys = {path[-1] for path in paths()}

    assert sorted(one for one in sections if f"### `[{one}]`" not in told) == []
    assert sorted(one for one in keys - {"kinds"} if f"| `{one}` |" not in told) == []


def test_a_key_is_set_by_the_variable_the_page_says() -> None:
    settings = load(NO_SETTINGS, {variable(("team", "timezone")): "Europe/Brussels"})

    assert settings.team.timezone == "Europe/Brussels"


def test_every_table_is_in_the_data_dictionary() -> None:
    told = page("data-dictionary.md")

    assert [name for name in schema() if f"### `{name}`" not in told] == []


def test_every_error_says_what_to_do() -> None:
    told = page("operations.md")

    assert [name for name in words("words.toml")["errors"] if f"| `{name}` |" not in told] == []


def test_every_play_refusal_and_rule_is_in_the_glossary() -> None:
    told = page("glossary.md")
    rules = [RULING, STORED_ID, EMAIL_FIRST_NAME, EMAIL_SURNAME, PHONE_NAME, EMAIL_ONLY, PHONE_ONLY]
    wanted = [*PLAYS, *(one.value for one in Refusal), *rules]

    assert [name for name in wanted if f"`{name}`" not in told] == []


def test_every_count_of_a_stream_is_on_the_page_of_commands() -> None:
    told = page("commands.md")

    assert [name for name in STREAM_COUNTS if f"`{name}`" not in told] == []


def test_every_property_that_is_made_or_read_is_on_the_page_of_hubspot() -> None:
    told = page("hubspot.md")
    wanted = {*(one.name for one in load_properties()), *contact_properties()}

    assert sorted(name for name in wanted if f"`{name}`" not in told) == []


def test_every_noun_of_the_file_drop_has_its_fields_on_the_page() -> None:
    told = page("file-drop.md")

    assert [noun for noun in load_table("filedrop.toml") if noun != "words" and f"### `{noun}`" not in told] == []


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "docs/operations.md", "docs/architecture.md"])
def test_make_targets_on_a_page_exist(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE))

    assert set(re.findall(r"(?:^|`)make ([a-z]+)", text, re.MULTILINE)) <= targets


def test_warmline_commands_on_the_readme_exist() -> None:
    known = {name for name, _ in commands()}

    assert set(re.findall(r"`(?:\.venv/bin/)?warmline ([a-z]+)", README)) <= known


def test_the_demo_on_the_readme_has_the_lines_of_the_demo() -> None:
    words_nl = WORDS["nl"]
    lines = (words_nl.title, words_nl.doctor, words_nl.plan, words_nl.first_sync, words_nl.second_sync, words_nl.today)

    assert [line for line in lines if line.partition("{")[0] not in README] == []


def test_the_version_of_the_package_is_in_the_changelog() -> None:
    version = re.search(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)

    assert version is not None
    assert f"## {version[1]}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
