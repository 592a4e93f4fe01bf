"""The month in figures."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from statistics import median

from benchmarks.month.life import Month

SHOWN = 25  # of what did not hold


def summary(month: Month) -> str:
    """Tasks by play, refusals by cause, promises, speed, requests, and what did not hold."""
    watch = month.watch
    tasks = Counter(f"{one.play}{' (grouped)' if one.type == 'TODO' else ''}" for one in watch.made.values())
    wishes = {*watch.granted, *watch.refused}
    never = wishes - watch.granted
    causes = Counter(cause for wish in never for cause in watch.refused[wish])
    waits = sorted(one for found in month.waits.values() for one in found)
    reads, writes = (sum(of_run) for of_run in zip(*month.requests, strict=True))
    lines = [
        f"runs       {month.runs}, {month.quiet_runs} of them without news, in {month.took_s:.0f} s",
        f"requests   {reads:,} reads, {writes:,} writes; median a run {_middle(month.requests)}",
        f"tasks      {_counts(tasks)}",
        f"wishes     {len(wishes)} = {len(watch.granted)} granted + {len(never)} refused",
        f"refused    {_counts(causes)}",
        f"promises   {_counts(month.promises)}",
        f"speed      {len(waits)} tasks by the next run, median {_hours(waits)}; {month.queued} by a date or a cap",
    ]
    lines += [f"  {play:<24}{len(found):>5}  {_hours(sorted(found))}" for play, found in sorted(month.waits.items())]
    kinds = Counter(_kind(one) for one in watch.broken)
    lines.append(f"broken     {len(watch.broken)}")
    lines += [f"  {count:>5}  {kind}" for kind, count in kinds.most_common()]
    return "\n".join([*lines, *(f"  {one}" for one in watch.broken[:SHOWN])])


def _counts(found: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in found.most_common()) + f"; together {found.total()}"


def _hours(found: list[timedelta]) -> str:
    return f"{median(one.total_seconds() for one in found) / 3600:.1f} h" if found else "-"


def _middle(requests: list[tuple[int, int]]) -> str:
    return " + ".join(f"{median(one[place] for one in requests):.0f}" for place in (0, 1))


def _kind(broken: str) -> str:
    """Without ids and moments."""
    words = broken.split()[4:]
    return " ".join("#" if any(char.isdigit() for char in word) else word for word in words)
