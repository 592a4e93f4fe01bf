"""Templates of task texts: warmline's own, and those a team puts in their place. Read here, filled in the core."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path

from pydantic import PrivateAttr

from config.sections import Section
from sync.core.wording_check import Variable, flaws
from sync.core.wording_templates import Templates
from sync.errors import Problem

BUILT_IN = Path(__file__).with_name("templates")
SUFFIX = ".txt"
SETTING = "wording.templates"

_COPY = f"Correct it, or delete the file: warmline's own stands in {BUILT_IN}."
_NAMES = f"Give it the name of one in {BUILT_IN}."


class Wording(Section):
    """What tasks say. `templates`: the folder of a team's own; read once, with the settings, so that what is used is
    what was checked."""

    templates: Path | None = None
    _own: dict[str, str] = PrivateAttr(default_factory=dict)

    def model_post_init(self, _: object) -> None:
        """Reads what can be read; `template_problems` says what cannot."""
        if self.templates is not None:
            with suppress(OSError, UnicodeDecodeError):
                self._own.update(_read(self.templates))

    @property
    def all(self) -> Templates:
        """Warmline's templates, and the team's in their place."""
        return Templates(built_in(), self._own)


@cache
def built_in() -> Mapping[str, str]:
    """Warmline's own templates by '<language>/<name>'."""
    return _read(BUILT_IN)


@cache
def variables() -> Mapping[str, Mapping[str, Variable]]:
    """What each template may use, by its name and the variable's; 'task' holds what all about one person share."""
    table = tomllib.loads((BUILT_IN / "variables.toml").read_text(encoding="utf-8"))
    alone = table.pop("without_person")
    own = {name: {key: Variable(**one) for key, one in known.items()} for name, known in table.items()}
    return {name: known if name in alone else own["task"] | known for name, known in own.items()}


def template_problems(folder: Path | None) -> list[Problem]:
    """Every reason not to write with a team's own templates, by file and line. None is set → []."""
    if folder is None:
        return []
    if not folder.is_dir():
        return [Problem(SETTING, f"{folder} is no folder.", "Make it, or unset the key.")]
    return [problem for path in _files(folder) for problem in _problems_of(path)]


def _problems_of(path: Path) -> Iterator[Problem]:
    name = f"{path.parent.name}/{path.stem}"
    if name not in built_in():
        near = difflib.get_close_matches(name, list(built_in()), n=1)
        fix = f"Did you mean {near[0]}{SUFFIX}?" if near else _NAMES
        yield Problem(str(path), "no text is made with a template of this name.", fix)
        return
    try:
        source = _text(path)
    except (OSError, UnicodeDecodeError):
        yield Problem(str(path), "cannot be read as UTF-8 text.", "Save it as UTF-8, readable by warmline.")
        return
    for flaw in flaws(source, variables()[path.stem]):
        yield Problem(f"{path}:{flaw.line}" if flaw.line else str(path), _sentence(flaw.problem), _COPY)


def _sentence(text: str) -> str:
    return text if text.endswith("?") else f"{text}."


def _read(folder: Path) -> dict[str, str]:
    return {f"{path.parent.name}/{path.stem}": _text(path) for path in _files(folder)}


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"*/*{SUFFIX}"))


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8-sig")
