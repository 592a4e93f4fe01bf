"""Which records become one person, given the links between them, and whose person that is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sync.core.identity import Link
from sync.core.identity_rules import EMAIL_FIRST_NAME, EMAIL_SURNAME, PHONE_NAME, RULING, STORED_ID
from sync.core.model import RecordRef

_ORDER = {rule: at for at, rule in enumerate((STORED_ID, EMAIL_FIRST_NAME, EMAIL_SURNAME, PHONE_NAME, RULING))}

Joined = tuple[RecordRef, Link]


def join(links: Sequence[Link], own: Iterable[RecordRef]) -> dict[RecordRef, Joined]:
    """Every linked record → the candidate whose person it belongs to, and the link that says so best.

    Records that hang together by links, directly or through others, are one person: that of the first candidate that
    has one of its own (`own`), else of the first candidate. The best link is one with that candidate, then the one on
    the best rule.
    """
    having = frozenset(own)
    heads = _heads(links)
    owners: dict[RecordRef, RecordRef] = {}
    for link in links:
        head, one = heads[link.candidate], link.candidate
        owners[head] = min(owners.get(head, one), one, key=lambda ref: (ref not in having, ref))
    best: dict[RecordRef, tuple[tuple[bool, int, RecordRef, RecordRef], Link]] = {}
    for link in links:
        owner = owners[heads[link.candidate]]
        rank = (link.candidate != owner, _ORDER[link.rule], link.candidate, link.contact)
        for ref in (link.candidate, link.contact):
            if ref not in best or rank < best[ref][0]:
                best[ref] = rank, link
    return {ref: (owners[heads[ref]], link) for ref, (_, link) in best.items()}


def _heads(links: Sequence[Link]) -> Mapping[RecordRef, RecordRef]:
    """A record of its group for each linked record, the same for the whole group."""
    above: dict[RecordRef, RecordRef] = {}

    def head(ref: RecordRef) -> RecordRef:
        while (higher := above.setdefault(ref, ref)) != ref:
            ref = higher
        return ref

    for link in links:
        above[head(link.contact)] = head(link.candidate)
    return {ref: head(ref) for ref in above}
