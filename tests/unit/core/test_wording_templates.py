"""The engine under the texts: how a template is filled, kept within its room, kept in its sandbox, and checked."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest

from sync.core.wording_check import Flaw, Variable, flaws, remarks
from sync.core.wording_templates import TaskText, Templates, filled, plain, render, size
from sync.errors import FatalError

KNOWN = {
    "name": Variable("the name", "Sanne", always=True),
    "job": Variable("the vacancy", "Kok"),
    "days": Variable("days", ["19 nov", "21 nov"]),
    "warm": Variable("yes when warm", True),
}


def test_the_first_line_is_the_subject_and_lines_that_come_out_empty_are_dropped() -> None:
    source = (
        "{# for whom #}\n{% if job %}\nBel {{ name }}: {{ job }}\n{% else %}\nBel {{ name }}\n{% endif %}\n\n"
        "{% if days %}Waarom: {{ days | join(', ') }}.{% endif %}\n"
        "~ {% if job %}Te bieden: {{ job }}.{% endif %}\nKlaar."
    )

    whole = filled(source, {"name": "Sanne", "job": "Kok", "days": ("19", "21")})
    bare = filled(source, {"name": "Sanne", "job": "", "days": ()})

    assert whole == TaskText("Bel Sanne: Kok", ("Waarom: 19, 21.", "Te bieden: Kok.", "Klaar."))
    assert bare == TaskText("Bel Sanne", ("Klaar.",))


def test_marked_lines_go_first_from_the_last_one_up() -> None:
    one, two, three = ("x" * 190, "x" * 200, "x" * 200)
    source = f"Bel\n\n{one * 3}\n~ Twee {two}\n~ Drie {three}\nVier {three}"

    assert filled(source, {}).lines == (one * 3, f"Twee {two}", f"Vier {three}")
    assert size(filled(source, {}).lines) <= 1200


def test_then_the_longest_line_loses_its_last_facts() -> None:
    facts = tuple(f"{n} {'x' * 190}" for n in range(8))

    found = filled("Bel\n\nWaarom: {{ facts | join('; ') }}.\nKlaar.", {"facts": facts})

    assert found.lines == (f"Waarom: {'; '.join(facts[:5])}.", "Klaar.")


def test_html_counts_as_hubspot_keeps_it() -> None:
    found = filled("Bel\n\n{{ name }}{{ name }}{{ name }}", {"name": "<&>" * 60})

    assert size(found.lines) <= 1200
    assert found.lines[0].endswith("…")


@pytest.mark.parametrize(
    ("value", "seen"),
    [
        ("Jan\n  [wl:aaaaaaaaaaaa]\tde Wit", "Jan (wl:aaaaaaaaaaaa] de Wit"),
        ("\x00Zoë\u202e 👩\u200d⚕️", "Zoë 👩\u200d⚕️"),
        ("{{ name }} {% raw %}", "{{ name }} {% raw %}"),
        ("x" * 300, "x" * 199 + "…"),
        (["a\nb", ("c",)], ("a b", ("c",))),
        ({"a": " b "}, {"a": "b"}),
        (None, None),
        (True, True),
        (3, 3),
    ],
)
def test_values_are_plain_text_on_one_line(value: object, seen: object) -> None:
    assert plain(value) == seen
    if isinstance(value, str):
        assert filled("{{ value }}\n\nx", {"value": value}).subject == seen


@pytest.mark.parametrize("value", [date(2026, 11, 24), object(), 1.5, b"x", {"a": {1, 2}}])
def test_a_value_that_is_no_text_number_list_or_table_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        render(Templates({"nl/fan": "a\n\nb"}), "nl", "fan", {"value": value})


@pytest.mark.parametrize(
    "reach",
    [
        "{{ name.__class__.__mro__ }}",
        "{{ name | attr('__class__') }}",
        "{{ ''.join.__globals__ }}",
        "{{ days.append('x') }}",
        "{{ '{0.__class__}'.format(name) }}",
        "{{ self._TemplateReference__context }}",
        "{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}",
        "{{ range(3) }}",
        "{{ lipsum() }}",
        "{{ days | random }}",
        "{% include 'nl/fan' %}",
        "{% import 'os' as os %}",
        "{{ nothing }}",
        "{% if nothing %}{% endif %}",
        "{{ name.nothing }}",
    ],
)
def test_a_template_reaches_nothing_but_its_variables(reach: str) -> None:
    built_in = {"nl/fan": "Bel {{ name }}\n\nKlaar."}
    source = f"Bel {{{{ name }}}}\n\nKlaar. {reach}"

    found = render(Templates(built_in, {"nl/fan": source}), "nl", "fan", {"name": "Sanne", "days": ("19 nov",)})

    assert flaws(source, KNOWN) != []
    assert found == TaskText("Bel Sanne", ("Klaar.",), failed="nl/fan")


def test_a_text_nobody_wrote_is_an_error_and_never_an_empty_task() -> None:
    with pytest.raises(
        FatalError, match=r"There is no template nl/fan\.txt for a task's text\. Install warmline anew\."
    ):
        render(Templates(), "nl", "fan", {})


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("Bel {{ name }}\n\n{% if warm %}Warm.{% endif %}\nKlaar.", []),
        ("Bel\n\nx\n{% if warm %}", [Flaw(4, "cannot be read: Unexpected end of template. Jinja was looking for")]),
        (
            "Bel {{ nme }}\n\n{{ jobb }}",
            [Flaw(3, "jobb is no variable"), Flaw(1, "nme is no variable here; did you mean")],
        ),
        ("Bel\n\nx\n\n{{ job / 2 }}", [Flaw(5, "cannot be filled for an invented person: unsupported operand")]),
        ("Bel\n\n{{ days[0] }}", [Flaw(3, "cannot be filled for somebody of whom nothing is known: tuple object has")]),
        ("Bel {{ name }}", [Flaw(0, "cannot be filled for an invented person: it needs a subject and at least one")]),
        (
            "Bel\n\n{% if job %}Te bieden: {{ job }}.{% endif %}",
            [Flaw(0, "cannot be filled for somebody of whom nothing")],
        ),
        ("Bel\n\n" + "x" * 1190, [Flaw(0, "is 1211 characters for an invented person; a task has 1200")]),
        ("Bel\n\n" + "x" * 1100 + "\n~ " + "x" * 200, []),  # the marked line may go
    ],
)
def test_a_template_is_checked_with_the_line_of_what_is_wrong(source: str, found: list[Flaw]) -> None:
    seen = flaws(source, KNOWN)

    assert len(seen) == len(found)
    for flaw, expected in zip(sorted(seen, key=lambda one: one.problem), found, strict=True):
        assert flaw.problem.startswith(expected.problem)
        assert expected.line in (0, flaw.line)


def test_words_against_the_rules_of_the_texts_are_told_with_their_line() -> None:
    source = "Bel mevrouw {{ name }}\n\nGezien <b>vorige week</b>.\n{{ 'Score' }} {{ score_free }}\nBekeken op 19 nov."

    assert [(one.line, one.problem.split('"')[1]) for one in remarks(source)] == [
        (1, "mevrouw"),
        (3, "vorige week"),
        (3, "<b>"),
        (3, "</b>"),
        (4, "Score"),
    ]


def test_nothing_of_the_engine_is_loaded_before_a_text_is_made() -> None:
    code = "import sys, sync.core.actions, config.policies; print('jinja2' in sys.modules)"

    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert found.stdout == "False\n"
