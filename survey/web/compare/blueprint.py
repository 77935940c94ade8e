"""The compare page's blueprint."""

from flask import Blueprint

bp = Blueprint("compare", __name__, url_prefix="/compare")
