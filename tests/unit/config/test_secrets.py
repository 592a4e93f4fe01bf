"""Secrets come from the environment or from files, are read anew, and are never shown; tokens go over TLS."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from config.settings import load
from sync.errors import ConfigError

SECRET = "Zwartemolen-4711"
KEY = "0f" * 32
ENV = {
    "WARMLINE_HUBSPOT__TOKEN": SECRET,
    "WARMLINE_MIRROR__KEY": KEY,
    "WARMLINE_SOURCES__ATS__KIND": "bullhorn",
    "WARMLINE_SOURCES__ATS__CLIENT_ID": "client",
    "WARMLINE_SOURCES__ATS__USERNAME": "sync",
    "WARMLINE_SOURCES__ATS__CLIENT_SECRET": SECRET,
    "WARMLINE_SOURCES__ATS__PASSWORD": SECRET,
    "WARMLINE_SOURCES__ATS__TOKEN": SECRET,
}


def test_no_way_of_showing_the_settings_shows_a_secret() -> None:
    settings = load(None, ENV)

    shown = [repr(settings), str(settings), settings.model_dump_json(), json.dumps(settings.model_dump(), default=str)]

    assert [one for one in shown if SECRET in one or KEY in one] == []
    assert settings.mirror.read_key() == KEY
    assert settings.sources["ats"].secret_from("password", "sources.ats") == SECRET


@pytest.mark.parametrize(
    "name", ["WARMLINE_HUBSPOT__TIMEOUT_READ_S", "WARMLINE_MIRROR__KEYS", "WARMLINE_SOURCES__ATS__KIND"]
)
def test_no_problem_repeats_the_value_it_is_about(name: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(None, {**ENV, name: SECRET})

    assert SECRET not in f"{caught.value} {caught.value!r}"


@pytest.mark.parametrize("key", ["client_secret", "password"])
def test_a_secret_file_is_read_again_each_time(key: str, tmp_path: Path) -> None:
    """A Docker secret is such a file: /run/secrets/<name>."""
    file = tmp_path / "secret"
    file.write_text("first\n", encoding="utf-8")
    env = {name: value for name, value in ENV.items() if not name.endswith(("CLIENT_SECRET", "PASSWORD"))}
    source = load(None, {**env, f"WARMLINE_SOURCES__ATS__{key.upper()}_FILE": str(file)}).sources["ats"]

    first = source.secret_from(key, "sources.ats")
    file.write_text("second\n", encoding="utf-8")

    assert (first, source.secret_from(key, "sources.ats")) == ("first", "second")


def test_a_secret_file_that_is_gone_is_named_without_what_it_held(tmp_path: Path) -> None:
    env = {**ENV, "WARMLINE_SOURCES__ATS__PASSWORD_FILE": str(tmp_path / "gone")}
    del env["WARMLINE_SOURCES__ATS__PASSWORD"]

    with pytest.raises(ConfigError, match="sources.ats.password_file"):
        load(None, env).sources["ats"].secret_from("password", "sources.ats")


@pytest.mark.parametrize("key", ["short", "g" * 64, "x'00'; DROP TABLE contact; --"])
def test_a_key_of_the_mirror_that_is_none_is_refused(key: str) -> None:
    with pytest.raises(ConfigError, match="64 hex digits") as caught:
        load(None, {"WARMLINE_MIRROR__KEY": key}).mirror.read_key()

    assert key not in str(caught.value)


def test_without_a_key_the_mirror_is_not_encrypted() -> None:
    assert load(None, {}).mirror.read_key() is None


@pytest.mark.parametrize(
    ("url", "is_taken"),
    [
        ("https://api.hubapi.com", True),
        ("http://api.hubapi.com", False),
        ("http://93.184.216.34", False),
        ("http://127.0.0.1:8090", True),
        ("http://10.0.0.4:8090", True),
        ("http://localhost:8090", True),
        ("http://sandbox:8090", True),  # a service of one's own network, as in compose
        ("http://ats.internal", True),
        ("http://[::1]:8090", True),
    ],
)
def test_a_token_never_goes_over_the_internet_in_the_clear(url: str, is_taken: bool) -> None:
    problems: list[Any] = []
    try:
        load(None, {"WARMLINE_HUBSPOT__BASE_URL": url})
    except ConfigError as error:
        problems = [one.key for one in error.problems]

    assert problems == ([] if is_taken else ["hubspot.base_url (WARMLINE_HUBSPOT__BASE_URL)"])
