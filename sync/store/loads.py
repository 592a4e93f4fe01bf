"""How full the recruiters' desks are."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import date

from sync.core.facts import Load
from sync.store.db import Mirror
from sync.store.sql import query


def load_loads(
    db: Mirror, since: date, *, planned_anew: Collection[int] = (), free: Collection[str] = ()
) -> dict[str, Load]:
    """How many of warmline's tasks each owner has: planned or sent from the local day `since` on, and open.

    Planned tasks count as open. `planned_anew`: people whose planned, unsent tasks do not count, because they
    are decided again. `free`: plays whose tasks are apart, since no cap holds them.
    """
    params = {"since": since.isoformat(), "anew": json.dumps(list(planned_anew)), "free": json.dumps(list(free))}
    rows = db.rows(query("loads"), params)
    return {owner_id: Load(new_today=new_today, open=is_open) for owner_id, new_today, is_open in rows}
