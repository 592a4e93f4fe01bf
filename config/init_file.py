"""The warmline.toml that `warmline init` writes: the answers, each with its unit and reason from default.toml."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from config.kinds import KINDS
from config.layers import DEFAULTS_FILE, KeyPath

_EXAMPLES = {"path": "/data/ats"}
_KEY = re.compile(r'(?:# (?=\w+ = "))?([a-z_0-9]+) = ')


@dataclass(frozen=True, slots=True)
class InitAnswers:
    """What a person answered. Empty: not asked or left at the default. `attested_at`: ISO moment of the answers about
    call grounds and tracking. Secrets are not among them: `token_file` names a file, without it the environment holds
    the token."""

    attested_by: str = ""
    attested_at: str = ""
    call_grounds: tuple[str, ...] = ()
    tracking_consent: str = "off"
    portal_id: str = ""
    token_file: str = ""
    mirror_path: str = ""
    timezone: str = ""
    language: str = ""
    domains: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    recruiters: tuple[str, ...] = ()
    fallback_owner: str = ""
    source_name: str = ""
    source_kind: str = "filedrop"
    source_path: str = ""
    source_company: str = ""


def render_toml(answers: InitAnswers) -> str:
    """The file's text. It loads back through `config.settings.load`, and writing stays off in it."""
    reasons = load_reasons()
    lines = [
        "# Settings of warmline. Keys that are left out have the value of default.toml; any key can also be set as"
    ]
    lines += ["# WARMLINE_<SECTION>__<KEY> in the environment, which wins. Secrets do not belong in this file."]
    table = ""
    for path, value in _chosen(answers):
        if path[0] != table:
            table = path[0]
            lines += ["", f"[{table}]"]
        lines += [reason for reason in reasons.get(path, []) if reason not in lines]
        lines.append(f"{path[1]} = {_toml(value)}")
        if path == ("hubspot", "portal_id") and not answers.token_file:
            lines.append("# The token comes from the environment: WARMLINE_HUBSPOT__TOKEN.")
    if not answers.portal_id and not answers.token_file:
        lines += ["", "[hubspot]", "# The token comes from the environment: WARMLINE_HUBSPOT__TOKEN."]
    return "\n".join([*lines, *_source(answers), ""])


def load_reasons() -> dict[KeyPath, list[str]]:
    """The comment lines above each key of default.toml; keys without any share those of the key before them."""
    reasons: dict[KeyPath, list[str]] = {}
    table: KeyPath = ()
    block: list[str] = []
    shared: list[str] = []
    for line in DEFAULTS_FILE.read_text(encoding="utf-8").splitlines():
        key = _KEY.match(line)
        if line.startswith("["):
            table, block, shared = tuple(line.strip("[]").split(".")), [], []
        elif key:
            shared = block or shared
            reasons[(*table, key[1])] = shared
            block = []
        else:
            block = [*block, line] if line.startswith("#") else []
    return reasons


def _chosen(answers: InitAnswers) -> list[tuple[tuple[str, str], object]]:
    entries: list[tuple[tuple[str, str], object]] = [
        (("mirror", "path"), answers.mirror_path),
        (("team", "timezone"), answers.timezone),
        (("team", "language"), answers.language),
        (("team", "domains"), answers.domains),
        (("hubspot", "portal_id"), answers.portal_id),
        (("hubspot", "token_file"), answers.token_file),
        (("audience", "include"), answers.audience),
        (("routing", "recruiters"), answers.recruiters),
        (("routing", "fallback_owner"), answers.fallback_owner),
        (("contact", "call_grounds"), answers.call_grounds),
        (("contact", "tracking_consent"), answers.tracking_consent),
        (("contact", "attested_by"), answers.attested_by),
        (("contact", "attested_at"), answers.attested_at),
        (("writes", "enabled"), False),
    ]
    always = ("call_grounds", "tracking_consent", "enabled")
    return [entry for entry in entries if entry[1] or entry[0][1] in always]


def _source(answers: InitAnswers) -> list[str]:
    if not answers.source_name:
        return []
    lines = [
        "",
        "# Where candidates come from. The name is the first half of warmline_candidate_id: do not change it later.",
    ]
    kind, name = KINDS[answers.source_kind], answers.source_name
    known = {"path": answers.source_path, "company": answers.source_company}
    table = [f"[sources.{name}]", f"kind = {_toml(answers.source_kind)}"]
    table += [f"{key} = {_toml(value)}" for key, value in known.items() if value]
    lacking = [one.partition("|")[0] for one in kind.needs if not known.get(one)]
    for secret in (one.partition("|")[0] for one in kind.secrets):
        table.append(f"# The {secret} comes from the environment: WARMLINE_SOURCES__{name.upper()}__{secret.upper()}.")
    if not lacking:
        return lines + table
    lines.append(f"# Not set up yet: fill in {', '.join(lacking)}, and take the # away.")
    return [
        *lines,
        *(line if line.startswith("#") else f"# {line}" for line in table),
        *(f'# {key} = "{_EXAMPLES.get(key, "")}"' for key in lacking),
    ]


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
