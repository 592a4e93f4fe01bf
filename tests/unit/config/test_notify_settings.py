"""Where recruiters are told: from the environment, a table or a file, and never shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.settings import load
from sync.errors import ConfigError

KIM, NOOR = "kim@example.org", "noor@example.org"
TOLD = {KIM: "slack://aaa/bbb?a=1,2", NOOR: "mailtos://me:geheim@example.org?to=noor@example.org"}
LINES = f"{KIM}={TOLD[KIM]}, Noor@Example.org = {TOLD[NOOR]}"


def test_the_environment_holds_pairs_between_commas() -> None:
    notify = load(None, {"WARMLINE_NOTIFY__URLS": LINES}).notify

    assert (notify.addresses(), notify.tells("fan"), notify.is_on) == (TOLD, True, True)


def test_a_file_holds_one_a_line_and_is_read_at_each_use(tmp_path: Path) -> None:
    file = tmp_path / "notify"
    file.write_text("# recruiters\n\n" + "\n".join(f"{email} = {url}" for email, url in TOLD.items()))
    notify = load(None, {"WARMLINE_NOTIFY__URLS_FILE": str(file)}).notify

    first = notify.addresses()
    file.write_text(f"{KIM} = slack://ccc")

    assert (first, notify.addresses()) == (TOLD, {KIM: "slack://ccc"})


def test_nobody_is_told_anything_unless_it_is_set() -> None:
    notify = load(None, {}).notify

    assert (notify.addresses(), notify.tells("fan"), notify.is_on) == ({}, False, False)


def test_what_is_not_told_is_left_out() -> None:
    notify = load(None, {"WARMLINE_NOTIFY__URLS": LINES, "WARMLINE_NOTIFY__WHAT": "fan, Promise"}).notify

    assert [what for what in ("call_back", "promise", "fan", "morning") if notify.tells(what)] == ["promise", "fan"]


@pytest.mark.parametrize("urls", ["kim=slack://geheim", f"{KIM} slack://geheim", f"{KIM}=geheim", f"{LINES},{LINES}"])
def test_a_wrong_address_is_refused_without_showing_it(urls: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(None, {"WARMLINE_NOTIFY__URLS": urls})

    assert "notify.urls" in str(caught.value) and "geheim" not in str(caught.value) + repr(caught.value)


def test_a_wrong_file_is_refused_without_showing_it(tmp_path: Path) -> None:
    (tmp_path / "notify").write_text("kim: slack://geheim")
    notify = load(None, {"WARMLINE_NOTIFY__URLS_FILE": str(tmp_path / "notify")}).notify

    with pytest.raises(ConfigError, match="notify.urls_file") as caught:
        notify.addresses()

    assert "geheim" not in str(caught.value)


def test_addresses_are_in_nothing_that_is_shown() -> None:
    settings = load(None, {"WARMLINE_NOTIFY__URLS": LINES})

    assert "geheim" not in repr(settings) + str(settings.model_dump())


@pytest.mark.parametrize(
    ("name", "value"),
    [("CALL_LIST__AT", "03:00"), ("CALL_LIST__CAPACITY", "0"), ("NOTIFY__OPENS", "19:00"), ("NOTIFY__WHAT", "all")],
)
def test_what_cannot_be_is_refused(name: str, value: str) -> None:
    with pytest.raises(ConfigError):
        load(None, {f"WARMLINE_{name}": value})
