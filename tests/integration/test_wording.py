"""What recruiters read, from templates of the team and of warmline, each in their own language."""

from __future__ import annotations

from typing import Any

import pytest

from sync.bootstrap.look_wording import wording_findings
from sync.errors import ConfigError
from tests.integration.conftest import NOOR, Stage

VACANCY = "https://zorg.example.org/werk/wijkzorg"
JOB = {"id": "j1", "name": "Verpleegkundige <wijk> & meer", "status": "open", "post_url": VACANCY}
OWN = "Bel {{ name }} eens\n\n{% if offer %}{{ offer }} & koffie{% endif %}\nNamens {{ recruiter }}."


def use(stage: Stage, text: str, name: str = "nl/fan.txt") -> None:
    """The team writes a template of its own."""
    folder = stage.folder / "templates"
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    stage.set(WORDING__TEMPLATES=str(folder))


def planned(stage: Stage) -> list[str]:
    """Subjects of the tasks a dry run shows."""
    return [one["after"]["hs_task_subject"] for one in stage.plan() if one["kind"] == "create_task"]


def looked_at(stage: Stage, **job: Any) -> str:
    """Somebody who looked at a vacancy on three days, each seen by a run; their contact."""
    stage.drop("jobs", JOB | job)
    jan = stage.person(1, "Jan", "de Vries")
    stage.at("2026-11-17T10:00")
    stage.sync()
    for day in ("2026-11-18", "2026-11-20", "2026-11-23"):
        stage.at(f"{day}T08:30")
        stage.portal.visit(jan, stage.now, pages=1, url=VACANCY)
        stage.at(f"{day}T09:00")
        stage.sync()
    return jan


def test_the_vacancy_somebody_keeps_looking_at_is_named_and_offered_and_escaped_once(stage: Stage) -> None:
    jan = looked_at(stage)

    [task] = stage.tasks(jan)

    assert task.properties["hs_task_subject"] == "Bel Jan de Vries: Verpleegkundige <wijk> & meer"
    assert task.properties["hs_task_body"].split("<br>")[:-1] == [
        "Waarom nu: vacature Verpleegkundige &lt;wijk&gt; &amp; meer bekeken op 18, 20 en 23 nov. Niet gesolliciteerd.",
        "Te bieden: Verpleegkundige &lt;wijk&gt; &amp; meer.",
        'Opening: "Schikt het? Wat zoek je nu?"',
        "Niet doen: websitebezoek noemen.",
        "Bellen mag: gerechtvaardigd belang.",
        'Geen gehoor? Spreek in wanneer jij terugbelt; vul "Terugbellen op" in.',
    ]


def test_a_confidential_vacancy_somebody_looks_at_never_shows(stage: Stage) -> None:
    jan = looked_at(stage, confidential=True)

    shown = " ".join([*(value for task in stage.tasks(jan) for value in task.properties.values() if value)])
    shown += " ".join(stage.properties(jan).values())

    assert "Bel Jan de Vries" in shown
    for word in ("Verpleegkundige", "wijk", "Te bieden", "bekeken"):
        assert word not in shown


def test_a_vacancy_that_became_confidential_is_not_named_in_what_was_not_sent_yet(stage: Stage) -> None:
    stage.set(WRITES__ENABLED="false")
    jan = looked_at(stage)
    before = planned(stage)
    stage.drop("jobs", JOB | {"confidential": True})
    stage.later(minutes=30)
    stage.set(WRITES__ENABLED="true")

    stage.sync(share=1.0)

    shown = " ".join([*(value for task in stage.tasks(jan) for value in task.properties.values() if value)])
    assert before == ["Bel Jan de Vries: Verpleegkundige <wijk> & meer"]
    assert "Bel Jan de Vries" in shown
    assert "wijk" not in shown + " ".join(stage.properties(jan).values())


