"""Where the pages of accounts and grants hang."""

from flask import Blueprint

bp = Blueprint("accounts", __name__, url_prefix="/accounts")
