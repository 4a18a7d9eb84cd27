"""What the web process counts about itself, for Prometheus."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.gc_collector import GCCollector
from prometheus_client.process_collector import ProcessCollector


class Telemetry:
    """The figures of one gate; a registry of its own, so that two servers never mix."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        self.answers = Counter(
            "honglan_http_answers", "Answers by status", ["status"], registry=self.registry
        )
        self.seconds = Histogram(
            "honglan_http_seconds",
            "Time until the answer began",
            registry=self.registry,
            buckets=(0.005, 0.02, 0.05, 0.1, 0.3, 1, 3, 10),
        )
        self.sockets = Gauge("honglan_open_sockets", "Open sockets", registry=self.registry)
