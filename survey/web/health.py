"""For whoever watches the server: is it there, and can it work?"""

import time
from math import inf
from typing import Final

from flask import Blueprint, Response, current_app, jsonify
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from survey.database import travels
from survey.database_file import is_moved
from survey.faults import AWAY, BUSY, CROWDED, DISK, FORGETS, MOVED, READ_ONLY, Fault, ForgetfulError, fault
from survey.services.room import hindrances, spill
from survey.web.database import database, db
from survey.web.site import settings

bp = Blueprint("health", __name__)
REFUSES = """
    SELECT pg_is_in_recovery() OR current_setting('default_transaction_read_only')::boolean,
        NOT (current_setting('fsync')::boolean AND current_setting('full_page_writes')::boolean)
"""
"""Whether PostgreSQL takes nothing, and whether it keeps nothing: connections that are open are not told of either."""

A_MINUTE: Final = 60.0
"""Seconds for which PostgreSQL's disk is not asked again, where it had room."""
HAD_ROOM: Final = "survey.had_room"


@bp.get("/healthz")
def alive() -> Response:
    """Say that the process answers."""
    return jsonify(status="ok")


@bp.get("/readyz")
def ready() -> tuple[Response, int]:
    """Say whether the database answers, holds our tables and takes what is written, and whether the disk does."""
    try:
        db().execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        hinders = _server() if travels(database()) else _file()
    except (SQLAlchemyError, ForgetfulError) as error:
        return _not_ready("no database", error)
    if hinders is not None:
        return jsonify(status="cannot write", problem=hinders.name), 503
    hindered = next(hindrances(settings()), None)
    return _not_ready("cannot write", hindered[1]) if hindered else (jsonify(status="ok"), 200)


def _file() -> Fault | None:
    """Return that SQLite's file is gone, or another one: a connection that is open reads on in the old one."""
    return MOVED if is_moved(database()) else None


def _server() -> Fault | None:
    """Return why PostgreSQL would not take or not keep an answer; what only asks too much of it is no reason."""
    reads_only, forgets = db().execute(text(REFUSES)).one()
    if reads_only or forgets:
        return READ_ONLY if reads_only else FORGETS
    kept = current_app.extensions
    if time.monotonic() - kept.get(HAD_ROOM, -inf) < A_MINUTE:
        return None
    try:
        spill(db())
    except DBAPIError as error:
        found = fault(error)
        if found is AWAY:
            raise
        # Without a folder for temporary files, and room to make one, PostgreSQL has no number for what is wrong.
        return None if found in (CROWDED, BUSY) else found or DISK
    kept[HAD_ROOM] = time.monotonic()
    return None


def _not_ready(status: str, error: Exception) -> tuple[Response, int]:
    found = fault(error)
    return jsonify(status=status, problem=found.name if found else type(error).__name__), 503
