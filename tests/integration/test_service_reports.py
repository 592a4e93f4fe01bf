"""`report service` and `report channels`, from what two systems showed to figures and pictures."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from docs.render.reports import channels_report, service_report
from sandbox.errors import missing_scopes
from sync.cli.app import Invocation
from sync.cli.reporting import report_command
from sync.errors import ConfigError
from sync.reports import chart_channels, chart_service
from sync.reports.figures import references, words_in
from tests.integration.conftest import SAM, Stage
from tests.integration.promised import applicant, put, vacancy


@pytest.fixture
def served(stage: Stage) -> Stage:
    """Six who applied to Noor's vacancy: three got a message, one a rejection with its reason, one a job, one nothing.
    Five of Sam's were overdue before the first run."""
    vacancy(stage)
    vacancy(stage, "j2", name="Planner", recruiter_email=SAM)
    for number, first in enumerate(("Jan", "Lia", "Mo", "Kim", "Bo", "Ans"), 1):
        stage.visit(applicant(stage, number, first, source="Indeed"), 3)
    for number, first in enumerate(("Eva", "Ton", "Wim", "Zoe", "Ina"), 11):
        applicant(stage, number, first, hours_ago=24 * 30, job="j2", source="site")
    stage.sync()
    applied_at = stage.now - timedelta(hours=2)
    stage.later(hours=4)
    replied: dict[str, Any] = {"first_reply_at": (stage.now - timedelta(hours=1)).isoformat()}
    for number in (1, 2, 3):
        put(stage, number, at=applied_at, source="Indeed", **replied)
    rejected: dict[str, Any] = {"status": "rejected", "rejected_at": stage.now.isoformat(), "reject_reason": "ervaring"}
    told: dict[str, Any] = {"told_at": (stage.now + timedelta(hours=1)).isoformat()}
    hired: dict[str, Any] = {"status": "hired", "hired_at": stage.now.isoformat()}
    stage.later(hours=2)
    put(stage, 4, at=applied_at, source="Indeed", **rejected, **told)
    put(stage, 5, at=applied_at, source=" indeed", **hired)
    stage.sync()
    stage.later(days=21)
    stage.sync()
    return stage


def run(stage: Stage, monkeypatch: pytest.MonkeyPatch, *words: str) -> str:
    for name, value in {**stage.env, "CLOCK__NOW": stage.now.isoformat()}.items():
        monkeypatch.setenv(f"WARMLINE_{name}", value)
    result = CliRunner().invoke(report_command, words, obj=Invocation(None))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.stdout


