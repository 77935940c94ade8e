"""For whoever watches the server: is it there, and can it work?"""

from flask import Blueprint, Response, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from survey.faults import FORGETS, READ_ONLY, ForgetfulError, fault
from survey.services.room import hindrances
from survey.web.database import db
from survey.web.site import settings

bp = Blueprint("health", __name__)
REFUSES = """
    SELECT pg_is_in_recovery() OR current_setting('default_transaction_read_only')::boolean,
        NOT (current_setting('fsync')::boolean AND current_setting('full_page_writes')::boolean)
"""
"""Whether PostgreSQL takes nothing, and whether it keeps nothing: connections that are open are not told of either."""


@bp.get("/healthz")
def alive() -> Response:
    """Say that the process answers."""
    return jsonify(status="ok")


@bp.get("/readyz")
def ready() -> tuple[Response, int]:
    """Say whether the database answers, holds our tables and takes what is written, and whether the disk does."""
    try:
        db().execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        travels = db().get_bind().dialect.name != "sqlite"
        reads_only, forgets = db().execute(text(REFUSES)).one() if travels else (False, False)
    except (SQLAlchemyError, ForgetfulError) as error:
        return _not_ready("no database", error)
    if reads_only or forgets:
        return jsonify(status="cannot write", problem=(READ_ONLY if reads_only else FORGETS).name), 503
    hindered = next(hindrances(settings()), None)
    return _not_ready("cannot write", hindered[1]) if hindered else (jsonify(status="ok"), 200)


def _not_ready(status: str, error: Exception) -> tuple[Response, int]:
    found = fault(error)
    return jsonify(status=status, problem=found.name if found else type(error).__name__), 503
