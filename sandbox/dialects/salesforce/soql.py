"""The SOQL that warmline's queries need, as strict as Salesforce: anything else is a malformed query."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sandbox.errors import ApiError

_TOKENS = re.compile(
    r"\s*(?:(?P<text>'(?:[^'\\]|\\.)*')|(?P<moment>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?(?:Z|[+-]\d\d:\d\d))"
    r"|(?P<number>\d+)|(?P<sign><=|>=|!=|[=<>(),])|(?P<name>[A-Za-z]\w*(?:\.[A-Za-z]\w*)*))"
)
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a is not None and a < b,
    "<=": lambda a, b: a is not None and a <= b,
    ">": lambda a, b: a is not None and a > b,
    ">=": lambda a, b: a is not None and a >= b,
}
Get = Callable[[str], Any]


@dataclass(frozen=True)
class Value:
    """A literal. `kind`: text, moment, number or word."""

    kind: str
    value: Any


@dataclass(frozen=True)
class Query:
    """A parsed query. `holds(get)`: whether a row, given by field, meets the condition. `compared`: every field of the
    condition with its literals."""

    fields: list[str]
    object: str
    holds: Callable[[Get], bool]
    compared: list[tuple[str, Value]]
    order: list[str]


def malformed(text: str) -> ApiError:
    """400 MALFORMED_QUERY."""
    return ApiError(400, text, "MALFORMED_QUERY")


def parse(text: str) -> Query:
    """ApiError for what is no query of this kind."""
    return _Parser(text).query()


class _Parser:
    def __init__(self, text: str) -> None:
        self._tokens: list[tuple[str, str]] = []
        self._compared: list[tuple[str, Value]] = []
        place = 0
        while text[place:].strip():
            found = _TOKENS.match(text, place)
            if not found:
                raise malformed(f"unexpected token at {place}")
            self._tokens.append((str(found.lastgroup), found[str(found.lastgroup)]))
            place = found.end()

    def query(self) -> Query:
        self._word("select")
        fields = self._names()
        self._word("from")
        name = self._take("name")
        holds = self._condition() if self._is_word("where") else (lambda get: True)
        order: list[str] = []
        if self._is_word("order"):
            self._word("by")
            order = self._names()
        if self._tokens:
            raise malformed(f"unexpected token: {self._tokens[0][1]}")
        return Query(fields, name, holds, self._compared, order)

    def _condition(self) -> Callable[[Get], bool]:
        """AND and OR may not stand beside each other without parentheses."""
        parts, joined = [self._term()], ""
        while self._tokens and self._tokens[0][1].lower() in ("and", "or"):
            word = self._tokens.pop(0)[1].lower()
            if joined not in ("", word):
                raise malformed(f"unexpected token: {word}")
            joined = word
            parts.append(self._term())
        every = any if joined == "or" else all
        return lambda get: every(part(get) for part in parts)

    def _term(self) -> Callable[[Get], bool]:
        if self._is_sign("("):
            inner = self._condition()
            self._sign(")")
            return inner
        name = self._take("name")
        if self._is_word("in"):
            values = self._listed(name)
            return lambda get: get(name) in values
        compare = _COMPARE.get(self._tokens[0][1] if self._tokens else "")
        if compare is None:
            raise malformed("expecting a comparison")
        self._tokens.pop(0)
        value = self._value(name)
        return lambda get: compare(get(name), value)

    def _listed(self, name: str) -> list[Any]:
        self._sign("(")
        values = [self._value(name)]
        while self._is_sign(","):
            values.append(self._value(name))
        self._sign(")")
        return values

    def _value(self, name: str) -> Any:
        kind, text = self._tokens.pop(0) if self._tokens else ("", "")
        known: dict[str, Callable[[], Any]] = {
            "text": lambda: re.sub(r"\\(.)", r"\1", text[1:-1]),
            "moment": lambda: datetime.fromisoformat(text),
            "number": lambda: int(text),
            "name": lambda: {"true": True, "false": False, "null": None}[text.lower()],
        }
        if kind not in known or (kind == "name" and text.lower() not in ("true", "false", "null")):
            raise malformed(f"unexpected token: {text}")
        value = known[kind]()
        self._compared.append((name, Value(kind, value)))
        return value

    def _names(self) -> list[str]:
        names = [self._take("name")]
        while self._is_sign(","):
            names.append(self._take("name"))
        return names

    def _take(self, kind: str) -> str:
        if not self._tokens or self._tokens[0][0] != kind:
            raise malformed(f"expecting a {kind}")
        return self._tokens.pop(0)[1]

    def _is_word(self, word: str) -> bool:
        return self._is_next("name", word)

    def _is_sign(self, sign: str) -> bool:
        return self._is_next("sign", sign)

    def _is_next(self, kind: str, text: str) -> bool:
        if self._tokens and self._tokens[0][0] == kind and self._tokens[0][1].lower() == text:
            self._tokens.pop(0)
            return True
        return False

    def _word(self, word: str) -> None:
        if not self._is_word(word):
            raise malformed(f"expecting {word}")

    def _sign(self, sign: str) -> None:
        if not self._is_sign(sign):
            raise malformed(f"expecting {sign}")