def test_who_heard_in_time_and_never_and_what_was_overdue_before_stands_apart(
    served: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = json.loads(run(served, monkeypatch, "service", "--json"))

    assert [(one["key"], one["name"], one["people"]) for one in told["groups"]] == [
        ("ats:j1", "Wijkverpleegkundige", 6),
        ("ats:j2", "Planner", 5),
    ]
    wijk, planner = told["groups"]
    assert wijk["first_reaction"] == {
        "in_time": 5,
        "late": 0,
        "never": 1,
        "waiting": 0,
        "withdrawn": 0,
        "not_visible": 0,
        "not_counted": 0,
        "in_time_percent": 83.3,
        "within_norm": 5,
        # applied at 7:00, open from 9:00: messages at 12:00, hired at 13:00, told at 14:00
        "median_working_hours": 3.0,
        "p90_working_hours": 5.0,
        "measured": 5,
    }
    assert wijk["reasoned_rejection"]["with_reason"] == 1
    assert wijk["decision"] == {"median_working_days": None, "p90_working_days": None, "measured": 2}
    assert (planner["first_reaction"]["never"], planner["first_reaction"]["not_counted"]) == (0, 5)
    assert told["backlog"] == {"before": "2026-11-23", "people": 5, "waiting": 5, "answered_since": 0}
    assert told["total"]["people"] == 11
    assert told["hubspot"] == dict.fromkeys(("calls", "meetings", "emails", "communications"), "visible")


def test_a_report_by_recruiter_names_recruiters_and_hides_small_groups(
    served: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    applicant(served, 21, "Ria", job="j2")
    put(served, 11, at=served.now - timedelta(days=200), job="j2")
    put(served, 12, at=served.now - timedelta(days=200), job="j2")
    served.sync()

    by_team = json.loads(run(served, monkeypatch, "service", "--by", "team", "--json"))
    by_month = json.loads(run(served, monkeypatch, "service", "--by", "month", "--json"))

    assert [(one["name"], one["hidden"]) for one in by_team["groups"]] == [
        ("Noor de Wit", "withheld"),
        ("Sam Bakker", "under 5"),
    ]
    assert [set(one) for one in by_team["groups"]] == [{"key", "name", "hidden"}] * 2
    assert [(one["key"], one["hidden"]) for one in by_month["groups"]] == [
        ("2026-10", "under 5"),
        ("2026-11", "withheld"),
        ("2026-12", "under 5"),
    ]
    assert by_month["total"]["people"] == 10


def test_a_table_says_what_is_not_visible_and_where_public_figures_come_from(
    served: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    served.set(SOURCES__OTHER__KIND="teamtailor", SOURCES__OTHER__TOKEN="x")
    told = run(served, monkeypatch, "service")

    assert "Service aan sollicitanten, 16 sep 2026 t/m 14 dec 2026" in told
    assert re.search(r"other +ja +n\.v\.t\., niet te zien +n\.v\.t\., niet te zien +n\.v\.t\., nooit gezien", told)
    assert re.search(r"15,5% +2025 +Digitaal-Werven, 535 NL \(niet nagegaan\)", told)
    assert "Achterstand van voor de eerste run, niet meegeteld: 5 mensen, 5 beloften nog open" in told


def test_contact_that_hubspot_does_not_show_is_named_and_so_is_a_play_that_is_off(
    served: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    forbidden = missing_scopes(["crm.objects.calls.read"]).body("c")
    served.portal.plan_fault("status", "/calls/", status=403, body=forbidden, times=99)
    served.set(PLAYS__PROMISE__ENABLED="false", TEAM__LANGUAGE="en")
    served.later(minutes=30)
    served.sync()

    told = run(served, monkeypatch, "service")
    figures = json.loads(run(served, monkeypatch, "service", "--json"))

    assert "HubSpot shows nothing of: calls." in told
    assert "Play promise is off: what happened since does not count." in told
    assert (figures["hubspot"]["calls"], figures["hubspot"]["emails"]) == ("n/a, not visible", "visible")
    assert figures["promises_followed"] is False


def test_a_confidential_vacancy_is_told_by_its_id(served: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    vacancy(served, confidential=True)
    served.sync()

    told = run(served, monkeypatch, "service")

    assert "vertrouwelijk (ats:j1)" in told
    assert "Wijkverpleegkundige" not in told


def test_channels_follow_people_from_touch_to_application_to_hire(
    served: Stage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told = json.loads(run(served, monkeypatch, "channels", "--json", "--png", str(tmp_path / "channels.png")))
    by_touch = json.loads(run(served, monkeypatch, "channels", "--by", "last-touch", "--json"))

    nothing = {"median_days": None, "p90_days": None, "measured": 0}
    assert told["channels"] == [
        {
            "key": "indeed",
            "name": "Indeed",
            "hidden": None,
            "people": 6,
            "touched": 6,
            "applied": 6,
            "hired": 1,
            "applied_percent": 100.0,
            "hired_percent": 16.7,
            "touch_to_application": {"median_days": 3, "p90_days": 3, "measured": 6},
            "application_to_hire": {"median_days": None, "p90_days": None, "measured": 1},
        },
        {
            "key": "site",
            "name": "site",
            "hidden": None,
            "people": 5,
            "touched": 0,
            "applied": 5,
            "hired": 0,
            "applied_percent": 100.0,
            "hired_percent": 0.0,
            "touch_to_application": nothing,
            "application_to_hire": nothing,
        },
    ]
    assert [(one["name"], one["people"]) for one in by_touch["channels"]] == [
        ("gezien op de website", 6),
        ("niets gezien", 5),
    ]
    assert (tmp_path / "channels.png").stat().st_size > 10_000


def test_who_never_applied_counts_by_the_first_touch(served: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    served.later(minutes=30)
    served.visit(served.person(31, "Uma", "Vos"), 2)
    served.later(minutes=30)
    served.sync()

    told = json.loads(run(served, monkeypatch, "channels", "--by", "first-touch", "--json"))
    before = json.loads(run(served, monkeypatch, "channels", "--by", "first-touch", "--json", "--until", "2026-12-11"))

    [visits] = [one for one in told["channels"] if one["key"] == "site_visit"]
    assert (visits["people"], visits["touched"], visits["applied"]) == (7, 7, 6)
    assert (told["total"]["people"], before["total"]["people"]) == (12, 11)


def test_nobody_applied_is_told(served: Stage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    picture = tmp_path / "none.svg"
    period = ("--since", "2020-01-01", "--until", "2020-03-31")

    told = run(served, monkeypatch, "service", *period, "--svg", str(picture))
    figures = json.loads(run(served, monkeypatch, "channels", *period, "--json"))

    assert "Niemand solliciteerde in deze periode." in told
    assert "Niemand solliciteerde" in picture.read_text(encoding="utf-8")
    assert (figures["total"], figures["channels"]) == ({"hidden": "under 5"}, [])


def test_wrong_options_are_named(served: Stage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="2026-12-10 lies after 2026-12-01"):
        run(served, monkeypatch, "service", "--since", "2026-12-10", "--until", "2026-12-01")
    with pytest.raises(ConfigError, match=r"--png: report\.svg does not end in \.png"):
        run(served, monkeypatch, "service", "--png", str(tmp_path / "report.svg"))

    assert list(tmp_path.glob("report*")) == []


def test_the_picture_of_service_has_a_part_of_each_bar_for_each_count() -> None:
    report = service_report()
    svg = chart_service.service_chart(report, "en")

    bars = re.findall(r'width="([\d.]+)" height="17.00" fill="(#\w+)"[^>]*><title>([^<]+)</title>', svg)
    shown = [(one.figures, report.name(one)) for one in report.ordered() if one.figures]
    most = max(sum(found.reaction.count(one) for one in chart_service.SHADES) for found, _ in shown)
    room = chart_service.BARS_RIGHT - chart_service.BARS
    words = words_in("en")
    assert [(round(float(width), 1), colour, told) for width, colour, told in bars] == [
        (round(count * room / most, 1), shade, f"{name}: {words[answer.value]} {count}")
        for found, name in shown
        for answer, shade in chart_service.SHADES.items()
        if (count := found.reaction.count(answer))
    ]
    assert "1 × under 5" in svg and "1 × withheld" in svg
    assert "Planner" not in svg and "Teamleider" not in svg
    assert all(f"{one.source}, {one.year}" in svg for one in references())


def test_the_picture_of_channels_has_three_bars_a_channel() -> None:
    report = channels_report()
    svg = chart_channels.channels_chart(report, "en")

    bars = re.findall(r'width="([\d.]+)" height="14.00"[^>]*><title>([^<]+)</title>', svg)
    reaches = [(report.name(one), one.reach) for one in report.ordered() if one.reach]
    room = (chart_channels.BARS_RIGHT - chart_channels.BARS) / max(reach.people for _, reach in reaches)
    assert [(round(float(width), 1), told) for width, told in bars] == [
        (round(getattr(reach, what) * room, 1), f"{name}: {what} {getattr(reach, what)}")
        for name, reach in reaches
        for what in ("people", "applied", "hired")
    ]
    assert "under 5" in svg and "withheld" in svg


def test_both_languages_have_every_word() -> None:
    assert words_in("nl").keys() == words_in("en").keys()
    assert all(one.said["nl"] and one.said["en"] and one.source and one.year > 2000 for one in references())
