"""The kinds of ATS sources: what each needs in its settings. One line a kind, and nothing else names them all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from sync.errors import Problem


@dataclass(frozen=True, slots=True)
class Sees:
    """What the vendor shows of what the team does (docs/decisions/0055): `moves` through stages, when somebody first
    wrote (`messages`), when a person was told a rejection (`told`)."""

    moves: bool = True
    messages: bool = False
    told: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """`needs`: settings that must be there; a|b: one of the two is enough.
    `secrets`: the same, but needed only when the source is read, so that a command that reads the mirror works without.
    `every_minutes`: how often it is read where the settings do not say; None: by [schedule].
    `sees`: by what a promise to an applicant is known to be kept.
    `own_words`: a mapping file may hold more for it than [words.stage_kind].
    """

    title: str
    needs: Sequence[str] = ()
    secrets: Sequence[str] = ()
    own_words: bool = False
    sees: Sees = Sees()
    every_minutes: int | None = None


KINDS: Mapping[str, Kind] = {
    "filedrop": Kind("a folder of files", needs=["path"], sees=Sees(messages=True, told=True)),
    "recruitee": Kind("Recruitee", needs=["company"], sees=Sees(messages=True), secrets=["token|token_file"]),
    "salesforce": Kind(
        "Salesforce",
        needs=["base_url", "client_id", "preset|mapping"],
        secrets=["client_secret|client_secret_file|token_file|token"],
    ),
    "teamtailor": Kind("Teamtailor", secrets=["token|token_file"]),
    "greenhouse": Kind("Greenhouse", needs=["client_id"], secrets=["client_secret|client_secret_file"]),
    "bullhorn": Kind(
        "Bullhorn",
        needs=["client_id", "username"],
        secrets=["client_secret|client_secret_file", "password|password_file"],
        own_words=True,
    ),
    "homerun": Kind("Homerun", every_minutes=60, sees=Sees(messages=True), secrets=["token|token_file"]),
}
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
