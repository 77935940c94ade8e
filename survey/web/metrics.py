"""Metrics for an operator's collector: off until a token is set, and silent about everything respondents do.

Requests are counted for pages behind the sign-in only: a counter of the survey's pages would tell, at the collector's
pace, when somebody answered. Failures are counted for all pages, because they have to be known; a failure is no answer.
"""

import hmac
import time
from typing import Final

from flask import Blueprint, Flask, Response, abort, current_app, g, request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from survey.services.readings import readings
from survey.web.clock import now
from survey.web.database import db
from survey.web.site import settings

FAILED: Final = 500
UNCOUNTED: Final = frozenset({"health", "metrics", None})

bp = Blueprint("metrics", __name__)


class Meters:
    """What this process counts."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()  # without the usual facts of the process: its work tells when it had any
        self.requests = Counter(
            "survey_requests", "Requests to pages behind the sign-in.", ["status"], registry=self.registry
        )
        self.seconds = Histogram(
            "survey_request_seconds", "Time they took.", registry=self.registry, buckets=(0.05, 0.15, 0.5, 2, 10)
        )
        self.failures = Counter("survey_failures", "Pages that failed by our own mistake.", registry=self.registry)

    def note(self, response: Response) -> Response:
        """Count what a view came to."""
        if response.status_code >= FAILED:
            self.failures.inc()
        if request.blueprint not in UNCOUNTED | current_app.extensions["survey.respondents"]:
            self.requests.labels(status=f"{response.status_code // 100}xx").inc()
            self.seconds.observe(time.monotonic() - g.get("began", time.monotonic()))
        return response


def install(app: Flask) -> None:
    """Count from now on, where metrics are asked for."""
    found = app.extensions["survey.settings"]
    if found.metrics_token:
        meters = Meters()
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
    meters: Meters = current_app.extensions["survey.meters"]
    return Response(generate_latest(meters.registry) + _now(), content_type=CONTENT_TYPE_PLAIN_0_0_4)


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
