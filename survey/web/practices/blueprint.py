"""The noun's blueprint, which its pages fill."""

from flask import Blueprint

bp = Blueprint("practices", __name__, url_prefix="/practices")
