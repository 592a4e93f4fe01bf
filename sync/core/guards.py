"""Stops before writing: a plan or a source that looks wrong ends the run with the figure and the setting that
lifts it.
"""

from __future__ import annotations

from sync.errors import PlanTooLarge, SourceEmptied

FEW_RECORDS = 20  # a source smaller than this may lose any share of its records


def check_plan(
    contacts_touched: int, contacts_total: int, new_tasks: int, *, share: float, rows: int, most_tasks: int
) -> None:
    """Nothing, or PlanTooLarge: more than `share` of all contacts would change, or more than `most_tasks`
    tasks be made.

    Plans that touch fewer than `rows` contacts pass; `share` 1 or more switches the first check off. Tasks
    are always counted.
    """
    if share < 1 and contacts_touched >= rows and contacts_touched > share * contacts_total:
        raise PlanTooLarge(
            f"The plan changes {contacts_touched} of {contacts_total} contacts; the most is {share:.0%}.",
            fix="Look at `warmline plan`; if it is right,"
            f" set WARMLINE_GUARDS__PLAN_SHARE ({share:g}) higher, 1 for no limit.",
        )
    if new_tasks > most_tasks:
        raise PlanTooLarge(
            f"The plan makes {new_tasks} new tasks; the most is {most_tasks}.",
            fix="Look at `warmline plan`; if it is right,"
            f" set WARMLINE_GUARDS__NEW_TASKS ({most_tasks}) to {new_tasks} or more.",
        )


def check_source(stream: str, live: int, seen: int, share: float) -> None:
    """Nothing, or SourceEmptied: a full listing of `stream` showed less than `share` of the `live` records
    the mirror holds.

    Fewer than 20 live records pass; `share` 0 switches the check off. Nothing is marked deleted when it
    stops.
    """
    if live >= FEW_RECORDS and seen < share * live:
        raise SourceEmptied(
            f"{stream} shows {seen} of the {live} records the mirror holds; at least {share:.0%} is expected."
            " Nothing was deleted.",
            fix="Check the source; if it is right,"
            f" run once with WARMLINE_GUARDS__SOURCE_SHARE ({share:g}) lower, 0 for no limit.",
        )
