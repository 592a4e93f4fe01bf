"""What a page of the site is: the vacancy the ATS gave that address, else what the lists of addresses say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from sync.core.touches import APPLICATION_STARTED, PAGE_ONLY, VACANCY_VISIT
from sync.stages.run import Run
from sync.store import engagement


class PageKind(Protocol):
    """The part of `mappings.touch_kinds.PageKind` stages use."""

    @property
    def kind(self) -> str: ...

    @property
    def job(self) -> str: ...


@dataclass(slots=True)
class SitePages:
    """Kinds of pages. `by_list`: what the lists say of a page; `cut`: an address to a page; `plain`: a page as it is
    compared. The vacancies' addresses are read once a run."""

    by_list: Callable[[str], PageKind]
    cut: Callable[[object], str | None]
    plain: Callable[[str], str]
    _run_id: str = ""
    _vacancies: dict[str, tuple[str, str]] = field(default_factory=dict)
    _named: dict[str, str] = field(default_factory=dict)

    def kind_of(self, run: Run, page: str | None) -> tuple[str, str]:
        """Kind and vacancy of a page; ("", "") for one nobody named. A vacancy the ATS does not know by this name is
        `page:` and the name."""
        if not page:
            return "", ""
        if self._run_id != run.run_id:
            self._run_id, self._vacancies = run.run_id, self._addresses(run)
            self._named = self._names()
        known = self._vacancies.get(self.plain(page))
        if known:
            return known
        listed = self.by_list(page)
        if not listed.job:
            return listed.kind, ""
        return listed.kind, self._named.get(listed.job) or PAGE_ONLY + listed.job

    def _addresses(self, run: Run) -> dict[str, tuple[str, str]]:
        """Pages of vacancies and of applying; a page that is both is the vacancy's."""
        found: dict[str, tuple[str, str]] = {}
        for job_id, post_url, apply_url in engagement.job_addresses(run.db):
            for kind, url in ((APPLICATION_STARTED, apply_url), (VACANCY_VISIT, post_url)):
                page = self.cut(url)
                if page:
                    found[self.plain(page)] = (kind, job_id)
        return found

    def _names(self) -> dict[str, str]:
        """Vacancies by what the lists take for their name in an address, where only one goes by it."""
        found: dict[str, set[str]] = {}
        for page, (_, job_id) in self._vacancies.items():
            found.setdefault(self.by_list(page).job, set()).add(job_id)
        return {name: min(ids) for name, ids in found.items() if name and len(ids) == 1}
