"""Reading promises: everything, windows, and rows that change while they are read."""

from __future__ import annotations

from datetime import timedelta

import pytest

from connectors.protocols import Window
from sync.errors import BadAnswer
from tests.contract.ats_harness import (
    NOUNS,
    Abilities,
    Harness,
    candidates_of,
    changes,
    everything,
    ids_of,
    three_neighbours,
    whole,
)


class WholeReads(Abilities):
    """Reading everything."""

    def test_the_streams_are_declared_as_the_capabilities_say(self, ats: Harness) -> None:
        specs = {spec.noun: spec for spec in ats.connect().streams}

        assert {noun for noun, spec in specs.items() if spec.incremental} == ats.capabilities.incremental
        assert set(NOUNS) <= specs.keys()

    def test_what_is_named_is_pulled_before_what_names_it(self, ats: Harness) -> None:
        order = [spec.noun for spec in ats.connect().streams if spec.noun in NOUNS]

        assert order == list(NOUNS)

    @pytest.mark.parametrize("noun", NOUNS)
    def test_every_row_comes(self, ats: Harness, noun: str) -> None:
        found = ids_of(everything(ats, noun))

        assert set(found) == ats.ids(noun)

    @pytest.mark.parametrize("noun", NOUNS)
    def test_rows_that_rest_come_once(self, ats: Harness, noun: str) -> None:
        found = ids_of(everything(ats, noun))

        assert len(found) == len(set(found))

    @pytest.mark.parametrize("noun", NOUNS)
    def test_a_whole_read_is_a_snapshot_from_its_first_page_to_its_last(self, ats: Harness, noun: str) -> None:
        pages = everything(ats, noun)

        assert [page.snapshot_begin for page in pages] == [True] + [False] * (len(pages) - 1)
        assert [page.snapshot_end for page in pages] == [False] * (len(pages) - 1) + [True]

    @pytest.mark.parametrize("noun", NOUNS)
    def test_only_the_last_page_has_no_token(self, ats: Harness, noun: str) -> None:
        tokens = [page.token for page in everything(ats, noun)]

        assert [token is None for token in tokens] == [False] * (len(tokens) - 1) + [True]
        assert len(set(tokens)) == len(tokens)

    @pytest.mark.parametrize("noun", NOUNS)
    def test_every_row_maps_to_the_model(self, ats: Harness, noun: str) -> None:
        records = [record for page in everything(ats, noun) for record in page.records]

        assert {ats.mappers[noun](record).remote_id for record in records} == ats.ids(noun)

    def test_reading_twice_gives_the_same(self, ats: Harness) -> None:
        assert whole(ats) == whole(ats)

    def test_an_unknown_stream_is_a_programming_error(self, networked: Harness) -> None:
        with pytest.raises(ValueError, match="no stream"):
            list(networked.connect().fetch_pages("invoices", Window(None, networked.now), None))


class Windows(Abilities):
    """Asking for what changed."""

    @pytest.mark.parametrize("noun", ["candidates", "applications"])
    def test_a_window_shows_what_changed_in_it(self, incremental: Harness, noun: str) -> None:
        since = incremental.now
        incremental.advance(30)
        changed = {incremental.add(), *sorted(incremental.ids("candidates"))[3:5]}
        for candidate_id in changed:
            incremental.edit(candidate_id)
        incremental.advance(1)

        pages = changes(incremental, noun, since + timedelta(minutes=5))

        assert candidates_of(incremental, noun, pages) == changed

    def test_the_start_of_a_window_belongs_to_it(self, incremental: Harness) -> None:
        if not incremental.capabilities.inclusive:
            pytest.skip("the start is not inclusive, or unknown")
        incremental.advance(30)
        moment = incremental.now
        candidate_id = min(incremental.ids("candidates"))
        incremental.edit(candidate_id)
        incremental.advance(10)

        assert ids_of(changes(incremental, "candidates", moment)) == [candidate_id]

    def test_a_window_is_no_snapshot(self, incremental: Harness) -> None:
        since = incremental.now
        incremental.advance(30)
        incremental.edit(min(incremental.ids("candidates")))

        pages = changes(incremental, "candidates", since)

        assert not any(page.snapshot_begin or page.snapshot_end for page in pages)

    def test_no_news_costs_ten_requests_at_most(self, incremental: Harness) -> None:
        since = incremental.now
        incremental.advance(30)
        before = incremental.count_requests()
        source = incremental.connect()

        for spec in source.streams:
            list(source.fetch_pages(spec.noun, Window(since + timedelta(minutes=1), incremental.now), None))

        assert incremental.count_requests() - before <= 10


class ShiftingRows(Abilities):
    """Rows that change while they are read."""

    @pytest.mark.parametrize("place", [0, 40, -1])
    def test_rows_deleted_while_paging_hide_no_other(self, shifting: Harness, place: int) -> None:
        for gone in three_neighbours(shifting, place):
            shifting.between_pages(lambda gone=gone: shifting.delete(gone))

        found = set(ids_of(everything(shifting, "candidates")))

        assert shifting.ids("candidates") <= found

    def test_many_rows_deleted_at_once_hide_no_other(self, shifting: Harness) -> None:
        first_read = ids_of(everything(shifting, "candidates"))[:45]
        shifting.between_pages(lambda: [shifting.delete(gone) for gone in first_read])

        found = set(ids_of(everything(shifting, "candidates")))

        assert shifting.ids("candidates") <= found

    @pytest.mark.parametrize("count", [1, 120])
    def test_rows_added_while_paging_hide_no_other(self, shifting: Harness, count: int) -> None:
        known = shifting.ids("candidates")
        shifting.between_pages(lambda: [shifting.add() for _ in range(count)])

        found = set(ids_of(everything(shifting, "candidates")))

        assert known <= found

    @pytest.mark.parametrize("place", [0, 40, -1])
    def test_rows_edited_while_paging_are_not_hidden(self, shifting: Harness, place: int) -> None:
        for candidate_id in three_neighbours(shifting, place):
            shifting.between_pages(lambda one=candidate_id: shifting.edit(one))

        assert set(ids_of(everything(shifting, "candidates"))) == shifting.ids("candidates")

    def test_an_edit_during_a_window_is_seen_now_or_by_the_next(self, incremental: Harness) -> None:
        since = incremental.now
        incremental.advance(30)
        edited = sorted(incremental.ids("candidates"))[:150]
        for candidate_id in edited:
            incremental.edit(candidate_id)
        incremental.advance(1)
        until = incremental.now

        def edit_later() -> None:
            incremental.advance(1)
            incremental.edit(edited[100])

        incremental.between_pages(edit_later)
        source = incremental.connect()
        first = ids_of(list(source.fetch_pages("candidates", Window(since, until), None)))
        second = ids_of(changes(incremental, "candidates", until))

        assert {*first, *second} == set(edited)

    def test_pages_that_repeat_end_in_an_error(self, networked: Harness) -> None:
        networked.repeat_pages()

        with pytest.raises(BadAnswer):
            everything(networked, "candidates")

    def test_a_deletion_shows(self, ats: Harness) -> None:
        if ats.capabilities.tombstones == "none":
            pytest.skip("never shows")
        candidate_id = min(ats.ids("candidates"))
        ats.delete(candidate_id)
        pages = everything(ats, "candidates")

        assert candidate_id not in ids_of(pages) or ats.capabilities.tombstones == "poll"
        assert pages[-1].snapshot_end
