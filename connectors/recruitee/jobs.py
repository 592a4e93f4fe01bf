"""Pages of jobs: offers with the stages of their pipelines. Stages stand in the single offer only, one request each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from connectors.protocols import Page, Window
from connectors.recruitee.api import Api, Refused
from connectors.recruitee.directory import OFFERS, Directory, sort_key
from connectors.recruitee.options import RecruiteeOptions
from connectors.recruitee.records import cut_job, stages_of
from connectors.recruitee.streams import JOBS
from connectors.rows import Row, id_of, moment_of
from connectors.sweeps import is_sweep_due

OFFERS_A_PAGE = 25  # details are read one by one: a page is what an interrupted read does over


class JobReader:
    """Reads offers by ascending id; a token is the last id given."""

    def __init__(self, api: Api, directory: Directory, options: RecruiteeOptions) -> None:
        self._api = api
        self._directory = directory
        self._options = options

    def fetch_pages(self, window: Window, token: str | None) -> Iterator[Page]:
        """Whole at first and in sweeps, otherwise the offers changed since the window's start (none: two requests)."""
        offers, rejected = self._directory.fetch_offers()
        is_sweep = is_sweep_due(window, self._options.lag_minutes, self._options.sweep_hour_utc)
        if not is_sweep:
            offers = [offer for offer in offers if _may_have_changed(offer, window)]
        left = [offer for offer in offers if token is None or sort_key(_id(offer)) > sort_key(token)]
        begins = is_sweep and token is None
        while True:
            some, left = left[:OFFERS_A_PAGE], left[OFFERS_A_PAGE:]
            yield Page(
                self._records(some, window),
                _id(some[-1]) if left else None,
                rejected=() if left else rejected,
                snapshot_begin=begins,
                snapshot_end=is_sweep and not left and not rejected,
            )
            begins = False
            if not left:
                return

    def _records(self, offers: Sequence[Row], window: Window) -> list[Row]:
        fields = self._options.fields
        joined = (self._joined(offer, window) for offer in offers)
        return [cut_job(offer, fields[JOBS], fields["stages"]) for offer in joined]

    def _joined(self, offer: Row, window: Window) -> Row:
        offer = {**offer, "recruiter.email": self._directory.email_of(offer.get("recruiter_id"))}
        # an archived vacancy keeps the stages it had when it was first read
        if stages_of(offer) is not None or (window.since is not None and offer.get("status") == "archived"):
            return offer
        return {**offer, "pipeline_template": self._pipeline(_id(offer))}

    def _pipeline(self, offer_id: str) -> object:
        """The pipeline of an offer; None when it was deleted since the listing."""
        try:
            detail = self._api.get(f"{OFFERS}/{offer_id}").get("offer")
        except Refused as refused:
            if refused.status != 404:
                raise
            return None
        return detail.get("pipeline_template") if isinstance(detail, dict) else None


def _id(offer: Row) -> str:
    return id_of(offer["id"]) or ""


def _may_have_changed(offer: Row, window: Window) -> bool:
    changed_at = moment_of(offer.get("updated_at"))
    return window.since is None or changed_at is None or changed_at >= window.since
