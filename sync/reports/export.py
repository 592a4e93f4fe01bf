"""Everything held about one person, for that person: as JSON, and as a page that explains the score (docs/privacy.md).

What is held comes table by table from the schema, so that what a later version keeps is exported too.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from sync.core.explaining import head as point_head
from sync.core.explaining import point_rows
from sync.core.wording import date_words
from sync.reports import people as views
from sync.reports.chart import score_chart
from sync.reports.people import Found, View
from sync.store import audit, holdings
from sync.store.holdings import Subject
from sync.store.times import to_text

HISTORY_DAYS = 360
_FOLDER = files("sync.reports")


@dataclass(frozen=True, slots=True)
class Export:
    """One person's data. `report`: `export --json`."""

    report: dict[str, Any]
    found: Found

    @property
    def name(self) -> str:
        """What files about the person are called: an id, never a name."""
        person_id = self.report["person"]["id"]
        link = self.report["links"][0] if self.report["links"] else {"remote_id": "unknown"}
        return "warmline-" + re.sub(r"[^A-Za-z0-9_-]", "_", person_id or link["remote_id"])


def export(view: View, subject: Subject) -> Export:
    """What the mirror holds about somebody, with the score as of now explained. Works for records that are nobody's
    person too."""
    found = _found(view, subject)
    words = _texts()["tables"]
    held = {words[table][0] if table in words else table: rows for table, rows in holdings.held(view.db, subject)}
    report = {
        "made_at": to_text(view.now),
        **found.report,
        "explanation": _explanation(view, found),
        "without": _without(view, found),
        "score_history": _history(view, found),
        "rules": _rules(view, held),
        "held": held,
    }
    return Export(report, found)


def _found(view: View, subject: Subject) -> Found:
    """As `explain` shows the person."""
    if subject.person_id is not None:
        found = views.find(view, f"p{subject.person_id}")
        assert found is not None
        return found
    contacts = subject.contact_ids
    report = views.explain_contact(view, contacts[0] if contacts else "")
    links = [{"source": ref.source, "remote_id": ref.remote_id, "rule": None} for ref in subject.refs]
    return Found({**report, "links": links})


def _explanation(view: View, found: Found) -> list[str]:
    if found.facts is None or found.score is None:
        return []
    told = views.explanation(view, found.facts, found.score) if found.score.points else []
    return [*told, *views.unweighed(view, found.facts)]


def _without(view: View, found: Found) -> dict[str, int | None]:
    """The score had there been no touch of a kind: what would have changed the result."""
    if found.facts is None or found.score is None:
        return {}
    kinds = Counter(point.kind for point in found.score.points)
    return views.counterfactuals(view, found.facts, sorted(kinds))


def _history(view: View, found: Found) -> list[dict[str, Any]]:
    if found.facts is None:
        return []
    days = views.score_series(view, found.facts, HISTORY_DAYS)
    return [{"day": day.isoformat(), "score": value} for day, value in days if value is not None]


def _rules(view: View, held: dict[str, Any]) -> dict[str, Any]:
    """The rules in force, and those that lines of the audit name."""
    named = {row["rules"] for row in held.get("audit", ()) if row["rules"]}
    earlier = {
        version: {"since": since, "rules": rules}
        for version, (since, rules) in audit.rules_used(view.db).items()
        if version in named
    }
    return {"version": view.policy.score.version, "now": asdict(view.policy.score), "earlier": earlier}


def page(view: View, made: Export) -> str:
    """The export as one page of HTML, without script, that needs nothing else. Every value is escaped."""
    from jinja2 import Environment, StrictUndefined  # only here: takes 0.1 s
    from markupsafe import Markup

    report, found, language = made.report, made.found, view.language
    template = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True).from_string(
        _FOLDER.joinpath("export.html.j2").read_text(encoding="utf-8")
    )
    is_scored = found.facts is not None and found.score is not None and found.score.points
    return template.render(
        language=language,
        words=_texts()["words"][language],
        day=date_words(view.today, language),
        report=report,
        head=point_head(language),
        points=point_rows(found.score, view.policy.score, language) if found.score and is_scored else [],
        # The drawing escapes what it holds; SVG stands in HTML as it is.
        chart=Markup(score_chart(view, found.facts)) if found.facts is not None and is_scored else "",  # noqa: S704
        tables=[_table(key, rows, language) for key, rows in report["held"].items()],
        history=[(one["day"], one["score"]) for one in report["score_history"]],
    )


def _table(key: str, rows: list[dict[str, Any]], language: str) -> tuple[str, list[str], list[list[str]]]:
    """Title, head and cells; columns without any value, and hashes that tell nothing, are left out."""
    titles = {own: {"nl": nl, "en": en} for own, nl, en in _texts()["tables"].values()}
    shown = [
        name for name in rows[0] if not name.endswith("_hash") and any(row[name] not in (None, "") for row in rows)
    ]
    return titles.get(key, {}).get(language, key), shown, [[_cell(row[name]) for name in shown] for row in rows]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dict):
        return "; ".join(f"{name}: {one}" for name, one in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


@cache
def _texts() -> dict[str, Any]:
    return tomllib.loads(_FOLDER.joinpath("export.toml").read_text(encoding="utf-8"))
