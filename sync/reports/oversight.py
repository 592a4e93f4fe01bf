"""What who oversees the scores looks at: bands that moved, and the lines of the audit."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from sync.core.drift import Drift, DriftPolicy, drifts
from sync.store import audit, reads
from sync.store.db import Mirror


def drift_now(db: Mirror, policy: DriftPolicy, today: date) -> list[Drift]:
    """The bands that moved since the newest day kept that lies `policy.days` back; none where none is kept, or where it
    lies more than twice as far back."""
    kept = audit.bands_on_or_before(db, today - timedelta(days=policy.days))
    if kept is None or (today - kept[0]).days > 2 * policy.days:
        return []
    since, before = kept
    return drifts(before, reads.scores_by_band(db), policy, since)


def audit_report(db: Mirror, since: datetime) -> dict[str, Any]:
    """`report audit --json`: the lines from a moment on and the rules they name. Whose they are is not in it."""
    rules = audit.rules_used(db)
    return {
        "lines": [asdict(line) for line in audit.lines_since(db, since)],
        "rules": [{"version": version, "since": at, "rules": own} for version, (at, own) in rules.items()],
    }
