"""Statements are made of names the code knows, never of values: those go as parameters (a lint that knows our code)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

SQL = re.compile(r"\b(SELECT|INSERT INTO|UPDATE \w+ SET|DELETE FROM|PRAGMA|ATTACH|CREATE|DROP)\b")
CALLS = {"rows", "row", "change", "change_rows", "change_many", "execute", "executemany", "executescript"}
CONSTANT = re.compile(r"^[A-Za-z_.]*\b_?[A-Z][A-Z_]+\b")  # _REFS, JOB.select, NOUNS[noun]: names of the code
# Modules that build statements from names of the schema (tables, columns, conditions), with what they call them.
OF_THE_SCHEMA = {
    "rows.py": {
        "table",
        "', '.join(columns)",
        "places",
        "', '.join(keys)",
        "updates",
        "stamp",
        "deletion",
        "scope",
        "read",
    }
    | {"self.table", "self.live", "noun.select", "column"},
    "snapshots.py": {"table.table", "table.live", "_scope(table)", "_gone(NOUNS[noun])"},
    "holdings.py": {"table", "rule"},
    "personal.py": {"place.table", "place.where"},
    "scrub.py": {"table", "column"},
    "checkup.py": {"name"},
    "db.py": {"setting"},
    "driver.py": {"key"},  # 64 hex digits, checked: PRAGMA takes no parameters
}


def statements(tree: ast.AST) -> Iterator[ast.JoinedStr]:
    """The f-strings that are SQL."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            text = "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
            if SQL.search(text):
                yield node


def built_in(source: str, own: set[str]) -> list[str]:
    """What goes into statements of a module that is no name of the code or the schema."""
    tree, found = ast.parse(source), []
    for node in statements(tree):
        parts = [ast.unparse(part.value) for part in node.values if isinstance(part, ast.FormattedValue)]
        found += [one for one in parts if one not in own and not CONSTANT.match(one)]
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        if node.func.attr in CALLS and node.args and isinstance(node.args[0], ast.BinOp | ast.Call):
            made = ast.unparse(node.args[0])
            if "%" in made or ".format(" in made or ".join(" in made:
                found.append(made)
    return found


MODULES = sorted(ROOT.joinpath("sync").rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_statement_is_made_of_values(path: Path) -> None:
    own = OF_THE_SCHEMA.get(path.name, set()) if path.parent.name == "store" else set()

    assert built_in(path.read_text(encoding="utf-8"), own) == []


@pytest.mark.parametrize(
    "source",
    [
        "db.rows(f\"SELECT * FROM contact WHERE email = '{email}'\")",
        "db.rows(\"SELECT * FROM contact WHERE email = '%s'\" % email)",
        "db.change('DELETE FROM contact WHERE remote_id = {}'.format(remote_id))",
        "db.rows('SELECT 1 WHERE x IN (' + ','.join(ids) + ')')",
    ],
)
def test_the_lint_sees_a_value_in_a_statement(source: str) -> None:
    assert built_in(source, set()) != []


def test_nothing_outside_the_store_speaks_sql() -> None:
    speaking = [
        str(path.relative_to(ROOT))
        for path in MODULES
        if path.parent.name != "store" and list(statements(ast.parse(path.read_text(encoding="utf-8"))))
    ]

    assert speaking == []
