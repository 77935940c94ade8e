"""The blueprints: one behind the sign-in, one for everybody who has an address."""

from flask import Blueprint

from survey.web.responses.respondents import install

bp = Blueprint("open_pages", __name__, url_prefix="/open-pages")
heard = Blueprint("heard", __name__)
install(heard)
