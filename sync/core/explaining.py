"""A score in words for who asks: what each touch day is worth and why, what changed since yesterday, and what the score
would be without a kind. In the team's language, with dates.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sync.core.model import Point, Score, person_ref
from sync.core.policy import ScorePolicy
from sync.core.rules_change import RulesChange
from sync.core.wording import band_word, kind_word, point_words

_TOO_SMALL = 0.0005  # points below this are told as 0


@dataclass(frozen=True, slots=True)
class _Words:
    head: tuple[str, str, str, str, str]
    age: str
    cap: str
    total: str
    since: str
    same: str
    extra: str
    lost: str
    fading: str
    without: str
    rules: str
    moves: str
    none: str
    comma: str


_NL = _Words(
    head=("aanraking", "gewicht", "demping", "plafond", "punten"),
    age="× {decay} ({age} d oud, halveert per {half_life} d)",
    cap="× {share} (hoogstens {cap})",
    total="samen {raw} punten → score {score}, {band}",
    since="sinds gisteren {before} → {after}: {parts}",
    same="niets veranderd",
    extra="erbij {what} +{points}",
    lost="weg {what} −{points}",
    fading="demping en plafond {points}",
    without="zonder {what}: {score}",
    rules="andere regels: {people} mensen opnieuw gescoord, {moved} kregen een andere score",
    moves="grootste verschillen: {moves}",
    none="geen",
    comma=",",
)
_EN = _Words(
    head=("touch", "weight", "damping", "cap", "points"),
    age="× {decay} ({age} d old, halves every {half_life} d)",
    cap="× {share} (at most {cap})",
    total="together {raw} points → score {score}, {band}",
    since="since yesterday {before} → {after}: {parts}",
    same="nothing changed",
    extra="new {what} +{points}",
    lost="gone {what} −{points}",
    fading="damping and cap {points}",
    without="without {what}: {score}",
    rules="other rules: {people} people scored anew, {moved} have another score",
    moves="largest moves: {moves}",
    none="none",
    comma=".",
)


def head(language: str) -> tuple[str, ...]:
    """The heading of `point_rows`."""
    return _words(language).head


def point_rows(score: Score, policy: ScorePolicy, language: str) -> list[tuple[str, str, str, str, str]]:
    """A row for each point: what and when, its weight, what its age leaves of it, what the kind's cap leaves of that,
    and the points it gives. A cap that takes nothing shows as nothing.
    """
    words = _words(language)
    return [_row(point, policy, words, language) for point in score.points]


def _row(point: Point, policy: ScorePolicy, words: _Words, language: str) -> tuple[str, str, str, str, str]:
    kind = policy.kinds[point.kind]
    decay = 2.0 ** (-point.age_days / kind.half_life_days)
    share = point.points / (point.weight * decay) if point.weight and decay else 1.0
    times = f" ({point.count}×)" if point.count > 1 else ""
    half_life = f"{kind.half_life_days:g}"
    cap = words.cap.format(share=_number(share, words), cap=f"{kind.cap:g}") if share < 1 - 1e-9 else ""
    return (
        point_words(point, language) + times,
        f"{point.weight:g}".replace(".", words.comma),
        words.age.format(decay=_number(decay, words), age=point.age_days, half_life=half_life),
        cap.replace(".", words.comma),
        _number(point.points, words),
    )


def total_line(score: Score, language: str) -> str:
    """The points in sum, the score and its band."""
    words = _words(language)
    value = "-" if score.value is None else score.value
    return words.total.format(raw=_number(score.raw, words), score=value, band=band_word(score.band, language))


def since_line(before: Score, after: Score, language: str) -> str:
    """What changed between two scores of a person: touch days that came or went, and what damping took of the rest."""
    words = _words(language)
    old = {(one.kind, one.day): one for one in before.points}
    new = {(one.kind, one.day): one for one in after.points}
    extra = [one for key, one in new.items() if key not in old]
    lost = [one for key, one in old.items() if key not in new]
    faded = sum(one.points - old[key].points for key, one in new.items() if key in old)
    parts = [words.extra.format(what=point_words(one, language), points=_number(one.points, words)) for one in extra]
    parts += [words.lost.format(what=point_words(one, language), points=_number(one.points, words)) for one in lost]
    if abs(faded) >= _TOO_SMALL:
        sign = "−" if faded < 0 else "+"
        parts.append(words.fading.format(points=sign + _number(abs(faded), words)))
    shown = ["-" if one.value is None else str(one.value) for one in (before, after)]
    return words.since.format(before=shown[0], after=shown[1], parts="; ".join(parts) or words.same)


def without_line(values: Mapping[str, int | None], language: str) -> str:
    """The score had there been no touch of a kind, for each kind: 'zonder open dag: 45'."""
    words = _words(language)
    return "; ".join(
        words.without.format(what=kind_word(kind, language), score=value or 0) for kind, value in values.items()
    )


def rules_change_lines(change: RulesChange, language: str) -> Iterator[str]:
    """What other rules did to the scores: how many people, by band before and after, and who moves most."""
    words = _words(language)
    yield words.rules.format(people=change.people, moved=change.moved)
    for (left, entered), number in sorted(change.bands.items(), key=lambda one: -one[1]):
        if left is not entered:
            yield f"  {band_word(left, language)} → {band_word(entered, language)}: {number}"
    moves = [
        f"{person_ref(one.person_id)} {'-' if one.before is None else one.before} → "
        f"{'-' if one.after is None else one.after}"
        for one in change.largest
    ]
    yield "  " + words.moves.format(moves=", ".join(moves) or words.none)


def _words(language: str) -> _Words:
    return _EN if language == "en" else _NL


def _number(value: float, words: _Words) -> str:
    return f"{value:.3f}".replace(".", words.comma)
