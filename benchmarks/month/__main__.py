"""`python -m benchmarks.month [--days 30] [--people 2000] [--recruiters 6] [--seed 7]`: live a month, and print its
figures and what did not hold. Ends with 1 when something did not."""

from __future__ import annotations

import argparse
import sys

from benchmarks.month.life import live
from benchmarks.month.summary import summary


def main() -> int:
    """The month of the arguments."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.month", description="A month of a team on the sandbox.")
    for name, usual in (("days", 30), ("people", 2_000), ("recruiters", 6), ("seed", 7)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    asked = parser.parse_args()
    month = live(asked.days, asked.people, asked.recruiters, seed=asked.seed)
    print(f"{asked.days} days, {asked.people:,} people, {asked.recruiters} recruiters, seed {asked.seed}")
    print(summary(month))
    return 1 if month.watch.broken else 0


if __name__ == "__main__":
    sys.exit(main())
