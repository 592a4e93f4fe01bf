"""Task texts made from templates: a sandbox, and room for 1,200 characters.

A template is plain text: the first line is the subject, the others are the body. Lines that come out empty are dropped,
and lines marked `~` go first when the text is too long. Values are plain text; whoever makes HTML of it escapes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any

from sync.errors import FatalError

if TYPE_CHECKING:
    from jinja2 import Template
    from jinja2.sandbox import SandboxedEnvironment

LONGEST_TASK = 1200  # characters of a task's body as HubSpot keeps it, its marker included
LONGEST_SUBJECT = 255
LONGEST_VALUE = 200

_MARKER_ROOM = len("[wl:000000000000]")
_LINE_END = len("<br>")
_SHORTEST_LINE = 40  # no line is cut shorter than this
MAY_GO = "~"
_JOINERS = "\u200c\u200d"  # inside names and emoji


@dataclass(frozen=True, slots=True)
class TaskText:
    """A task as a recruiter reads it: plain text, the marker line not included. `failed`: the team's template that
    could not be filled, so that warmline's own was; '' otherwise.
    """

    subject: str
    lines: tuple[str, ...]
    failed: str = ""


@dataclass(frozen=True, slots=True)
class Templates:
    """Template texts by '<language>/<name>': warmline's, and those a team put in their place."""

    built_in: Mapping[str, str] = field(default_factory=dict)
    own: Mapping[str, str] = field(default_factory=dict)


class UnfitText(ValueError):
    """A template that came out without a subject or without a body."""


def render(templates: Templates, language: str, name: str, variables: Mapping[str, object]) -> TaskText:
    """The text of template `name` in a language. The team's own is filled first; where it fails, warmline's.

    Values may be text, whole numbers, yes or no, and lists and tables of them. FatalError: there is no such template.
    """
    key = f"{language}/{name}"
    own = templates.own.get(key)
    if own is not None:
        try:
            return filled(own, variables)
        except failures():
            return replace(_built_in(templates, key, variables), failed=key)
    return _built_in(templates, key, variables)


def filled(source: str, variables: Mapping[str, object]) -> TaskText:
    """One template filled. Raises what `failures` names when it cannot be."""
    subject, *body = filled_lines(source, variables)
    return TaskText(cut(subject, LONGEST_SUBJECT), _fitted(body))


def filled_lines(source: str, variables: Mapping[str, object]) -> list[str]:
    """Every line that says something, marked ones with their mark, whatever their length. Raises as `filled` does."""
    values = {name: plain(value) for name, value in variables.items()}
    found = (" ".join(line.split()) for line in _compiled(source).render(values).splitlines())
    lines = [line for line in found if line.removeprefix(MAY_GO).strip()]
    if len(lines) < 2:
        raise UnfitText("it needs a subject and at least one line below it")
    return lines


def failures() -> tuple[type[Exception], ...]:
    """What filling a template can raise."""
    from jinja2 import TemplateError

    return TemplateError, ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError


def plain(value: object) -> Any:
    """A value as templates see it: text on one line, without control characters, at most 200 characters, and never like
    a marker. TypeError: a value that is no text, number, list or table.
    """
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return tuple(plain(one) for one in value)
    raise TypeError(f"a template takes no {type(value).__name__}")


def cut(text: str, most: int) -> str:
    """The text, or its first part and '…', at most `most` characters."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def size(lines: Sequence[str]) -> int:
    """Characters of a body as HubSpot keeps it: lines escaped and joined, marker included."""
    return _MARKER_ROOM + sum(len(escape(line, quote=False)) + _LINE_END for line in lines)


@cache
def environment() -> SandboxedEnvironment:
    """The sandbox: no loader, no functions but filters and tests, nothing that can be changed from a template."""
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    made = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
    made.globals.clear()
    del made.filters["random"]  # the same facts give the same text
    return made


@cache
def _compiled(source: str) -> Template:
    return environment().from_string(source)


def _built_in(templates: Templates, key: str, variables: Mapping[str, object]) -> TaskText:
    source = templates.built_in.get(key)
    if source is None:
        raise FatalError(f"There is no template {key}.txt for a task's text.", fix="Install warmline anew.")
    return filled(source, variables)


def _text(value: str) -> str:
    flat = " ".join(value.split())
    shown = "".join(char for char in flat if char in _JOINERS or unicodedata.category(char) not in ("Cc", "Cf", "Cs"))
    return cut(shown.replace("[wl:", "(wl:"), LONGEST_VALUE)


def _fitted(body: Sequence[str]) -> tuple[str, ...]:
    """The body within its room: marked lines go first, the last one first; then the longest line is cut."""
    lines = [(line.removeprefix(MAY_GO).strip(), line.startswith(MAY_GO)) for line in body]
    while size([line for line, _ in lines]) > LONGEST_TASK and any(may_go for _, may_go in lines):
        del lines[max(at for at, (_, may_go) in enumerate(lines) if may_go)]
    kept = [line for line, _ in lines]
    while (excess := size(kept) - LONGEST_TASK) > 0:
        at = max(range(len(kept)), key=lambda one: len(kept[one]))
        if len(kept[at]) <= _SHORTEST_LINE:
            kept.pop()
        else:
            kept[at] = _shortened(kept[at], max(_SHORTEST_LINE, len(kept[at]) - excess))
    return tuple(kept)


def _shortened(line: str, most: int) -> str:
    """The line without its last facts; within one fact, without its last words."""
    end = line.rfind("; ", 0, most)
    return line[:end] + "." if end > 0 else cut(line, most)
