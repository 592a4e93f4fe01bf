"""Pages and code stand alone: links lead somewhere, and nothing in them points outside the project."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from docs.render import ROOT, pages
from tests.docs.pages import DOCS, anchors, prose, sources

EVERY_PAGE = pytest.mark.parametrize("path", pages(), ids=lambda path: str(path.relative_to(ROOT)))

# Everything else on a page that looks like a machine's path or a host is a mistake.
KNOWN_ROOTS = {"backup", "srv", "run", "data", "sandbox", "health", "metrics", "webhooks"}
KNOWN_HOSTS = {"api.hubapi.com", "api.recruitee.com", "api.teamtailor.com", "127.0.0.1", "warmline.example.org"}

_PATH = re.compile(r"(?<![\w.:/>`\-*])/([a-z]+)|[`\"' (]/([a-z]+)")
_COMMENT = re.compile(r"<!--.*?-->")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
# Papers of the makers that readers do not have.
_PAPERS = re.compile(r"\b(?:DESIGN|EXAMPLES|STYLE|facts/\w+|issue \d+|TODO:|FIXME)(?!\w)")
# In code the same, as it is spelled there: a constant may be called EXAMPLES, and a module facts.
_PAPERS_IN_CODE = re.compile(
    r"\bDESIGN\b|\b(?:EXAMPLES|STYLE)\.md|\bfacts/|\bfacts,? (?:section )?\d|# ?TODO\b|\bFIXME\b"
)
_PAGE_OF_OURS = re.compile(r"""(?<![\w/."'-])(?:\w[\w/-]*\.md\b|docs/decisions/\d{4})""")


@EVERY_PAGE
def test_links_between_pages_lead_somewhere(path: Path) -> None:
    broken = []
    for link in _LINK.findall(prose(path)):
        if urlsplit(link).scheme:
            continue
        name, _, anchor = link.partition("#")
        target = (path.parent / name).resolve() if name else path
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)

    assert broken == []


@EVERY_PAGE
def test_a_page_names_no_path_of_a_machine(path: Path) -> None:
    text = _COMMENT.sub("", path.read_text(encoding="utf-8"))
    found = {first or second for first, second in _PATH.findall(text)}

    assert found <= KNOWN_ROOTS


@EVERY_PAGE
def test_a_page_names_no_host_but_its_own(path: Path) -> None:
    hosts = {urlsplit(url).hostname for url in re.findall(r"https?://[\w.:-]+", path.read_text(encoding="utf-8"))}

    assert hosts <= KNOWN_HOSTS


@EVERY_PAGE
def test_a_page_speaks_of_nothing_the_reader_does_not_have(path: Path) -> None:
    assert _PAPERS.findall(path.read_text(encoding="utf-8")) == []


def test_code_speaks_of_nothing_the_reader_does_not_have() -> None:
    found = {path: _PAPERS_IN_CODE.findall(path.read_text(encoding="utf-8")) for path in sources()}

    assert {str(path.relative_to(ROOT)): papers for path, papers in found.items() if papers} == {}


def test_pages_that_code_names_exist() -> None:
    named = {path: set(_PAGE_OF_OURS.findall(path.read_text(encoding="utf-8"))) for path in sources()}

    missing = {name for names in named.values() for name in names if not _exists(name)}
    assert {str(path.relative_to(ROOT)): names & missing for path, names in named.items() if names & missing} == {}


def _exists(name: str) -> bool:
    return any(ROOT.glob(name if name.endswith(".md") else f"{name}-*.md"))


@EVERY_PAGE
def test_files_a_page_names_exist(path: Path) -> None:
    named = re.findall(r"`((?:sync|connectors|mappings|config|sandbox|tests|docs)/[\w/.-]+)`", prose(path))

    assert [name for name in named if "<" not in name and not (ROOT / name).exists()] == []


@EVERY_PAGE
def test_a_sentence_has_a_line_of_its_own(path: Path) -> None:
    lines = [line for line in prose(path).splitlines() if not line.startswith(("|", ">", "- [", "#"))]

    assert [line for line in lines if re.search(r"[a-z)`][.?] [A-Z][a-z]", line) and "**" not in line] == []


def test_decisions_are_numbered_without_gaps_and_short() -> None:
    found = sorted((DOCS / "decisions").glob("*.md"))

    assert [path.name[:4] for path in found] == [f"{number:04}" for number in range(1, len(found) + 1)]
    for path in found:
        text = path.read_text(encoding="utf-8")
        heads = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
        assert heads[0].startswith(path.name[:4])
        assert heads[1:] == ["Context", "Decision", "Consequence"], path.name
        assert len(text.splitlines()) <= 45, path.name


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        path = waiting.pop()
        if path not in reached:
            reached.add(path)
            links = [link.partition("#")[0] for link in _LINK.findall(prose(path))]
            waiting += [(path.parent / link).resolve() for link in links if link.endswith(".md")]

    assert sorted(str(path.relative_to(ROOT)) for path in set(pages()) - reached) == []
