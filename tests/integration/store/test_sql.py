"""The named queries."""

from __future__ import annotations

import re
from datetime import date

import pytest

from sync.core.engagement import Scorer
from sync.core.policy import ScorePolicy
from sync.store import scores, sql
from sync.store.db import Mirror
from sync.store.snapshots import NOUNS
from sync.store.tasks import TASK

_NAMED = re.compile(r":([a-z_]+)")


@pytest.mark.parametrize("name", sorted(sql.queries()))
def test_a_named_query_fits_the_schema_and_says_what_it_returns(name: str, db: Mirror) -> None:
    text = sql.query(name)
    names = dict.fromkeys(_NAMED.findall(text))
    scores.touch_sums(db, [], scores.Worths(Scorer(ScorePolicy({})), date(2026, 11, 21)))  # brings its aggregate

    db.rows(f"EXPLAIN {text}", names or [None] * text.count("?"))

    assert text.startswith("-- ") and len(text.splitlines()) > 1


@pytest.mark.parametrize("noun", [*NOUNS.values(), TASK], ids=lambda noun: noun.table)
def test_a_nouns_statements_fit_the_schema(noun, db: Mirror) -> None:
    db.rows(f"EXPLAIN {noun.upsert}", [None] * noun.upsert.count("?"))
    db.rows(f"EXPLAIN {noun.find}", {"source": None, "ids": None})
    db.rows(f"EXPLAIN {noun.select}")


@pytest.mark.parametrize("name", ["claim_rows", "own_tasks", "people_in_review", "standing_rows", "own_new_tasks"])
def test_a_query_that_runs_often_scans_no_table(name: str, db: Mirror) -> None:
    text = sql.query(name)

    plan = db.rows(f"EXPLAIN QUERY PLAN {text}", dict.fromkeys(_NAMED.findall(text)))

    scans = [line for *_, line in plan if line.startswith("SCAN") and "VIRTUAL TABLE" not in line]
    assert scans == []


def test_a_name_used_twice_is_refused(tmp_path, monkeypatch) -> None:
    (tmp_path / "one.sql").write_text("-- same --\n-- A sentence.\nSELECT 1;\n-- same --\n-- Again.\nSELECT 2;\n")
    monkeypatch.setattr(sql, "FOLDER", tmp_path)

    with pytest.raises(ValueError, match="one.sql: the query name same is used twice"):
        sql.queries.__wrapped__()