def test_a_task_is_in_its_owners_language_and_the_why_line_in_the_teams(stage: Stage) -> None:
    stage.set(ROUTING__LANGUAGES="sam@team.example.com=en")
    stage.fan_signs(jan := stage.person(1, "Jan", "de Vries", hubspot_owner_id="701"))
    stage.fan_signs(lia := stage.person(2, "Lia", "Los", hubspot_owner_id="702"))

    stage.sync()

    [his], [hers] = stage.tasks(jan), stage.tasks(lia)
    assert his.properties["hs_task_subject"] == "Bel Jan de Vries"
    assert hers.properties["hs_task_subject"] == "Call Lia Los"
    assert "Do not: mention visits to the website." in hers.properties["hs_task_body"]
    assert stage.properties(lia)["warmline_why"].endswith("; niet gesolliciteerd; stand 23 nov 2026")


def test_a_teams_own_template_is_used_for_the_tasks_it_is_for(stage: Stage) -> None:
    stage.set(ROUTING__LANGUAGES=f"{NOOR}=nl,sam@team.example.com=en")
    use(stage, OWN)
    stage.fan_signs(jan := stage.person(1, "Jan", "de Vries", hubspot_owner_id="701"))
    stage.fan_signs(lia := stage.person(2, "Lia", "Los", hubspot_owner_id="702"))

    stage.sync()

    [own], [other] = stage.tasks(jan), stage.tasks(lia)
    assert own.properties["hs_task_subject"] == "Bel Jan de Vries eens"
    assert own.properties["hs_task_body"].split("<br>")[:-1] == ["Namens Noor de Wit."]
    assert other.properties["hs_task_subject"] == "Call Lia Los"


def test_another_wording_changes_planned_tasks_and_none_that_stand(stage: Stage) -> None:
    stage.fan_signs(jan := stage.person(1, "Jan", "de Vries"))
    lia, piet = stage.person(2, "Lia", "Los"), stage.person(3, "Piet", "Paulusma")
    stage.sync()
    stage.later(minutes=30)
    stage.fan_signs(lia)
    before = planned(stage)
    use(stage, OWN)
    stage.later(minutes=30)
    stage.fan_signs(piet)
    after = planned(stage)

    stage.sync()

    assert before == ["Bel Lia Los"]
    assert sorted(after) == ["Bel Lia Los eens", "Bel Piet Paulusma eens"]
    assert sorted(one.properties["hs_task_subject"] for one in stage.tasks()) == ["Bel Jan de Vries", *sorted(after)]
    assert len(stage.tasks(jan)) == 1


def test_a_template_that_fails_for_a_real_person_leaves_the_task_in_warmlines_words(stage: Stage) -> None:
    use(stage, "Bel {{ name }}\n\n{% if '☕' in name %}{{ name + 1 }}{% endif %}Koffie?")
    stage.fan_signs(stage.person(1, "Jan ☕", "de Vries", email="jan@example.com"))

    [action] = [one for one in stage.plan() if one["kind"] == "create_task"]

    assert action["after"]["hs_task_subject"] == "Bel Jan ☕ de Vries"
    assert action["after"]["hs_task_body"].startswith("Waarom nu: formulier ingevuld op 19 nov")
    assert action["reason"].endswith("; template_failed:nl/fan")


@pytest.mark.parametrize(
    ("text", "status", "message"),
    [
        (None, "ok", " templates in 2 languages, 0 of your own"),
        (OWN, "ok", " templates in 2 languages, 1 of your own"),
        (
            "Bel {{ name }}\n\nVorige week <b>gezien</b>.",
            "warning",
            'nl/fan.txt line 3: "Vorige week" goes stale: a task is read days later. Tell the date; '
            'nl/fan.txt line 3: "<b>" is HTML, and is shown as it stands; '
            'nl/fan.txt line 3: "</b>" is HTML, and is shown as it stands',
        ),
    ],
)
def test_doctor_checks_every_template(bare: Stage, text: str | None, status: str, message: str) -> None:
    if text is not None:
        use(bare, text)

    [found] = wording_findings(bare.app())

    assert (found.check, found.status) == ("wording", status)
    assert found.message.endswith(message)


def test_a_broken_template_stops_the_run_before_anything_is_done(stage: Stage) -> None:
    stage.fan_signs(stage.person(1, "Jan", "de Vries"))
    use(stage, "Bel {{ nam }}\n\nKoffie?")

    with pytest.raises(ConfigError, match=r"nl/fan\.txt:1: nam is no variable here"):
        stage.sync()

    assert (stage.tasks(), stage.mirror.exists()) == ([], False)
