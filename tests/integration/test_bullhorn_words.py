"""A company's own words for Bullhorn's statuses, from the settings to what is stored."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from config.settings import load
from sync.bootstrap import App
from sync.bootstrap.sources import connect_sources
from sync.clock import Clock
from sync.errors import ConfigError


def jobs_of(folder: Path, words: str) -> Any:
    """The intake of jobs of a Bullhorn whose mapping file holds these words."""
    path = folder / "words.toml"
    path.write_text(words, encoding="utf-8")
    given = {"kind": "bullhorn", "client_id": "c", "username": "u", "client_secret": "s", "password": "p"}
    given |= {"base_url": "http://127.0.0.1:9", "mapping": str(path)}
    environ = {f"WARMLINE_SOURCES__ATS__{name.upper()}": value for name, value in given.items()}
    [connected] = connect_sources(App(load(None, environ), Clock()), lambda *_: False)
    return connected.intakes["jobs"]


def stages(intake: Any) -> list[tuple[str, str]]:
    job = intake.to_row({"id": "1", "stages": [{"name": "Klantgesprek"}, {"name": "Geen match"}]})
    return [(stage.name, stage.kind) for stage in job.stages]


def test_own_words_for_endings_and_for_stages_count_and_rows_are_read_anew(tmp_path: Path) -> None:
    plain = jobs_of(tmp_path, "")

    own = jobs_of(tmp_path, '[words.ended]\nrejected = ["geen match"]\n[words.stage_kind]\noffer = ["klantgesprek"]\n')

    assert stages(plain) == [("Klantgesprek", "interview"), ("Geen match", "other")]
    assert stages(own) == [("Klantgesprek", "offer")]
    assert own.version != plain.version


def test_a_word_for_nothing_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"words\.ended\.rejectd"):
        jobs_of(tmp_path, '[words.ended]\nrejectd = ["geen match"]')
