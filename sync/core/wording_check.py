"""What is wrong with a template, before anything is written with it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import TracebackType

from sync.core.wording_templates import LONGEST_TASK, MAY_GO, environment, failures, filled_lines, size

_LONG_FACT = "Ω&" * 40
_STALE = (
    "vorige week|deze week|volgende week|gisteren|vandaag|morgen|onlangs|laatst gezien|"
    "last week|this week|next week|yesterday|today|tomorrow|recently|days ago|dagen geleden"
)
_GENDERED = "meneer|mevrouw|dhr|mevr|de heer|hij|zij|hem|haar|mr|mrs|ms|he|she|him|her|his|hers"
_RULES = (
    (re.compile(rf"\b({_STALE})\b", re.IGNORECASE), "goes stale: a task is read days later. Tell the date"),
    (re.compile(rf"\b({_GENDERED})\b", re.IGNORECASE), "may tell a gender: use the name, or write around it"),
    (re.compile(r"\b(score|punten|points)\b", re.IGNORECASE), "speaks of scores: a task tells what somebody did"),
    (re.compile(r"(</?[a-z]+[^>]*>|&[a-z]+;)", re.IGNORECASE), "is HTML, and is shown as it stands"),
)


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing wrong with a template. `line`: where, from 1; 0: the whole of it."""

    line: int
    problem: str


@dataclass(frozen=True, slots=True)
class Variable:
    """What a template may use. `sample`: an invented value; `always`: never empty; `empty`: when it is, in words."""

    means: str
    sample: object
    always: bool = False
    empty: str = "unknown"

    @property
    def unknown(self) -> object:
        """The value where it is not known: '', an empty list, no, 0."""
        return self.sample if self.always else type(self.sample)()

    @property
    def little(self) -> object:
        """As `unknown`, but yes."""
        return True if isinstance(self.sample, bool) else self.unknown

    @property
    def long(self) -> object:
        """A value as long as they come."""
        return _long(self.sample)


def flaws(source: str, variables: Mapping[str, Variable]) -> list[Flaw]:
    """Why a template cannot be used: how it is written, what it asks for, what comes of it for an invented person, for
    one of whom nothing is known, and for one with long names.
    """
    from jinja2 import TemplateSyntaxError, meta, nodes

    try:
        tree = environment().parse(source)
        unknown = meta.find_undeclared_variables(tree) - variables.keys()
    except TemplateSyntaxError as error:
        return [Flaw(error.lineno, f"cannot be read: {(error.message or 'wrong syntax').rstrip('.')}")]
    found = [Flaw(0, "uses another template, which it cannot") for _ in meta.find_referenced_templates(tree)]
    for name in sorted(unknown):
        line = min((node.lineno for node in tree.find_all(nodes.Name) if node.name == name), default=0)
        found.append(Flaw(line, f"{name} is no variable here{_nearest(name, variables)}"))
    return found or list(_filling(source, variables))


def remarks(source: str) -> list[Flaw]:
    """Where a template's own words go against the rules of the texts. It must be readable."""
    from jinja2 import nodes

    tree = environment().parse(source)
    written = [(node.lineno, node.data) for node in tree.find_all(nodes.TemplateData)]
    written += [(node.lineno, node.value) for node in tree.find_all(nodes.Const) if isinstance(node.value, str)]
    return sorted((flaw for line, text in written for flaw in _against_rules(line, text)), key=lambda one: one.line)


def _against_rules(line: int, text: str) -> Iterator[Flaw]:
    for pattern, reason in _RULES:
        for match in pattern.finditer(text):
            yield Flaw(line + text.count("\n", 0, match.start()), f'"{match[0]}" {reason}')


def _filling(source: str, variables: Mapping[str, Variable]) -> Iterator[Flaw]:
    people = (
        ("an invented person", {name: one.sample for name, one in variables.items()}),
        ("somebody of whom nothing is known", {name: one.unknown for name, one in variables.items()}),
        ("somebody of whom little is known", {name: one.little for name, one in variables.items()}),
        ("somebody with long names", {name: one.long for name, one in variables.items()}),
    )
    for who, values in people:
        try:
            lines = filled_lines(source, values)
        except failures() as error:
            yield Flaw(_line_of(error.__traceback__), f"cannot be filled for {who}: {str(error).rstrip('.')}")
            return
        needed = size([line for line in lines[1:] if not line.startswith(MAY_GO)])
        if who == people[0][0] and needed > LONGEST_TASK:
            yield Flaw(0, f"is {needed} characters for {who}; a task has {LONGEST_TASK}")


def _line_of(trace: TracebackType | None) -> int:
    """The template's line an error came from: jinja puts it into the traceback."""
    line = 0
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _nearest(name: str, variables: Mapping[str, Variable]) -> str:
    near = difflib.get_close_matches(name, list(variables), n=1)
    return f"; did you mean {near[0]}?" if near else ""


def _long(sample: object) -> object:
    if isinstance(sample, str):
        return _LONG_FACT
    if isinstance(sample, list):
        return [_long(one) for one in sample for _ in range(3)]
    if isinstance(sample, dict):
        return {key: _long(value) for key, value in sample.items()}
    return sample
