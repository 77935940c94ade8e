"""What the server logs: lines for a terminal, or one JSON object a line for a collector (SURVEY_LOG=json).

No line holds an address, a browser, a path or anything that was typed. Of pages for respondents only our own failures
are logged, without the time of day: whoever joins a log with who was at the office learns nothing of her.
"""

import datetime as dt
import logging
import threading
import time
from types import TracebackType
from typing import Final

import structlog
from flask import Flask, Response, current_app, g, request
from structlog.typing import EventDict, WrappedLogger

from survey import faults
from survey.settings import Settings

NAME: Final = "survey"
KEPT: Final = ("event", "level", "logger", "at", "day", "endpoint", "method", "status", "ms", "where")
"""All that a line may hold; whatever else somebody adds by mistake is dropped."""

ExceptionInfo = tuple[type, BaseException, TracebackType | None] | tuple[None, None, None]


def configure(settings: Settings) -> None:
    """Let all that this process logs leave in one form, unless somebody has said already where logs go."""
    # Where a line cannot be written (its disk is full), it is lost, and not told with all that was to be in it.
    logging.raiseExceptions = False
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    root = logging.getLogger()
    if not root.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(formatter(settings.log))
        root.addHandler(handler)
        # Of libraries only what is wrong: waitress tells at a lower level that somebody went away from /s.
        root.setLevel(logging.WARNING)
        logging.getLogger(NAME).setLevel(logging.INFO)
        # It has a line for each request that waits, at the pace at which people answer.
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)


def formatter(kind: str) -> logging.Formatter:
    """Return what makes lines of records, of ours and of every library's."""
    return structlog.stdlib.ProcessorFormatter(
        keep_exc_info=True,
        foreign_pre_chain=[structlog.stdlib.add_log_level, structlog.stdlib.add_logger_name],
        processors=[
            _without_traceback,
            _stamp,
            _only_known,
            structlog.processors.JSONRenderer(ensure_ascii=False) if kind == "json" else _plain,
        ],
    )


def install(app: Flask) -> None:
    """Log in one form, and for collectors the requests to pages behind the sign-in; a terminal stays readable."""
    configure(app.extensions["survey.settings"])
    if app.extensions["survey.settings"].log == "json":
        app.before_request(_begin)
        app.after_request(_note)


def say(text: str, *, wrong: bool = False, respondent: bool = False) -> None:
    """Log a line of the server's own; only with the day, where a respondent may have been the occasion."""
    structlog.get_logger(NAME).log(logging.ERROR if wrong else logging.INFO, text, respondent=respondent)


def failure(exc_info: ExceptionInfo) -> None:
    """Log the kind of a failure and the line it happened on, and the page; never what was typed or by whom."""
    kind, where = _failed(exc_info)
    respondent = request.blueprint in current_app.extensions["survey.respondents"]
    structlog.get_logger(NAME).error(kind, where=where, endpoint=request.endpoint, respondent=respondent)


def thread_failed(failed: threading.ExceptHookArgs) -> None:
    """Log why a thread ended; not what it was called, nor the words of the error: either may hold an address."""
    found = (failed.exc_type, failed.exc_value, failed.exc_traceback)
    logging.getLogger(NAME).error("thread", exc_info=found)  # type: ignore[arg-type] # an error that is raised is one


def _begin() -> None:
    g.logged_from = time.monotonic()


def _note(response: Response) -> Response:
    if request.blueprint not in {"health", "metrics", None} | current_app.extensions["survey.respondents"]:
        passed = time.monotonic() - g.get("logged_from", time.monotonic())
        structlog.get_logger(NAME).info(
            "request",
            endpoint=request.endpoint,
            method=request.method,
            status=response.status_code,
            ms=round(passed * 1000),
        )
    return response


def _without_traceback(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Keep of a failure its kind and its place: the words of an error, and those around it, may hold what was typed."""
    record: logging.LogRecord = event["_record"]
    if record.exc_info:
        event["event"], event["where"] = _failed(record.exc_info)
    record.exc_info = record.exc_text = record.stack_info = None
    return event


def _failed(exc_info: ExceptionInfo) -> tuple[str, str]:
    _type, error, trace = exc_info
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace is not None else "nowhere"
    return (faults.kind(error) if error is not None else "failure"), where


def _stamp(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Say when; of a page for respondents only the day."""
    now = dt.datetime.now(dt.UTC)
    if event.pop("respondent", False):
        event["day"] = now.date().isoformat()
    else:
        event["at"] = now.isoformat(timespec="seconds")
    return event


def _only_known(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    return {name: event[name] for name in KEPT if name in event}


def _plain(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    where = f" at {event['where']}" if "where" in event else ""
    page = f" on {event['endpoint']}" if "endpoint" in event else ""
    return f"{event['event']}{where}{page}"
