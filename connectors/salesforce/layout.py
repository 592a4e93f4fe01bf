"""Which of the wanted fields an org shows. All are asked for until Salesforce refuses; then the object is described.

A field may be missing because the package has no such field, or because the user may not see it: both look the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from connectors.rows import Row
from connectors.salesforce.api import Api, Declined
from connectors.salesforce.options import SalesforceOptions
from connectors.salesforce.soql import STAMP
from sync.errors import MissingScope

# What Owner.Email and its like may ask of a lookup that leads to several objects.
OF_ANYBODY = frozenset({"name", "email", "firstname", "lastname", "isactive"})


class Layout:
    """The fields of one org's objects, as they are found out."""

    def __init__(self, api: Api, options: SalesforceOptions) -> None:
        self._api, self._options = api, options
        self._described: dict[str, list[Row]] = {}
        self._known: dict[str, dict[str, str]] = {}

    def of(self, noun: str) -> Mapping[str, str]:
        """The wanted fields to ask for, each with what it is called in this org."""
        return self._known.get(noun) or {name: name for name in self._options.fields[noun]}

    def learn(self, noun: str) -> bool:
        """Look at the object of a noun, and then do without related records; whether other fields than before are to be
        asked for."""
        before = dict(self.of(noun))
        if noun not in self._known:
            self._known[noun] = self._shown_or_all(noun)
        if self._known[noun] == before:
            self._known[noun] = {wanted: name for wanted, name in before.items() if "." not in name} or {"Id": "Id"}
        return self._known[noun] != before

    def shown(self, noun: str, name: str) -> dict[str, str]:
        """The fields wanted of a noun that an object has, each with its name. Raises what `describe` raises."""
        found = {one: one for one in self._options.fields[noun] if self._shows(name, one)}
        for wanted, target in self._options.lookups.get(noun, {}).items():
            pointing = self._pointing(name, target)
            if wanted not in found and len(pointing) == 1:
                found[wanted] = pointing[0]
        return {one: found[one] for one in self._options.fields[noun] if one in found} or {"Id": "Id"}

    def _shown_or_all(self, noun: str) -> dict[str, str]:
        try:
            return self.shown(noun, self._options.objects[noun])
        except (Declined, MissingScope):  # some users may read an object and not its description
            return dict(self.of(noun))

    def describe(self, name: str) -> Sequence[Row]:
        """The fields of an object, asked for once a process."""
        if name not in self._described:
            self._described[name] = self._api.describe(name)
        return self._described[name]

    def _shows(self, name: str, path: str) -> bool:
        head, _, rest = path.partition(".")
        if not rest:
            return any(_same(one.get("name"), head) for one in self.describe(name))
        lookup = next((one for one in self.describe(name) if _same(one.get("relationshipName"), head)), None)
        if lookup is None:
            return False
        targets = lookup.get("referenceTo") or []
        if len(targets) != 1:
            return rest.lower() in OF_ANYBODY
        try:
            return self._shows(str(targets[0]), rest)
        except (Declined, MissingScope):
            return False

    def _pointing(self, name: str, noun: str) -> list[str]:
        """Fields that lead to the object of another noun."""
        target = self._options.objects.get(noun, "")
        fields = [one for one in self.describe(name) if [target] == one.get("referenceTo")]
        return [str(one["name"]) for one in fields if one.get("name") not in (None, "Id", STAMP)]


def _same(given: object, wanted: str) -> bool:
    return str(given or "").lower() == wanted.lower()
