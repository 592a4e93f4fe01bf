"""Story 3: the score follows what HubSpot's counters and the ATS's files tell, and nothing they do not."""

from __future__ import annotations

import math
import random
from datetime import timedelta
from typing import Any

import pytest

from tests.integration.conftest import MONDAY, Stage, applied, candidate


def points(report: dict[str, Any]) -> list[tuple[str, str, int]]:
    """Kind, day and count of each line of a breakdown."""
    return [(one["kind"], one["day"], one["count"]) for one in report["points"]]


def test_several_visits_between_two_syncs_are_one_touch_day_that_counts_them(stage: Stage) -> None:
    jan = stage.person(1, "Jan", "de Vries")
    stage.visit(jan, 20)
    stage.sync()
    stage.visit(jan, *(hours / 24 for hours in (3, 2, 1)))
    stage.later(minutes=5)
    stage.sync()

    assert points(stage.explain(jan)) == [("site_visit", "2026-11-23", 3), ("site_visit", "2026-11-03", 1)]


def test_counters_that_fall_with_another_address_are_a_new_baseline(stage: Stage) -> None:
    jan = stage.person(1, "Jan", "de Vries")
    for ago in (9, 8, 7):
        stage.portal.click(jan, stage.now - timedelta(days=ago))
    stage.sync()
    before = points(stage.explain(jan))
    stage.portal.edit("contacts", jan, {"email": "jan.nieuw@example.com"})  # HubSpot counts mail per primary address
    stage.drop("candidates", candidate("c1", "Jan", "de Vries", "jan.nieuw@example.com"))
    stage.later(minutes=30)
    stage.sync()
    fallen = points(stage.explain(jan))
    stage.portal.click(jan)
    stage.later(minutes=30)
    stage.sync()

    assert before == fallen == [("mail_click", "2026-11-16", 1)]
    assert points(stage.explain(jan)) == [("mail_click", "2026-11-23", 1), ("mail_click", "2026-11-16", 1)]


def test_a_moment_that_moves_back_gives_nothing_and_takes_nothing(stage: Stage) -> None:
    jan = stage.person(1, "Jan", "de Vries")
    stage.visit(jan, 2)
    stage.sync()
    record = stage.portal.record("contacts", jan)
    old = {"hs_analytics_last_visit_timestamp": "2026-10-01T10:00:00.000Z"}
    stage.portal.stores["contacts"].change(record, old, record.source)
    stage.later(minutes=30)
    stage.sync()

    assert points(stage.explain(jan)) == [("site_visit", "2026-11-21", 1)]


def test_a_first_sight_dates_what_hubspot_dates_and_forgets_what_is_old(stage: Stage) -> None:
    jan = stage.person(1, "Jan", "de Vries")
    stage.visit(jan, 200, 100, 3)  # thirty visits would count no more than the last one
    stage.portal.click(jan, stage.now - timedelta(days=181))  # six half-lives of thirty days
    stage.portal.reply(jan, stage.now - timedelta(days=50))
    stage.portal.meeting(jan, stage.now - timedelta(days=9), start=stage.now + timedelta(days=2))
    stage.sync()
    report = stage.explain(jan)

    assert points(report) == [("reply", "2026-10-04", 1), ("site_visit", "2026-11-20", 1)]
    stage.later(days=3)
    stage.sync()
    assert points(stage.explain(jan))[0] == ("meeting_held", "2026-11-25", 1)


def files_of_a_winter(stage: Stage) -> list[tuple[str, dict[str, Any]]]:
    """Rows about one candidate, in the order things happened."""
    rows: list[tuple[str, dict[str, Any]]] = [
        ("candidates", candidate("c1", "Jan", "de Vries", updated_at="2026-11-01T10:00:00Z")),
        ("candidates", candidate("c1", "Jan", "de Vries", updated_at="2026-11-02T10:00:00Z", source="site")),
    ]
    for number, ago in enumerate((60, 40, 20, 20)):
        at = MONDAY - timedelta(days=ago)
        row = applied(f"a{number}", "c1", f"j{number % 2}", at, updated_at=at.isoformat())
        rows += [("applications", row), ("applications", {**row, "updated_at": (at + timedelta(days=1)).isoformat()})]
    return rows


