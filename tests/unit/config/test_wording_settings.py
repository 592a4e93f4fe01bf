"""Templates: warmline's own are sound, and a team's own are checked before anything is done with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.settings import load
from config.wording import BUILT_IN, built_in, variables
from sync.core.plays import PLAYS
from sync.core.wording_check import flaws, remarks
from sync.core.wording_facts import common
from sync.core.wording_templates import filled, size
from sync.core.wording_texts import Scene
from sync.errors import ConfigError
from tests.unit.core.make import NOW, OWNERS, POLICY, TODAY, granted, person, touched
from tests.unit.core.test_wording_texts import scored


def own(folder: Path, **texts: str) -> dict[str, str]:
    """A folder with templates, 'nl_fan' for nl/fan.txt, and the setting that names it."""
    for name, text in texts.items():
        path = folder / (name.replace("_", "/", 1) + ".txt")
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return {"WARMLINE_WORDING__TEMPLATES": str(folder)}


def test_every_play_has_a_sound_template_in_each_language_and_each_template_has_its_variables() -> None:
    names = set(variables()) - {"task"}

    assert set(built_in()) == {f"{language}/{name}" for language in ("nl", "en") for name in names}
    assert set(PLAYS) <= names
    assert {key: flaws(text, variables()[key.partition("/")[2]]) for key, text in built_in().items()} == dict.fromkeys(
        built_in(), []
    )
    assert {key: remarks(text) for key, text in built_in().items()} == dict.fromkeys(built_in(), [])


@pytest.mark.parametrize("key", built_in())
def test_every_template_stays_within_a_task_with_the_longest_names(key: str) -> None:
    values = {name: one.long for name, one in variables()[key.partition("/")[2]].items()}

    assert 400 < size(filled(built_in()[key], values).lines) <= 1200


def test_the_variables_of_every_task_are_those_that_are_told() -> None:
    facts = person(touches=touched("site_visit", "2026-11-23"))
    say = Scene(POLICY, NOW, OWNERS).say("71")

    told = common(facts, scored(facts), granted(), say, NOW)

    assert set(told) == set(variables()["task"])
    for name, value in told.items():
        sample = variables()["task"][name].sample
        assert isinstance(value, tuple if isinstance(sample, list) else type(sample)), name


def test_a_teams_own_templates_take_the_place_of_warmlines(tmp_path: Path) -> None:
    settings = load(None, own(tmp_path, nl_fan="\ufeffBel {{ name }}\n\nKlaar."))
    (tmp_path / "nl" / "fan.txt").write_text("changed after it was checked", encoding="utf-8")

    templates = settings.policy("1", frozenset(), TODAY).write.templates

    assert templates.own == {"nl/fan": "Bel {{ name }}\n\nKlaar."}
    assert templates.built_in == built_in()


def test_without_a_folder_there_are_only_warmlines() -> None:
    assert load(None, {}).wording.templates is None
    assert load(None, {}).wording.all.own == {}


def test_what_is_wrong_with_own_templates_is_told_at_once_with_file_and_line(tmp_path: Path) -> None:
    environ = own(
        tmp_path,
        nl_fan="Bel {{ nme }}\n\nKlaar.",
        en_fan="Call {{ name }}\n\n{% if offer %}\nDone.",
        nl_fam="Bel\n\nKlaar.",
        fr_fan="Appelez\n\nVoilà.",
        en_call_back="x",
    )
    (tmp_path / "nl" / "call_back.txt").write_bytes(b"Bel \xff\n\nx")

    with pytest.raises(ConfigError) as raised:
        load(None, environ | {"WARMLINE_TEAM__LANGUAGE": "fr"})

    correct = f"Correct it, or delete the file: warmline's own stands in {BUILT_IN}."
    assert {(one.key, one.problem, one.fix) for one in raised.value.problems} == {
        ("team.language (WARMLINE_TEAM__LANGUAGE)", "must be one of: nl, en.", raised.value.problems[-1].fix),
        (f"{tmp_path}/nl/fan.txt:1", "nme is no variable here; did you mean name?", correct),
        (
            f"{tmp_path}/en/fan.txt:3",
            "cannot be read: Unexpected end of template. Jinja was looking for the following tags: 'elif' or 'else' or "
            "'endif'. The innermost block that needs to be closed is 'if'.",
            correct,
        ),
        (f"{tmp_path}/nl/fam.txt", "no text is made with a template of this name.", "Did you mean nl/fan.txt?"),
        (f"{tmp_path}/fr/fan.txt", "no text is made with a template of this name.", "Did you mean nl/fan.txt?"),
        (
            f"{tmp_path}/nl/call_back.txt",
            "cannot be read as UTF-8 text.",
            "Save it as UTF-8, readable by warmline.",
        ),
        (
            f"{tmp_path}/en/call_back.txt",
            "cannot be filled for an invented person: it needs a subject and at least one line below it.",
            correct,
        ),
    }


def test_a_folder_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as raised:
        load(None, {"WARMLINE_WORDING__TEMPLATES": str(tmp_path / "gone")})

    assert [(one.key, one.problem) for one in raised.value.problems] == [
        ("wording.templates", f"{tmp_path}/gone is no folder.")
    ]


def test_the_language_of_each_owner_is_read_from_file_and_environment(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text('[routing.languages]\n"Jo@example.org" = "EN"\n', encoding="utf-8")

    assert load(path, {}).routing.languages == {"jo@example.org": "en"}
    assert load(None, {"WARMLINE_ROUTING__LANGUAGES": "Jo@example.org=en, al@example.org=nl"}).routing.languages == {
        "jo@example.org": "en",
        "al@example.org": "nl",
    }


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("jo@example.org=fr", 'must hold "owner e-mail" = "nl" or "en".'),
        ("jo@example.org", 'must hold "owner e-mail" = "nl" or "en".'),
        ("jo=en", "is not an e-mail address."),
        ("jo@example.org=en,JO@example.org=nl", "names an owner twice."),
    ],
)
def test_a_wrong_table_of_languages_is_one_problem_without_an_address(written: str, problem: str) -> None:
    with pytest.raises(ConfigError) as raised:
        load(None, {"WARMLINE_ROUTING__LANGUAGES": written})

    assert [(one.key, one.problem) for one in raised.value.problems] == [
        ("routing.languages (WARMLINE_ROUTING__LANGUAGES)", problem)
    ]
