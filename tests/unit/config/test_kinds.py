"""The kinds of sources: what each needs is told at once, and what they are made of is there."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

from config.init_file import InitAnswers, render_toml
from config.kinds import KINDS, missing
from config.settings import load
from sandbox import dialects
from sync.bootstrap import App, kinds
from sync.bootstrap.sources import connect_sources
from sync.errors import ConfigError

ENV = {
    "WARMLINE_SOURCES__A__KIND": "recruitee",
    "WARMLINE_SOURCES__B__KIND": "teamtailor",
    "WARMLINE_SOURCES__C__KIND": "filedrop",
}


def test_settings_that_are_missing_are_told_at_once_before_anything_is_read() -> None:
    with pytest.raises(ConfigError) as caught:
        load(None, ENV)

    assert [one.key for one in caught.value.problems] == ["sources.a.company", "sources.c.path"]


def test_secrets_that_are_missing_are_told_at_once_when_sources_are_read(tmp_path: Path) -> None:
    more = {"WARMLINE_SOURCES__A__COMPANY": "4242", "WARMLINE_SOURCES__C__PATH": str(tmp_path)}
    app = App(load(None, {**ENV, **more}), clock=None)  # type: ignore[arg-type]

    with pytest.raises(ConfigError) as caught:
        connect_sources(app, lambda *_: False)

    assert [(one.key, one.fix) for one in caught.value.problems] == [
        ("sources.a.token", "Set WARMLINE_SOURCES__A__TOKEN, or sources.a.token_file: an API token."),
        ("sources.b.token", "Set WARMLINE_SOURCES__B__TOKEN, or sources.b.token_file: an API token."),
    ]


def test_one_of_two_settings_is_enough() -> None:
    assert missing("teamtailor", "ats", {"token_file"}, secrets=True) == []
    assert missing("salesforce", "ats", {"base_url", "client_id", "mapping"}) == []


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_can_be_connected_and_played(kind: str) -> None:
    assert callable(import_module(f"{kinds.__name__}.{kind}").connect)
    assert kind == "filedrop" or dialects.endpoints_of(kind)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_what_init_writes_for_a_kind_loads(tmp_path: Path, kind: str) -> None:
    target = tmp_path / "warmline.toml"
    target.write_text(render_toml(InitAnswers(source_name="ats", source_kind=kind)), encoding="utf-8")

    assert list(load(target, {}).sources) == ([] if KINDS[kind].needs else ["ats"])
