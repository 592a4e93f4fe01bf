"""The stages of an org's vacancies: rows of an object, or the values of a picklist. All vacancies share them."""

from __future__ import annotations

from collections.abc import Sequence

from connectors.rows import Row, cut
from connectors.salesforce.api import Declined
from connectors.salesforce.layout import Layout
from connectors.salesforce.options import STAGES, SalesforceOptions
from connectors.salesforce.walk import Walker
from sync.errors import MissingScope, NotServed


class Stages:
    """Reads them once a process; none when the org does not show them."""

    def __init__(self, walker: Walker, layout: Layout, options: SalesforceOptions) -> None:
        self._walker, self._layout, self._options = walker, layout, options
        self._rows: Sequence[Row] | None = None

    def all(self) -> Sequence[Row]:
        """The stages, of a picklist in its own order; None of it when it cannot be read."""
        if self._rows is None:
            try:
                self._rows = self._read()
            except (Declined, MissingScope, NotServed):
                self._rows = ()
        return self._rows

    def _read(self) -> Sequence[Row]:
        name, _, field = self._options.objects.get(STAGES, "").partition(".")
        if not name:
            return ()
        if field:
            return self._picked(name, field)
        names = self._options.fields[STAGES]
        return [cut(row, names) for batch in self._walker.batches(STAGES, None, None) for row in batch.rows]

    def _picked(self, name: str, field: str) -> Sequence[Row]:
        found = next((one for one in self._layout.describe(name) if one.get("name") == field), {})
        values = [
            one for one in found.get("picklistValues") or [] if isinstance(one, dict) and one.get("active") is True
        ]
        return [{"id": str(one.get("value")), "Name": one.get("label"), "order": n} for n, one in enumerate(values)]
