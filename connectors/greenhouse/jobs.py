"""Jobs, with what Greenhouse keeps apart from them: the stages of the interview plan, the recruiter, the public
post."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from connectors.greenhouse.api import Api, key_of, optional_rows
from connectors.greenhouse.directory import Directory
from connectors.rows import Row, cut

JOB_ID = "job_id"


class JobJoins:
    """Joins a page of jobs; a request for each 50 of them and each list."""

    def __init__(self, api: Api, directory: Directory, stage_fields: Sequence[str]) -> None:
        self._api, self._directory, self._stage_fields = api, directory, stage_fields

    def of(self, rows: Sequence[Row]) -> list[Row]:
        """The jobs with `stages`, `recruiter.email` and `post.url`. Templates are no vacancies and left out."""
        jobs = [row for row in rows if row.get("is_template") is not True]
        ids = [str(row["id"]) for row in jobs]
        stages = _by_job(self._api.rows_of("/job_interview_stages", "job_ids", ids))
        posts = _by_job(optional_rows(self._api.rows_of("/job_posts", "job_ids", ids)))
        recruiters = self._recruiters(ids)
        return [
            {
                **row,
                "stages": self._plan(stages.get(str(row["id"]), ())),
                "recruiter.email": self._directory.address_of(recruiters.get(str(row["id"]), "")),
                "post.url": _address(posts.get(str(row["id"]), ())),
            }
            for row in jobs
        ]

    def _plan(self, stages: Iterable[Row]) -> list[Row]:
        """Stages in order, retired ones behind the others: applications of old still name them."""
        ordered = sorted(stages, key=lambda row: (row.get("active") is False, _whole(row.get("sort_order"))))
        return [cut(row, self._stage_fields) for row in ordered]

    def _recruiters(self, job_ids: Sequence[str]) -> Mapping[str, str]:
        """User id by job: the responsible recruiter, else another one, else that of the job's newest application."""
        owners = optional_rows(self._api.rows_of("/job_owners", "job_ids", job_ids))
        recruiters = [row for row in owners if row.get("type") == "recruiter"]
        recruiters.sort(key=lambda row: row.get("responsible") is not True)
        found: dict[str, str] = {}
        for row in recruiters:
            found.setdefault(key_of(row, JOB_ID), key_of(row, "user_id"))
        for row in self._newest_applications([one for one in job_ids if one not in found]):
            if recruiter := key_of(row, "recruiter_id"):
                found.setdefault(key_of(row, JOB_ID), recruiter)
        return found

    def _newest_applications(self, job_ids: Sequence[str]) -> Iterable[Row]:
        """One page for each 50 jobs: ids descend, so the newest come first."""
        for start in range(0, len(job_ids), 50):
            some = ",".join(job_ids[start : start + 50])
            yield from self._api.page("/applications", [("job_ids", some)]).rows


def _by_job(rows: Iterable[Row]) -> Mapping[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[key_of(row, JOB_ID)].append(row)
    return found


def _address(posts: Iterable[Row]) -> str | None:
    """The address of the public post: a live one first, the newest first; internal ones are not public."""
    public = [row for row in posts if row.get("internal") is not True and isinstance(row.get("public_url"), str)]
    public.sort(key=lambda row: row.get("live") is not True)
    return public[0]["public_url"] if public else None


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0
