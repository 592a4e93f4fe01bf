"""`/metrics` and the metrics file: Prometheus' text format, made from the mirror at the moment somebody asks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest, write_to_textfile
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric

from sync.reports.mending import mending_counts
from sync.reports.metering import STEPS
from sync.store import hints, metrics, reads
from sync.store.db import Mirror
from sync.store.metrics import Amount

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
# name in the mirror → name, what it says, labels
_TOTALS = {
    "runs": ("warmline_runs", "Runs that ended, by command and how.", ("command", "ended")),
    "run_seconds": ("warmline_run_seconds", "Seconds spent in runs.", ("command",)),
    "requests": ("warmline_requests", "Requests sent, retries among them.", ("source", "kind")),
    "requests_retried": ("warmline_requests_retried", "Requests sent again.", ("source",)),
    "requests_throttled": ("warmline_requests_throttled", "Answers 429.", ("source",)),
    "rows": ("warmline_rows", "Records read, by what became of them.", ("stream", "outcome")),
    "actions": ("warmline_actions", "Writes to HubSpot, by what became of them.", ("kind", "outcome")),
    "tasks_created": ("warmline_tasks_created", "Tasks made in HubSpot.", ("play",)),
}
_NOW = {
    "last_run_seconds": ("warmline_last_run_seconds", "Seconds the last run took.", ("command",)),
    "daily_requests_left": ("warmline_daily_requests_left", "Requests left of the portal's day.", ("source",)),
}


@dataclass(frozen=True, slots=True, eq=False)
class MirrorMetrics:
    """A collector over the mirror. `health`: of sync.reports.health."""

    db: Mirror
    health: Mapping[str, Any]
    now: datetime

    def collect(self) -> Iterator[Metric]:
        """Every family; no label is about a person."""
        kept: dict[str, list[Amount]] = defaultdict(list)
        for one in metrics.load(self.db):
            kept[one.name].append(one)
        yield from self._health()
        for name, (family, text, labels) in _TOTALS.items():
            yield _filled(CounterMetricFamily(family, text, labels=labels), kept[name])
        for name, (family, text, labels) in _NOW.items():
            yield _filled(GaugeMetricFamily(family, text, labels=labels), kept[name])
        yield _touch_to_task(kept)
        yield from self._streams()
        yield from self._waiting()

    def _health(self) -> Iterator[Metric]:
        yield GaugeMetricFamily("warmline_healthy", "1: all is well; 0: see /health.", int(self.health["healthy"]))
        last = self.health["last_complete_at"]
        when = datetime.fromisoformat(last).timestamp() if last else 0.0
        text = "Epoch seconds of the last complete run; 0: none."
        yield GaugeMetricFamily("warmline_last_complete_run_timestamp_seconds", text, when)

    def _streams(self) -> Iterator[Metric]:
        text = "Seconds since the end of the last window that was read to its end."
        lag = GaugeMetricFamily("warmline_stream_lag_seconds", text, labels=("stream",))
        for stream, until in metrics.read_until(self.db).items():
            lag.add_metric((stream,), max(0.0, (self.now - until).total_seconds()))
        yield lag

    def _waiting(self) -> Iterator[Metric]:
        depth = GaugeMetricFamily("warmline_outbox_rows", "Writes not settled yet.", labels=("kind", "state"))
        age = GaugeMetricFamily(
            "warmline_outbox_oldest_seconds", "Seconds the longest one waits.", labels=("kind", "state")
        )
        for kind, state, number, since in metrics.outbox_waiting(self.db):
            depth.add_metric((kind, state), number)
            age.add_metric((kind, state), max(0.0, (self.now - since).total_seconds()))
        yield from (depth, age)
        counts = metrics.counts_by(self.db)
        yield _gauge("warmline_quarantine_records", "Records that cannot be mapped.", "stream", counts["quarantine"])
        yield _gauge("warmline_open_tasks", "Open tasks of warmline's own.", "play", counts["tasks"])
        bands = {band.value: number for band, number in reads.scores_by_band(self.db).items()}
        yield _gauge("warmline_people", "People with a score or without, by band.", "band", bands)
        yield _gauge("warmline_hints", "Records webhooks named, not read yet.", "source", hints.counts(self.db))
        for name, number in mending_counts(self.db).items():
            yield GaugeMetricFamily(f"warmline_{name}", f"Open {name}: warmline {name}.", number)
        reviews = reads.people_counts(self.db).review
        yield GaugeMetricFamily("warmline_reviews", "Pairs that may be one person: warmline review.", reviews)


def _filled(family: Any, amounts: Iterable[Amount]) -> Metric:
    for one in amounts:
        family.add_metric([one.labels.get(label, "") for label in family._labelnames], one.value)
    filled: Metric = family
    return filled


def _gauge(name: str, text: str, label: str, values: Mapping[str, int]) -> Metric:
    family = GaugeMetricFamily(name, text, labels=(label,))
    for value, number in values.items():
        family.add_metric((value,), number)
    return family


def _touch_to_task(kept: Mapping[str, list[Amount]]) -> Metric:
    """A bucket counts everything up to its step."""
    text = "Seconds from a touch to the task it led to."
    family = HistogramMetricFamily("warmline_touch_to_task_seconds", text, labels=("play",))
    for total in kept["touch_to_task_sum"]:
        play = total.labels["play"]
        found = {one.labels["le"]: one.value for one in kept["touch_to_task"] if one.labels["play"] == play}
        buckets, below = [], 0.0
        for step in (*map(str, STEPS), "+Inf"):
            below += found.get(step, 0.0)
            buckets.append((step, below))
        family.add_metric((play,), buckets, total.value)
    return family


def registry_of(collector: MirrorMetrics) -> CollectorRegistry:
    """A registry that asks the mirror each time it is read."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(collector)
    return registry


def metrics_text(collector: MirrorMetrics) -> bytes:
    """Everything, in Prometheus' text format."""
    return generate_latest(registry_of(collector))


def write_metrics(collector: MirrorMetrics, file: Path) -> None:
    """Write the metrics file, in one step, so that nobody reads half of it. Raises OSError."""
    write_to_textfile(str(file), registry_of(collector))
