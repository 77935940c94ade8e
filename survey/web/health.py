"""For whoever watches the server: is it there, and can it work?"""

from flask import Blueprint, Response, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from survey.web.database import db

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def alive() -> Response:
    """Say that the process answers."""
    return jsonify(status="ok")


@bp.get("/readyz")
def ready() -> tuple[Response, int]:
    """Say whether the database answers and holds our tables."""
    try:
        db().execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    except SQLAlchemyError as error:
        return jsonify(status="no database", problem=type(error).__name__), 503
    return jsonify(status="ok"), 200