def known(stage: Stage, who: str) -> dict[str, Any]:
    """`explain` without its decisions, whose due moments follow the moment of the run."""
    return {name: value for name, value in stage.explain(who).items() if name != "decisions"}


def test_late_duplicated_and_shuffled_file_rows_give_the_same_people_and_scores(stage: Stage) -> None:
    contact = stage.contact("Jan", "de Vries")
    rows = files_of_a_winter(stage)
    stage.drop("candidates", *[row for noun, row in rows if noun == "candidates"])
    stage.drop("applications", *[row for noun, row in rows if noun == "applications"])
    stage.sync(writes=False)
    straight = known(stage, contact)
    random.Random(5).shuffle(rows)
    for noun, row in [*rows, *rows[:4]]:  # each row in a file of its own, some twice, and a sync now and then
        stage.drop(noun, row)
        if row["id"] in ("c1", "a2"):
            stage.later(minutes=1)
            stage.sync(writes=False)
    shuffled = known(stage, contact)
    stage.mirror.unlink()
    stage.sync(writes=False)

    assert shuffled == straight
    assert known(stage, contact) == straight
    assert sorted(points(straight)) == [
        ("application_submitted", "2026-09-24", 1),
        ("application_submitted", "2026-10-14", 1),
        ("application_submitted", "2026-11-03", 2),
    ]


def test_without_tracking_consent_no_visit_or_click_is_asked_for_or_kept(stage: Stage) -> None:
    stage.set(CONTACT__TRACKING_CONSENT="off")
    jan = stage.person(1, "Jan", "de Vries")
    stage.fan_signs(jan)
    stage.portal.meeting(jan, stage.now - timedelta(days=9), start=stage.now - timedelta(days=8))
    stage.sync()

    assert points(stage.explain(jan)) == [("meeting_held", "2026-11-15", 1)]
    assert stage.tables("touch_day")["touch_day"][0][2] == "meeting_held"


def test_consent_withdrawn_removes_the_stored_touches_and_the_score_with_them(stage: Stage) -> None:
    stage.portal.stores["contacts"].schema.properties["tracking_ok"] = stage.portal.stores[
        "contacts"
    ].schema.properties["warmline_do_not_call"]
    stage.set(CONTACT__TRACKING_CONSENT="property:tracking_ok")
    jan = stage.person(1, "Jan", "de Vries", tracking_ok="true")
    never = stage.person(2, "Piet", "Paulusma")
    stage.fan_signs(jan)
    stage.fan_signs(never)
    stage.sync()
    scored = stage.explain(jan)["score"], stage.explain(never)["band"]
    record = stage.portal.record("contacts", jan)
    stage.portal.stores["contacts"].change(record, {"tracking_ok": "false"}, record.source)
    stage.later(minutes=30)
    stage.sync()

    assert scored == (46, "unscored")
    after = stage.explain(jan)
    assert (after["score"], after["raw"], after["band"], after["points"]) == (None, 0.0, "unscored", [])
    assert stage.tables("touch_day") == {"touch_day": []}
    assert stage.properties(jan)["warmline_band"] == "unscored"
    assert "warmline_score" not in {name for name, value in stage.properties(jan).items() if value}


def test_consent_switched_off_in_the_settings_removes_what_was_stored(stage: Stage) -> None:
    stage.fan_signs(jan := stage.person(1, "Jan", "de Vries"))
    stage.sync()
    stage.set(CONTACT__TRACKING_CONSENT="off")
    stage.later(minutes=30)
    stage.sync()

    assert stage.tables("touch_day") == {"touch_day": []}
    assert stage.explain(jan)["band"] == "unscored"


def test_unscored_is_nobody_ever_saw_and_cold_is_seen_but_quiet(stage: Stage) -> None:
    unseen = stage.person(1, "Jan", "de Vries")
    quiet = stage.person(2, "Piet", "Paulusma")
    stage.visit(quiet, 300)
    mailed = stage.person(3, "Lia", "Los", hs_email_delivered="4")
    stage.sync()

    found = {who: (stage.explain(who)["score"], stage.properties(who)["warmline_band"]) for who in (unseen, quiet)}
    assert found == {unseen: (None, "unscored"), quiet: (0, "cold")}
    assert stage.explain(mailed)["band"] == "cold"


