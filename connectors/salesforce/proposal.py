"""What `doctor` tells of an org: which objects and fields of the mapping are there, and a mapping file to start from
where some are not.

Names of objects and fields only; no record is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from connectors.rows import Row
from connectors.salesforce.api import Api, Declined
from connectors.salesforce.gate import DailyGate
from connectors.salesforce.layout import Layout
from connectors.salesforce.options import APPLICATIONS, CANDIDATES, JOBS, NOUNS, STAGES, USERS, SalesforceOptions
from sync.errors import MissingScope, NotServed

# What objects and fields are called, in English and Dutch.
OBJECTS = {
    JOBS: r"vacan|vacatur|position|job(?!.?(appl|publ|board|post))",
    CANDIDATES: r"candidate|kandida|professional|applicant",
    APPLICATIONS: r"appli(?!cant)|sollicit",
}
TEXTS = {
    CANDIDATES: {"first_name": r"first.?name|voornaam", "last_name": r"last.?name|achternaam"},
    JOBS: {"status": r"status|fase"},
}
STAGE = re.compile(r"status|stage|fase", re.IGNORECASE)
MOST_NAMES = 40
HEAD = "# A proposal: check each line, save it, and set its path as the source's mapping."


class Proposal:
    """Looks at one org through its descriptions."""

    def __init__(self, api: Api, layout: Layout, gate: DailyGate, options: SalesforceOptions) -> None:
        self._api, self._layout, self._gate, self._options = api, layout, gate, options

    def told(self) -> str:
        """A sentence, and behind it a proposal when a field of the mapping is not shown.

        Raises NotServed, with a proposal, when the object of a noun that is needed is not there.
        """
        nouns = {noun: name.partition(".")[0] for noun, name in self._options.objects.items()}
        lost = {noun: name for noun, name in nouns.items() if not self._is_shown(name)}
        unlike = {noun: self._unlike(noun) for noun in NOUNS if noun in nouns and noun not in lost}
        unlike = {noun: told for noun, told in unlike.items() if told}
        sentences = [f"{len(nouns) - len(lost)} of {len(nouns)} objects readable{self._usage()}"]
        sentences += [f"no object {name} for {noun}" for noun, name in lost.items()]
        sentences += [f"{noun}: {told}" for noun, told in unlike.items()]
        if "Contact" in nouns.values() and CANDIDATES not in self._options.where:
            sentences.append("every Contact is taken as a candidate: say which ones in [where]")
        told = "; ".join(sentences)
        proposed = f"\n{self._proposed(nouns, lost, unlike)}" if lost or unlike else ""
        if lost.keys() & {JOBS, CANDIDATES, APPLICATIONS}:
            raise NotServed(f"{told}.", fix=f"Set another preset, or a mapping file.{proposed}")
        return told + proposed

    def _usage(self) -> str:
        return f", {self._gate.used:,} of {self._gate.limit:,} requests a day used" if self._gate.limit else ""

    def _is_shown(self, name: str) -> bool:
        try:
            return bool(self._layout.describe(name))
        except (Declined, MissingScope):
            return False

    def _unlike(self, noun: str) -> str:
        """What of the mapping is called otherwise or not shown; empty when nothing is."""
        shown = self._layout.shown(noun, self._options.objects[noun])
        missing = [one for one in self._options.fields[noun] if one not in shown]
        others = [f"{wanted} is {name} here" for wanted, name in shown.items() if name not in (wanted, "Id")]
        return ", ".join(([f"without {', '.join(missing)}"] if missing else []) + others)

    def _proposed(self, nouns: Mapping[str, str], lost: Mapping[str, str], unlike: Mapping[str, str]) -> str:
        """A mapping file of the nouns that need one: what the preset has and the org shows, and guesses."""
        listed = [str(one.get("name")) for one in self._api.objects()]
        found = {noun: _guess(noun, name, listed) for noun, name in lost.items() if noun in OBJECTS}
        objects = {noun: found.get(noun) or name for noun, name in nouns.items() if noun not in lost or found.get(noun)}
        stage = _stage_of(self._layout.describe(objects[APPLICATIONS])) if APPLICATIONS in found and objects else None
        stages = _stages_at(objects.get(APPLICATIONS, ""), stage) or self._options.objects.get(STAGES, "")
        lines = [HEAD, "[objects]", *(f'{noun} = "{name}"' for noun, name in objects.items() if noun != STAGES)]
        lines += [f'{STAGES} = "{stages}"'] if stages and (STAGES not in lost or stage) else []
        for noun in (one for one in NOUNS if one in objects and (one in lost or one in unlike)):
            lines += ["", f"[{noun}]", *self._rules(noun, objects, stage)]
        others = [name for name in listed if name.endswith("__c") and name not in objects.values()]
        return "\n".join([*lines, "", f"# Other objects: {', '.join(sorted(others)[:MOST_NAMES]) or 'none'}"])

    def _rules(self, noun: str, objects: Mapping[str, str], stage: Row | None) -> Iterator[str]:
        """Lines of a noun's table; the fields that are left as comments."""
        fields, rules = self._layout.describe(objects[noun]), self._options.rules.get(noun, {})
        shown = self._layout.shown(noun, objects[noun])
        kept = {name: rules[wanted] for wanted, name in shown.items() if wanted in rules}
        filled = {rule["to"] for rule in kept.values()}
        for name, to, kind in _suggested(noun, fields, objects, stage):
            if name not in kept and (to not in filled or kind == "texts"):
                filled.add(to)
                kept[name] = {"to": to, "type": kind, **({"join": "lists"} if kind == "texts" else {})}
        for name, rule in kept.items():
            told = ", ".join(f'{key} = "{value}"' for key, value in rule.items())
            yield f"{_key(name)} = {{ {told} }}"
        others = sorted(str(one.get("name")) for one in fields if one.get("name") not in kept)
        yield f"# other fields: {', '.join(others[:MOST_NAMES]) or 'none'}"


