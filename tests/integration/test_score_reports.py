"""What people are told and shown of scores: other rules, the pictures, target groups."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from sync.bootstrap import open_session, open_view
from sync.cli.app import Invocation
from sync.cli.calling import calls_command
from sync.cli.reading import explain_command
from sync.cli.reporting import report_command
from sync.cli.running import plan_command
from sync.core.engagement import series
from sync.core.explaining import rules_change_lines
from sync.core.rules_change import RulesChange
from sync.errors import ConfigError
from sync.reports import people as views
from sync.reports.chart import DAYS, score_chart, x_of, y_of
from sync.reports.chart_pool import pool_chart
from sync.reports.drawing import png, save
from sync.reports.pool import pool, pool_report
from tests.integration.conftest import Stage, applied

KIND_WORDS = {"form": "formulier ingevuld", "mail_click": "mailklik", "site_visit": "gezien op de website"}


@pytest.fixture
def people(stage: Stage) -> Stage:
    """Jan, who is warm, and Lia, who is hot; scored."""
    stage.fan_signs(stage.person(1, "Jan", "de Vries"))
    stage.fan_signs(lia := stage.person(2, "Lia", "Los"))
    stage.portal.reply(lia, stage.now - timedelta(days=1))
    stage.drop("jobs", {"id": "j1", "name": "Verpleegkundige wijk", "status": "open"})
    stage.drop("applications", applied("a1", "c2", "j1", stage.now - timedelta(days=9), status="rejected"))
    stage.sync(share=1.0)
    return stage


def run(stage: Stage, monkeypatch: pytest.MonkeyPatch, command: object, *words: str) -> str:
    for name, value in {**stage.env, "CLOCK__NOW": stage.now.isoformat()}.items():
        monkeypatch.setenv(f"WARMLINE_{name}", value)
    result = CliRunner().invoke(command, words, obj=Invocation(None))  # type: ignore[arg-type]
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.stdout


def test_other_rules_are_told_before_anything_is_written_and_kept_for_the_report(people: Stage) -> None:
    told: list[tuple[RulesChange, int]] = []
    people.set(SCORE__SCALE="1.5")
    people.later(minutes=5)
    people.writes()
    with open_session(
        people.app(), "sync", on_rules_change=lambda change: told.append((change, people.portal.stats.writes))
    ) as session:
        session.execute(session.limits(writes=True, share=1.0))
    with open_view(people.app()) as view:
        kept = pool_report(pool(view))["rules_change"]

    [(change, writes)] = told
    assert writes == 0 < people.portal.stats.writes
    assert list(rules_change_lines(change, "en")) == [
        "other rules: 2 people scored anew, 2 have another score",
        "  warm → hot: 1",
        "  largest moves: p1 46 → 70, p2 82 → 97",
    ]
    assert (kept["people"], kept["day"], kept["rules_version"]) == (2, "2026-11-23", change.version)


def test_plan_tells_other_rules_on_stderr_and_writes_nothing(people: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    people.set(SCORE__SCALE="1.5")
    people.writes()
    for name, value in {**people.env, "CLOCK__NOW": people.now.isoformat()}.items():
        monkeypatch.setenv(f"WARMLINE_{name}", value)
    result = CliRunner().invoke(plan_command, ["--json"], obj=Invocation(None))

    assert "andere regels: 2 mensen opnieuw gescoord, 2 kregen een andere score\n" in result.stderr
    assert {one["contact_id"] for one in json.loads(result.stdout)["actions"]} == {"10001", "10002"}
    assert people.writes() == 0


def test_the_same_rules_tell_nothing(people: Stage) -> None:
    told: list[RulesChange] = []
    people.set(CONTACT__CALL_GROUNDS="consent")
    people.later(minutes=5)
    with open_session(people.app(), "sync", on_rules_change=told.append) as session:
        session.execute(session.limits(writes=True, share=1.0))

    assert told == []


def test_the_picture_of_a_person_holds_their_scores_and_touches(people: Stage) -> None:
    with open_view(people.app()) as view:
        found = views.find(view, "p1")
        assert found is not None and found.facts is not None
        svg = score_chart(view, found.facts)
        days = [view.today - timedelta(days=ago) for ago in range(DAYS, -1, -1)]
        expected = series(found.facts.touches, view.policy.score, days, seen=True)

    [line] = re.findall(r'<polyline points="([^"]+)"', svg)
    points = [tuple(map(float, one.split(","))) for one in line.split()]
    assert points == [
        (round(x_of(DAYS - place), 2), round(y_of(value or 0), 2)) for place, (_, value) in enumerate(expected)
    ]
    assert expected[-1][1] == 46
    marks = re.findall(r'class="mark"[^>]*>.*?<title>([^<]+)</title>', svg)
    assert marks == ["formulier ingevuld 19 nov 2026", "mailklik 21 nov 2026", "gezien op de website 22 nov 2026"]


def test_the_picture_of_the_pool_holds_its_figures(people: Stage) -> None:
    with open_view(people.app()) as view:
        found = pool(view)
        svg = pool_chart(view, found)

    bars = re.findall(r"<title>(\d+–\d+): (\d+)</title>", svg)
    assert [(step, number) for step, number in bars if number != "0"] == [("45–49", "1"), ("80–84", "1")]
    assert len(bars) == 20
    moves = re.findall(r"<title>(23 nov → [^<]+)</title>", svg)
    assert moves == ["23 nov → warm: +1", "23 nov → heet: +1"]
    heights = [float(height) for height in re.findall(r'height="([\d.]+)" fill="#[^"]+" stroke="#1c1917"', svg)]
    assert heights[9] == heights[16] == max(heights[:20])


def test_a_picture_is_written_as_its_name_says(people: Stage, tmp_path: Path) -> None:
    with open_view(people.app()) as view:
        svg = pool_chart(view, pool(view))
    save(svg, tmp_path / "pool.svg")
    save(svg, tmp_path / "pool.PNG")

    width, height = (int.from_bytes((tmp_path / "pool.PNG").read_bytes()[at : at + 4]) for at in (16, 20))
    assert (tmp_path / "pool.svg").read_text(encoding="utf-8") == svg
    assert (tmp_path / "pool.PNG").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    assert (width, height) == (2280, 3 * int(re.findall(r'height="(\d+)"', svg)[0]))
    with pytest.raises(ConfigError, match="pool.gif is neither SVG nor PNG"):
        save(svg, tmp_path / "pool.gif")


def test_words_are_drawn_without_fonts_on_the_machine() -> None:
    head = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="30" font-family="Lato">'

    assert png(f'{head}<text x="5" y="20">heet</text></svg>') != png(f"{head}</svg>")


def test_report_score_prints_the_pool_and_draws_it(
    people: Stage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    out = run(people, monkeypatch, report_command, "score", "--out", str(tmp_path / "pool.png"))
    told = json.loads(run(people, monkeypatch, report_command, "score", "--json"))

    assert "2 with a score, 0 without" in out
    assert (tmp_path / "pool.png").stat().st_size > 10_000
    assert (told["people"], told["bands"]) == (2, {"hot": 1, "warm": 1, "cool": 0, "cold": 0})
    assert [one for one in told["histogram"] if one["people"]] == [
        {"from": 45, "people": 1},
        {"from": 80, "people": 1},
    ]
    assert told["weeks"][-1] == {
        "until": "2026-11-23",
        "bands": {"hot": 1, "warm": 1, "cool": 0, "cold": 0},
        "rose": {"hot": 1, "warm": 1},
        "fell": {},
    }


def test_report_score_tells_one_persons_days(people: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    told = json.loads(run(people, monkeypatch, report_command, "score", "--person", "p1", "--json"))

    assert told["person_id"] == "p1"
    assert len(told["days"]) == 91
    assert told["days"][-1] == {"day": "2026-11-23", "score": 46}


def test_explain_says_each_point_in_words_what_changed_and_what_would_be(
    people: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    people.visit(people.explain("p1")["links"][1]["remote_id"], 0)
    people.later(minutes=5)
    people.sync()
    out = run(people, monkeypatch, explain_command, "p1")

    assert re.search(r"formulier ingevuld 19 nov 2026 +1 +× 0,955 \(4 d oud, halveert per 60 d\)", out)
    assert "samen 2,325 punten → score 54, warm\n" in out
    assert "sinds gisteren 46 → 54: erbij gezien op de website 23 nov 2026 +0,500; demping en plafond −0,031\n" in out
    assert "zonder gezien op de website: 36; zonder formulier ingevuld: 37; zonder mailklik: 48\n" in out


def test_a_segment_ranks_inside_each_relationship(people: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    people.set(SEGMENTS__ZORG__JOB_WORDS="verpleeg,verzorg", SEGMENTS__ALL__RELATIONSHIPS="never_applied,rejected")
    told = {
        name: json.loads(run(people, monkeypatch, calls_command, "--segment", name, "--json"))["people"]
        for name in ("zorg", "ALL", "never_applied", "hired")
    }

    assert {
        name: [(one["rank"], one["person_id"], one["relationship"]) for one in entries]
        for name, entries in told.items()
    } == {
        "zorg": [(1, "p2", "rejected")],
        "ALL": [(1, "p1", "never_applied"), (1, "p2", "rejected")],
        "never_applied": [(1, "p1", "never_applied")],
        "hired": [],
    }
    with pytest.raises(ConfigError, match="there is no segment kok. Known: all, applied, hired, never_applied"):
        run(people, monkeypatch, calls_command, "--segment", "kok")
