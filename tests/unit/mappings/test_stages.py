"""What stages mean, by the words all ATSs share and by a user's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from mappings.stages import by_own_words, own_words, stage_kind
from sync.core.model import Job, JobStage
from sync.errors import ConfigError


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Nieuw", "applied"),
        ("Sollicitatie ontvangen", "applied"),
        ("Sollicitatiegesprek", "interview"),
        ("Telefonisch interview", "screening"),
        ("Intakegesprek", "screening"),
        ("Voorgesteld bij klant", "screening"),
        ("Tweede gesprek", "interview"),
        ("Proefdag", "interview"),
        ("Arbeidsvoorwaardengesprek", "offer"),
        ("Contract getekend", "hired"),
        ("Geplaatst", "hired"),
        ("Application received", "applied"),
        ("Phone screen", "screening"),
        ("Hiring manager interview", "interview"),
        ("Face to Face", "interview"),
        ("Offer extended", "offer"),
        ("Placed", "hired"),
        ("Wachtkamer", "other"),
        ("", "other"),
        (None, "other"),
    ],
)
def test_a_stage_is_known_by_its_name_in_dutch_and_english(name: str | None, kind: str) -> None:
    assert stage_kind(name) == kind


def test_the_first_text_that_says_something_decides() -> None:
    assert stage_kind("Hired", "Gesprek") == "hired"
    assert stage_kind("In process", "Gesprek") == "interview"


def test_a_users_own_words_come_first_and_leave_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text('[words.stage_kind]\ninterview = ["wachtkamer"]\nscreening = ["Nieuw"]\n', encoding="utf-8")
    names = {"1": ("Wachtkamer", "other"), "2": ("Nieuw!", "applied"), "3": ("Aanbod", "offer")}
    job = Job("7", stages=tuple(JobStage(key, "7", name=name, kind=kind) for key, (name, kind) in names.items()))

    found = by_own_words(job, own_words(path))

    assert [stage.kind for stage in found.stages] == ["interview", "screening", "offer"]


@pytest.mark.parametrize(
    "text",
    [
        '[words.stage_kind]\nmeeting = ["wachtkamer"]\n',
        '[words.stage_kind]\ninterview = "wachtkamer"\n',
        '[words.stage_kind]\ninterview = [""]\n',
        "[words]\nstage_kind = 3\n",
        '[candidates]\nfirst_name = ["naam"]\n',
        '[words.job_status]\nopen = ["online"]\n',
    ],
)
def test_a_file_with_something_else_in_it_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(ConfigError):
        own_words(path)


def test_a_kind_that_reads_the_file_itself_may_have_more_in_it(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text('[candidates]\nx = 1\n[words.stage_kind]\nhired = ["Start"]\n', encoding="utf-8")

    assert own_words(path, alone=False) == {"hired": ["start"]}
