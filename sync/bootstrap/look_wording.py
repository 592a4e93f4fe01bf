"""What doctor says of the texts of tasks: every template, warmline's and the team's, in both languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from config.wording import built_in, variables
from sync.bootstrap.app import App
from sync.core.wording_check import Flaw, flaws, remarks
from sync.doctor import FIX, OK, WARNING, Finding

LISTED = 10


def wording_findings(app: App) -> Iterator[Finding]:
    """Templates that cannot be used, own ones that go against the rules of the texts, else how many there are."""
    own = app.settings.wording.all.own
    broken = _told(
        {key: flaws(text, variables()[key.rpartition("/")[2]]) for key, text in {**built_in(), **own}.items()}
    )
    if broken:
        yield Finding("wording", FIX, "; ".join(broken[:LISTED]), "Correct these templates: see docs/wording.md.")
        return
    against = _told({key: remarks(text) for key, text in own.items()})
    if against:
        fix = "Rewrite these lines: the rules of the texts stand in docs/wording.md."
        yield Finding("wording", WARNING, "; ".join(against[:LISTED]), fix)
    else:
        yield Finding("wording", OK, f"{len(built_in())} templates in 2 languages, {len(own)} of your own")


def _told(found: Mapping[str, list[Flaw]]) -> list[str]:
    return [f"{key}.txt line {flaw.line}: {flaw.problem}" for key, those in sorted(found.items()) for flaw in those]
