"""From touch to application to hire."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from sync.core.channels import Channel, Journey, Reach, channels
from sync.core.disclosure import Hidden
from sync.core.spans import Times


def journey(person: str, origin: str, touched: int | None, applied: int | None, hired: int | None = None) -> Journey:
    """Days of November on which it happened; None: it did not."""
    days = [date(2026, 11, day) if day else None for day in (touched, applied, hired)]
    kinds = ("form", "mail_click") if touched else ("", "")
    return Journey(person, origin, *kinds, days[0], days[1], hired is not None, days[2])


WORLD = (
    journey("anna", "Indeed", 1, 3, 20),
    journey("bram", "Indeed", 1, 5),
    journey("cor", "Indeed", 2, 2),
    journey("dora", "Indeed", 4, 10),
    journey("evi", "Indeed", 1, 11),
    journey("fay", "Indeed", None, 12),  # nothing was seen before
    journey("gea", "Indeed", 7, None),  # never applied
    journey("han", "site", 1, 2, 9),
)


def by_origin(one: Journey) -> str:
    return one.origin


def test_a_world_counted_by_hand() -> None:
    found = channels(WORLD[:7], by_origin)

    expected = Reach(people=7, touched=6, applied=6, hired=1, to_applied=Times(5, 4, 10), to_hired=Times(1))
    assert found.total == expected
    assert found.rows == (Channel("Indeed", expected),)


def test_a_channel_of_one_person_is_hidden_with_the_one_that_would_give_it_away() -> None:
    found = channels(WORLD, by_origin)

    assert found.rows == (Channel("Indeed", None, Hidden.REST), Channel("site", None, Hidden.UNDER))
    assert found.total is not None
    assert found.total.people == 8


def test_fewer_than_five_people_make_no_total() -> None:
    found = channels(WORLD[:4], lambda one: one.last_kind)

    assert (found.total, found.rows) == (None, (Channel("mail_click", None, Hidden.UNDER),))


DAY = st.none() | st.integers(1, 28)
JOURNEYS = st.lists(
    st.builds(
        lambda place, origin, one, two: (place, origin, one, two), st.integers(0, 30), st.sampled_from("abcd"), DAY, DAY
    ),
    max_size=30,
    unique_by=lambda one: one[0],
)


@given(JOURNEYS, st.randoms())
def test_counts_add_up_whatever_the_order(rows: list[tuple[int, str, int | None, int | None]], random: object) -> None:
    journeys = [journey(str(place), origin, touched, applied) for place, origin, touched, applied in rows]
    found = channels(journeys, by_origin)
    random.shuffle(journeys)  # type: ignore[attr-defined]

    shown = [one.reach for one in found.rows if one.reach]
    assert channels(journeys, by_origin) == found
    assert all(one.people >= 5 and one.hired <= one.applied <= one.people for one in shown)
    if found.total and len(shown) == len(found.rows):
        assert found.total.applied == sum(one.applied for one in shown)