def test_the_points_of_everybody_sum_to_raw_and_give_the_score(stage: Stage) -> None:
    rng = random.Random(3)
    everyone = []
    for number in range(12):
        who = stage.person(number, f"Naam{number}x", "de Vries")
        for kind in ("visit", "click", "reply", "form"):
            for _ in range(rng.randint(0, 3)):
                stage.portal.happen(kind, who, stage.now - timedelta(days=rng.uniform(0, 90)))
        everyone.append(who)
    stage.sync(share=1.0)

    for who in everyone:
        report = stage.explain(who)
        assert math.isclose(sum(one["points"] for one in report["points"]), report["raw"], abs_tol=1e-9)
        if report["score"] is not None:
            assert report["score"] == round(100 * (1 - math.exp(-report["raw"] / 3)))


def test_a_band_is_left_five_points_below_its_edge(stage: Stage) -> None:
    jan = stage.person(1, "Jan", "de Vries")
    stage.portal.form(jan)
    stage.visit(jan, 0.1)
    stage.sync()
    seen = {}
    stage.later(days=12)
    for _ in range(12):
        stage.later(days=1)
        stage.sync()
        report = stage.explain(jan)
        seen.setdefault(report["band"], []).append(report["score"])

    assert min(seen["warm"]) == 31
    assert max(seen["cool"]) == 30


def test_hubspot_is_written_on_a_rise_of_five_since_the_last_write_only(stage: Stage) -> None:
    jan = stage.person(1, "Jan", "de Vries")
    stage.portal.reply(jan, stage.now - timedelta(days=1))
    seen = []
    for days, act in ((0, None), (1, None), (19, "click"), (1, "visit")):
        stage.later(days=days)
        if act:
            stage.portal.happen(act, jan, stage.now)
        stage.later(minutes=5)
        stage.sync()
        seen.append((act, stage.explain(jan)["score"], stage.properties(jan)["warmline_score"]))

    # the click only makes up for three weeks of decay: two more than was written, so not written
    assert seen == [(None, 39, "39"), (None, 39, "39"), ("click", 41, "39"), ("visit", 50, "50")]


def test_another_band_is_written_at_once(stage: Stage) -> None:
    jan = stage.person(1, "Jan", "de Vries")
    stage.portal.form(jan, stage.now - timedelta(days=1))
    stage.sync()
    first = stage.properties(jan)["warmline_band"]
    stage.portal.click(jan)
    stage.later(minutes=5)
    stage.sync()

    assert (first, stage.properties(jan)["warmline_band"]) == ("cool", "warm")


@pytest.mark.parametrize("style", ["json", "csv-nl"])
def test_an_open_days_sign_in_sheet_gives_event_touches_to_the_people_it_names(stage: Stage, style: str) -> None:
    jan, lia = stage.person(1, "Zoë", "de Vries", email="zoe@example.com"), stage.contact("Lia", "Los")
    stage.drop("candidates", candidate("c2", "Lia", "Los"))
    sheet = [
        ("Open dag", "attended", "2026-11-14T10:00:00+01:00", "Zoe@Example.com", "Zoe"),
        ("Open dag", "registered", "2026-11-14T10:00:00+01:00", "lia.los@example.com", "Lia"),
        ("Open dag", "no_show", "2026-11-14T10:00:00+01:00", "lia.los@example.com", "Bram"),
    ]
    if style == "json":
        names = ("event", "kind", "at", "email", "first_name")
        stage.drop("attendance", *[dict(zip(names, line, strict=True)) for line in sheet])
    else:
        words = {"attended": "aanwezig", "registered": "ingeschreven", "no_show": "niet verschenen"}
        lines = ["Bijeenkomst;Aanwezigheid;Datum;E-mailadres;Roepnaam"]
        lines += [f"{event};{words[kind]};14-11-2026 10:00;{email};{first}" for event, kind, _, email, first in sheet]
        stage.drop_text("attendance-open-dag.csv", "\r\n".join(lines).encode("utf-8-sig"))
    stage.sync()

    assert points(stage.explain(jan)) == [("event_attended", "2026-11-14", 1)]
    assert points(stage.explain(lia)) == [("event_registered", "2026-11-14", 1)]
