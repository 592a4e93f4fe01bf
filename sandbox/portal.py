"""A portal in memory: its records, owners, lists, limits and faults, without the people who act in it."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sandbox import dialects
from sandbox.associations import Associations
from sandbox.clock import SandboxClock
from sandbox.dialects.base import Dialect
from sandbox.directory import ContactList, Owner
from sandbox.errors import ApiError, bad_request
from sandbox.faults import Fault, Faults
from sandbox.limits import Limits
from sandbox.marketing_events import MarketingEvents
from sandbox.oauth import OAuthApp
from sandbox.schema import default_schemas, type_name
from sandbox.stats import Stats
from sandbox.store import Journal, ObjectStore, Record, Source
from sandbox.touch_log import TouchLog

ALL_SCOPES = frozenset(
    {
        "crm.objects.contacts.read",
        "crm.objects.contacts.write",
        "crm.objects.owners.read",
        "crm.schemas.contacts.read",
        "crm.schemas.contacts.write",
        "crm.schemas.tasks.write",
        "crm.lists.read",
        "crm.lists.write",
        "crm.objects.marketing_events.read",
        "crm.objects.marketing_events.write",
    }
)
FIRST_ID = 10_001


class Portal:
    """One portal: records, owners, lists, limits, faults. Hold `lock` while reading more than one thing."""

    def __init__(self, clock: SandboxClock | None = None, loader: Callable[[Any], None] | None = None) -> None:
        """`loader` fills a fresh or reset portal, for example `World.load_into`.

        Without one the portal is empty.
        """
        self.lock = threading.RLock()
        self.clock = clock or SandboxClock()
        self._loader = loader
        self._clear()

    def _clear(self) -> None:
        self.journal = Journal()
        self.stores = {
            name: ObjectStore(schema, self.clock, self.journal) for name, schema in default_schemas().items()
        }
        self.associations = Associations()
        self.touches = TouchLog()
        self.owners: list[Owner] = []
        self.lists: dict[str, ContactList] = {}
        self.marketing_events = MarketingEvents(self)
        self.world: Any = None
        self._dialects: dict[str, Dialect] = {}
        self.limits, self.faults, self.stats = Limits(), Faults(), Stats()
        self.token, self.scopes, self.oauth = "sandbox-token", set(ALL_SCOPES), OAuthApp()
        self.portal_id, self.timezone, self.currency = 4242, "Europe/Amsterdam", "EUR"
        self.merge_keeps_id = False
        self.batch_read_follows_merges = True
        self.unique_task_properties = False
        self.association_page = 500
        self._search_lag_s = 0.0
        self._last_id, self._correlations = FIRST_ID - 1, 0
        if self._loader:
            self._loader(self)

    def reset(self) -> None:
        """Back to how it was built: records, limits, faults, scopes, token and counts. The clock stays."""
        with self.lock:
            self._clear()

    def dialect(self, kind: str) -> Any:
        """The company of an ATS vendor, with the world's people if there is a world; made when first asked for.

        KeyError for a kind the sandbox does not play.
        """
        with self.lock:
            if kind not in self._dialects:
                company = self._dialects[kind] = dialects.make(kind, self.clock)
                if self.world is not None:
                    company.fill(self.world)
            return self._dialects[kind]

    @property
    def search_lag_s(self) -> float:
        """Seconds on the sandbox clock before search sees a change."""
        return self._search_lag_s

    @search_lag_s.setter
    def search_lag_s(self, seconds: float) -> None:
        self._search_lag_s = seconds
        for store in self.stores.values():
            store.keep_versions = seconds > 0

    def type_name(self, given: str) -> str:
        """The object type's name for a name or type id. ApiError 400 when the portal has no such type."""
        found = type_name({name: store.schema for name, store in self.stores.items()}, given)
        if found is None:
            raise bad_request(f"Unable to infer object type from: {given}")
        return found

    def next_id(self) -> str:
        """A record id nobody had before."""
        self._last_id += 1
        return str(self._last_id)

    def correlation_id(self) -> str:
        """A UUID that is the same in every run of the same requests."""
        self._correlations += 1
        return str(uuid.UUID(int=self._correlations))

    def link(self, from_type: str, from_id: str, to_type: str, to_id: str) -> None:
        """Associate two records; undone with the batch it is part of."""
        known = to_id in self.associations.of(from_type, from_id, to_type)
        self.associations.add(from_type, from_id, to_type, to_id)
        if not known:
            self.journal.add(lambda: self.associations.remove(from_type, from_id, to_type, to_id))

    def owner_is_active(self, owner_id: str) -> bool:
        """Whether records can be assigned to this owner."""
        return any(owner.id == owner_id and not owner.archived for owner in self.owners)

    def forget_from_lists(self, contact_id: str, survivor_id: str | None = None) -> None:
        """Take a contact out of all lists, or put its survivor in its place."""
        for each in self.lists.values():
            joined = each.members.pop(contact_id, None)
            if joined and survivor_id:
                each.members.setdefault(survivor_id, joined)

    def load(self, type_: str, properties: dict[str, str], source: Source, object_id: str | None = None) -> Record:
        """A record put in without validation, read-only properties included; for worlds and benchmarks."""
        return self.stores[type_].insert(object_id or self.next_id(), properties, source)

    def plan_fault(self, kind: str, path_regex: str = ".*", **more: Any) -> Fault:
        """The next matching request fails; see `sandbox.faults.Fault` for kinds and options."""
        with self.lock:
            return self.faults.add(Fault(kind, path_regex, **more))

    def dump(self) -> dict[str, Any]:
        """Every record with properties and links, by type and id, archived ones too; dumps compare."""
        with self.lock:
            return {
                name: {record.id: self._dumped(store, record) for record in store.records.values()}
                for name, store in self.stores.items()
            }

    def _dumped(self, store: ObjectStore, record: Record) -> dict[str, Any]:
        others = {other: self.associations.of(record.type, record.id, other) for other in self.stores}
        return {
            "properties": dict(sorted(record.properties.items())),
            "archived": bool(record.archived_at),
            "associations": {other: ids for other, ids in others.items() if ids},
        }

    def record(self, type_: str, key: str, archived: bool | None = None) -> Record:
        """A record by id, or a contact by e-mail. ApiError 404.

        Archived ones are found unless `archived` is False.
        """
        store = self.stores[self.type_name(type_)]
        object_id = store.holder("email", key) if "@" in key else key
        found = store.get(object_id or "", archived)
        if found is None:
            raise ApiError(404, f"no {type_} {key}", "OBJECT_NOT_FOUND")
        return found

    @contextmanager
    def held(self) -> Iterator[None]:
        """The block runs with the portal locked."""
        with self.lock:
            yield
