"""Metrics for an operator's collector: off until a token is set, and silent about everything respondents do.

Requests are counted for pages behind the sign-in only: a counter of the survey's pages would tell, at the collector's
pace, when somebody answered. Failures are counted for all pages, because they have to be known; a failure is no answer.
"""

import hmac
import threading
import time
from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate
from typing import Final

from flask import Blueprint, Flask, Response, abort, current_app, g, request
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector

from survey.services.readings import readings
from survey.web.clock import now
from survey.web.crowd import is_turned_away
from survey.web.database import db
from survey.web.site import settings
from survey.web.together import Together

FAILED: Final = 500
STATUSES: Final = {f"{hundreds}xx": hundreds - 1 for hundreds in range(1, 6)}
"""Where each is counted, among the numbers that the processes share."""
BUCKETS: Final = (0.05, 0.15, 0.5, 2.0, 10.0)
"""Seconds."""
TIMES: Final = range(5, 11)
"""Where requests are counted that took as long, or longer than all of them."""
SECONDS: Final = 11
FAILURES: Final = 12
CROWDED: Final = 13
UNCOUNTED: Final = frozenset({"health", "metrics", None})

bp = Blueprint("metrics", __name__)


class Meters(Collector):
    """What the processes of this machine count together: a scrape of any of them tells the sums."""

    def __init__(self, together: Together) -> None:
        self._numbers = together.numbers("metrics")
        self._counting = threading.Lock()

    def note(self, response: Response) -> Response:
        """Count what a view came to."""
        mine = self._numbers.mine
        with self._counting:
            if response.status_code >= FAILED and not is_turned_away():
                mine[FAILURES] += 1
            if request.blueprint not in UNCOUNTED | current_app.extensions["survey.respondents"]:
                passed = time.monotonic() - g.get("began", time.monotonic())
                mine[STATUSES[f"{response.status_code // 100}xx"]] += 1
                mine[TIMES[bisect_left(BUCKETS, passed)]] += 1
                mine[SECONDS] += passed
        return response

    def note_crowd(self) -> None:
        """Count a minute in which somebody was turned away; not how many they were."""
        with self._counting:
            self._numbers.mine[CROWDED] += 1

    def collect(self) -> Iterator[Metric]:
        """Give the sums over all processes, those that have ended included."""
        sums = [sum(column) for column in zip(*self._numbers.all, strict=True)]
        requests = CounterMetricFamily("survey_requests", "Requests to pages behind the sign-in.", labels=["status"])
        for status, at in STATUSES.items():
            if sums[at]:
                requests.add_metric([status], sums[at])
        yield requests
        reached = accumulate(sums[at] for at in TIMES)
        buckets = list(zip([*map(str, BUCKETS), "+Inf"], reached, strict=True))
        yield HistogramMetricFamily("survey_request_seconds", "Time they took.", buckets, sums[SECONDS])
        yield CounterMetricFamily("survey_failures", "Pages that failed by our own mistake.", sums[FAILURES])
        told = "Minutes in which somebody was told to come again, because more was asked than could be answered."
        yield CounterMetricFamily("survey_crowded", told, sums[CROWDED])


def install(app: Flask) -> None:
    """Count from now on, where metrics are asked for."""
    found = app.extensions["survey.settings"]
    if found.metrics_token:
        meters = Meters(app.extensions["survey.together"])
        app.extensions["survey.meters"] = meters
        app.before_request(_begin)
        app.after_request(meters.note)


@bp.get("/metrics")
def show() -> Response:
    """Hand out the metrics to whoever shows the token; without one in the settings there is no such page."""
    token = settings().metrics_token
    if not token:
        abort(404)
    if not hmac.compare_digest(request.headers.get("Authorization", "").encode(), f"Bearer {token}".encode()):
        return Response(status=401, headers={"WWW-Authenticate": "Bearer"})
    registry = CollectorRegistry()  # without the usual facts of the process: its work tells when it had any
    registry.register(current_app.extensions["survey.meters"])
    # Where others wait too long already, nothing is asked of the database: counters are, as always, in our memory.
    read = b"" if is_turned_away() else _now()
    return Response(generate_latest(registry) + read, content_type=CONTENT_TYPE_PLAIN_0_0_4)


def _now() -> bytes:
    registry = CollectorRegistry()
    gauges: dict[str, Gauge] = {}
    for each in readings(db(), settings(), now()):
        if each.name not in gauges:
            gauges[each.name] = Gauge(each.name, each.help, list(each.labels), registry=registry)
        gauge = gauges[each.name].labels(**each.labels) if each.labels else gauges[each.name]
        gauge.set(each.value)
    return generate_latest(registry)


def _begin() -> None:
    g.began = time.monotonic()
