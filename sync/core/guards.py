"""Stops before writing: a plan or a source that looks wrong ends the run with the figure and the setting that
lifts it.
"""

from __future__ import annotations

from collections.abc import Mapping

from sync.errors import PlanTooLarge, SourceChanged, SourceEmptied

FEW_RECORDS = 20  # a source smaller than this may lose any share of its records


def check_plan(contacts_touched: int, contacts_total: int, *, share: float, rows: int) -> None:
    """Nothing, or PlanTooLarge: more than `share` of all contacts would change.

    Plans that touch fewer than `rows` contacts pass; `share` 1 or more switches the check off.
    """
    if share < 1 and contacts_touched >= rows and contacts_touched > share * contacts_total:
        raise PlanTooLarge(
            f"The plan changes {contacts_touched} of {contacts_total} contacts; the most is {share:.0%}.",
            fix="Look at `warmline plan`; if it is right,"
            f" set WARMLINE_GUARDS__PLAN_SHARE ({share:g}) higher, 1 for no limit.",
        )


def check_new_tasks(waiting: int, made_today: int, most: int) -> None:
    """Nothing, or PlanTooLarge: with the `waiting` tasks more than `most` would be made on this local day."""
    if waiting and waiting + made_today > most:
        before = f", after {made_today} made today" if made_today else ""
        raise PlanTooLarge(
            f"The plan makes {waiting} new tasks{before}; the most a day is {most}. Nothing was written.",
            fix="Look at `warmline plan`; if it is right,"
            f" set WARMLINE_GUARDS__NEW_TASKS ({most}) to {waiting + made_today} or more.",
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


def check_company(source: str, known: Mapping[str, str], found: Mapping[str, str]) -> None:
    """Nothing, or SourceChanged: a source's kind, host or company is another than the mirror was filled from.

    What is not set on one of the sides is not compared.
    """
    for key in sorted(known.keys() & found.keys()):
        if known[key] != found[key]:
            raise SourceChanged(
                f"sources.{source}.{key} is {found[key]}, and the mirror was filled from {known[key]};"
                " nothing was read or written.",
                fix=f"Correct sources.{source}.{key}, or give the new one a name of its own. If it is the same company,"
                f" run once with WARMLINE_GUARDS__SOURCE_CHANGED={source}.",
            )


def check_erasures(due: int, people: int, *, share: float, rows: int) -> None:
    """Nothing, or PlanTooLarge: more than `share` of all people would be erased at once. Fewer than `rows` pass;
    `share` 1 or more switches the check off.
    """
    if share < 1 and due >= rows and due > share * people:
        raise PlanTooLarge(
            f"The retention of {due} of {people} people ended; the most erased at once is {share:.0%}."
            " Nobody was erased.",
            fix="Look at `warmline retention`; if it is right, run `warmline sync --full` once with"
            f" WARMLINE_GUARDS__ERASE_SHARE ({share:g}) higher, 1 for no limit.",
        )


def check_creates(waiting: int, confirmed: int | None) -> None:
    """Creating contacts is confirmed by number. Raises PlanTooLarge when more would be made than was confirmed."""
    if confirmed is not None and waiting > confirmed:
        raise PlanTooLarge(
            f"The plan creates {waiting} contacts, {confirmed} were confirmed; nothing was written.",
            fix=f"Look at `warmline plan`, then run `warmline sync --confirm-create {waiting}`.",
        )