def _guess(noun: str, preset: str, listed: Sequence[str]) -> str:
    """The custom object that is most likely a noun's: of the preset's package first; empty when there is none."""
    words, package = re.compile(OBJECTS[noun], re.IGNORECASE), preset.partition("__")[0]
    found = sorted(name for name in listed if name.endswith("__c") and words.search(name.split("__")[-2]))
    return min(found, key=lambda name: (not name.startswith(f"{package}__"), len(name)), default="")


def _stage_of(fields: Sequence[Row]) -> Row | None:
    """The field of an application that says its stage: a picklist or a lookup."""
    named = [one for one in fields if STAGE.search(str(one.get("name")))]
    return next((one for one in named if one.get("type") in ("picklist", "reference")), None)


def _stages_at(applications: str, stage: Row | None) -> str:
    if stage is None:
        return ""
    targets = stage.get("referenceTo") or []
    return str(targets[0]) if targets else f"{applications}.{stage.get('name')}"


def _suggested(
    noun: str, fields: Sequence[Row], objects: Mapping[str, str], stage: Row | None
) -> Iterator[tuple[str, str, str]]:
    """Fields that by their type or name say what they hold: name, model field, type."""
    pointing = {objects.get(CANDIDATES): "candidate_id", objects.get(JOBS): "job_id"}
    for one in fields:
        name, kind = str(one.get("name")), one.get("type")
        targets = one.get("referenceTo") or []
        if noun == APPLICATIONS:
            to = (
                "stage_id" if one is stage else next((pointing[target] for target in targets if target in pointing), "")
            )
            if to:
                yield name, to, "id"
        elif noun == CANDIDATES and kind in ("email", "phone"):
            yield name, "email_addresses" if kind == "email" else "phone_numbers", "texts"
        elif noun != USERS and kind in ("string", "picklist"):
            named = (to for to, words in TEXTS.get(noun, {}).items() if re.search(words, name, re.IGNORECASE))
            yield from ((name, to, "text") for to in named)


def _key(name: str) -> str:
    return f'"{name}"' if "." in name else name
