"""Precision and recall of linking invented Dutch candidates and contacts of known true pairs, beside plain joins:
`python -m benchmarks.identity`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from benchmarks.identity_world import World, world
from sync.core.identity import Matches, Rulings, email_keys, match, phone_keys, profile
from sync.core.model import RecordRef

SEEDS = (1, 2, 3)
AUTOMATIC, WITH_REVIEW, PRECISION = 0.78, 0.84, 0.998


@dataclass(frozen=True, slots=True)
class Figures:
    """What matching made of a world."""

    links: int
    false_links: int
    recall: float
    recall_with_review: float
    reviews: int
    true_reviews: int

    @property
    def precision(self) -> float:
        """The share of the links that is right."""
        return 1 - self.false_links / self.links


def joined(made: World, *, phones: bool) -> tuple[float, float]:
    """Precision and recall of plain joins, to see how hard the world is: on addresses, or on addresses and numbers."""
    of: dict[str, list[RecordRef]] = defaultdict(list)
    for one in made.contacts:
        for key in email_keys(one) | (phone_keys(one) if phones else frozenset()):
            of[key].append(one.ref)
    pairs = {
        (one.ref, ref)
        for one in made.candidates
        for key in email_keys(one) | (phone_keys(one) if phones else frozenset())
        for ref in of.get(key, ())
    }
    right = len(pairs & made.truth)
    return right / len(pairs), right / len(made.truth)


def linked(made: World) -> Matches:
    """The links and reviews of a world nobody ruled in."""
    return match([profile(one) for one in made.candidates], [profile(one) for one in made.contacts], Rulings())


def measure(made: World, found: Matches) -> Figures:
    """Precision and recall of the links, and recall when a person rules every review rightly."""
    links = {(one.candidate, one.contact) for one in found.links}
    reviews = {(one.candidate, one.contact) for one in found.reviews}
    right, seen = len(links & made.truth), len((links | reviews) & made.truth)
    total = len(made.truth)
    return Figures(len(links), len(links) - right, right / total, seen / total, len(reviews), len(reviews & made.truth))


def main() -> None:
    """Print the figures of each seed, and whether they reach the bar of docs/decisions/0023."""
    print(f"{'seed':>4}{'candidates':>12}{'contacts':>10}{'true':>7}{'links':>7}{'false':>7}{'precision':>11}"
          f"{'recall':>8}{'+review':>9}{'reviews':>9}{'true':>6}")  # fmt: skip
    reached = True
    for seed in SEEDS:
        made = world(seed)
        found = linked(made)
        one = measure(made, found)
        print(f"{seed:>4}{len(made.candidates):>12}{len(made.contacts):>10}{len(made.truth):>7}{one.links:>7}"
              f"{one.false_links:>7}{one.precision:>11.4f}{one.recall:>8.3f}{one.recall_with_review:>9.3f}"
              f"{one.reviews:>9}{one.true_reviews:>6}")  # fmt: skip
        wrong = Counter(link.rule for link in found.links if (link.candidate, link.contact) not in made.truth)
        print("     ", dict(Counter(link.rule for link in found.links)), "wrong:", dict(wrong))
        for name, phones in (("e-mail alone", False), ("e-mail or phone", True)):
            print("      {}: precision {:.3f}, recall {:.3f}".format(name, *joined(made, phones=phones)))
        reached &= one.precision >= PRECISION and one.recall >= AUTOMATIC and one.recall_with_review >= WITH_REVIEW
    print(
        f"to reach: precision {PRECISION}, recall {AUTOMATIC}, with review {WITH_REVIEW}: {'yes' if reached else 'NO'}"
    )


if __name__ == "__main__":
    main()
