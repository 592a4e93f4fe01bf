"""The kinds of ATS sources: what each needs in its settings. One line a kind, and nothing else names them all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from sync.errors import Problem


@dataclass(frozen=True, slots=True)
class Kind:
    """`built`: it works in this version. `needs`: settings that must be there; a|b: one of the two is enough.
    `secrets`: the same, but needed only when the source is read, so that a command that reads the mirror works without.
    """

    title: str
    built: bool = False
    needs: Sequence[str] = ()
    secrets: Sequence[str] = ()


KINDS: Mapping[str, Kind] = {
    "filedrop": Kind("a folder of files", built=True, needs=["path"]),
    "recruitee": Kind("Recruitee", built=True, needs=["company"], secrets=["token|token_file"]),
    "salesforce": Kind("Salesforce", needs=["client_id"], secrets=["client_secret"]),
    "teamtailor": Kind("Teamtailor", built=True, secrets=["token|token_file"]),
    "greenhouse": Kind("Greenhouse", needs=["client_id"], secrets=["client_secret"]),
    "bullhorn": Kind("Bullhorn", needs=["client_id", "username"], secrets=["client_secret", "password"]),
    "homerun": Kind("Homerun", secrets=["token|token_file"]),
}
BUILT_KINDS = frozenset(name for name, kind in KINDS.items() if kind.built)
_MEANING = {
    "path": "the folder the files are put in",
    "company": "the name or number in the vendor's addresses",
    "base_url": "scheme, host and port of the vendor",
    "preset": "the vendor's package",
    "client_id": "the id of the API credentials",
    "client_secret": "the secret of the API credentials",
    "username": "the API user",
    "password": "the API user's password",
    "token": "an API token",
}


def missing(kind: str, name: str, given: Set[str], *, secrets: bool = False) -> list[Problem]:
    """A problem for each setting the kind needs and `given` lacks. `name`: the source's; an unknown kind needs none."""
    known = KINDS.get(kind)
    needed = () if known is None else known.secrets if secrets else known.needs
    lacking = [one.split("|") for one in needed if not given & frozenset(one.split("|"))]
    return [_problem(name, keys) for keys in lacking]


def _problem(name: str, keys: Sequence[str]) -> Problem:
    where, key = f"sources.{name}", keys[0]
    variable = f"WARMLINE_SOURCES__{name.upper()}__{key.upper()}"
    others = "".join(f", or {where}.{other}" for other in keys[1:])
    if key in ("token", "client_secret", "password"):
        return Problem(f"{where}.{key}", f"no {key} is set.", f"Set {variable}{others}: {_MEANING[key]}.")
    return Problem(f"{where}.{key}", "is not set.", f"Set {where}.{key}{others}, or {variable}, to {_MEANING[key]}.")
