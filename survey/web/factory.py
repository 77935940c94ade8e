"""Put the pages together: one Flask app for one installation."""

import hashlib
from functools import cache
from typing import Final

from flask import Flask, url_for
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from reports import handout
from survey.database import engine
from survey.runs.chosen import runs_for
from survey.runs.given import Place
from survey.services.closed import require_closed
from survey.settings import Settings
from survey.web import (
    ROOT,
    accounts,
    audit,
    clock,
    compare,
    cookies,
    crowd,
    database,
    drivers,
    errors,
    evidence,
    forms_cookie,
    frame,
    guides,
    headers,
    health,
    home,
    instruments,
    keyholders,
    language,
    lasting,
    letters,
    limits,
    log,
    logs,
    marks,
    methods,
    metrics,
    open_pages,
    people,
    practices,
    units,
)
from survey.web.company import company, first_run
from survey.web.heat_map import heat_files, heat_map
from survey.web.logs import ExceptionInfo
from survey.web.numbers import RowNumber
from survey.web.open_pages import public
from survey.web.outcomes import outcomes
from survey.web.publications import comments, notices, publications, reports, second_cuts, sharing
from survey.web.responses import profile, promises, receipts, responses
from survey.web.sign_in import openid, own_account, second_step, signing_in, welcome
from survey.web.together import Together
from survey.web.waves import (
    extensions,
    foresight,
    joins,
    leftovers,
    plans,
    previews,
    rehearsals,
    reminders,
    spares,
    unsealing,
    waves,
)

STATIC: Final = ROOT / "survey" / "static"
LARGEST_FORM: Final = 33 * 1024 * 1024
"""Bytes: a roster of 32 MB and what a form adds to it."""
BLUEPRINTS: Final = (
    health.bp,
    metrics.bp,
    signing_in.bp,
    second_step.bp,
    openid.bp,
    own_account.bp,
    welcome.bp,
    home.bp,
    first_run.bp,
    company.bp,
    people.bp,
    accounts.bp,
    log.bp,
    audit.bp,
    waves.bp,
    instruments.bp,
    keyholders.bp,
    unsealing.bp,
    plans.bp,
    previews.bp,
    extensions.bp,
    letters.bp,
    leftovers.bp,
    reminders.bp,
    spares.bp,
    foresight.bp,
    joins.bp,
    rehearsals.bp,
    publications.bp,
    sharing.bp,
    second_cuts.bp,
    reports.bp,
    units.bp,
    comments.bp,
    notices.bp,
    compare.bp,
    heat_map.bp,
    heat_files.bp,
    drivers.bp,
    evidence.bp,
    methods.bp,
    guides.bp,
    practices.bp,
    outcomes.bp,
    marks.bp,
    open_pages.bp,
)
RESPONDENTS: Final = (responses.bp, receipts.bp, profile.bp, promises.bp, open_pages.heard)
"""Pages without a session and without a cookie: there is nothing to forge."""


class Site(Flask):
    """The web app. Its log names a failure and its place, never what somebody typed or who it was."""

    def log_exception(self, exc_info: ExceptionInfo) -> None:
        """Log the kind of a failure and the line it happened on; messages and addresses may hold what was typed."""
        logs.failure(exc_info)


def create_app(settings: Settings | None = None, together: Together | None = None) -> Flask:
    """Build the app; raises SettingsError where the installation cannot work, with the cure in its sentence.

    Where other processes serve beside this one, `together` is what they count in.
    """
    settings = settings or Settings.from_environment()
    require_closed(settings)
    app = Site("survey", template_folder=str(ROOT / "templates"), static_folder=str(STATIC))
    app.config.update(configuration(settings))
    app.session_interface = forms_cookie.Kept()
    app.url_map.converters["int"] = RowNumber
    app.debug = False  # whatever FLASK_DEBUG says: a page that shows its inside would show what people typed
    app.extensions["survey.settings"] = settings
    app.extensions["survey.together"] = together = together or Together()
    for brake in (responses.BRAKE, first_run.BRAKE, public.BRAKE):
        brake.count_in(together)
    handout.share(settings.home)
    app.extensions["survey.respondents"] = {blueprint.name for blueprint in RESPONDENTS}
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["asset"] = asset
    crowd.install(app)  # before all others that look at a request
    app.after_request(language.keep_language)
    language.install(app)
    frame.install(app)
    logs.install(app)
    metrics.install(app)
    lasting.install(app)
    database.install(app, opened := engine(settings.database_url))
    app.extensions["survey.runs"] = runs_for(Place(opened, settings, clock.now))
    errors.install(app)
    guard = CSRFProtect(app)
    limits.limiter.init_app(app)
    limits.count_in(together, app.config["SECRET_KEY"])
    for blueprint in BLUEPRINTS + RESPONDENTS:
        app.register_blueprint(blueprint)
    for blueprint in (*RESPONDENTS, welcome.bp):
        guard.exempt(blueprint)
    serve_files(app, settings)
    return app


def configuration(settings: Settings) -> dict[str, object]:
    """Return Flask's own settings."""
    return {
        "SECRET_KEY": hashlib.sha256(b"survey web session\0" + settings.secret()).digest(),
        "MAX_CONTENT_LENGTH": LARGEST_FORM,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "SESSION_COOKIE_NAME": cookies.GUARDED + "form" if is_https(settings) else "form",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": is_https(settings),
        "WTF_CSRF_TIME_LIMIT": 4 * 3600,
    }


def is_https(settings: Settings) -> bool:
    """Tell whether people open this installation by https."""
    return settings.base_url.startswith("https://")


def serve_files(app: Flask, settings: Settings) -> None:
    """Serve the static files in front of Flask, and believe as many proxies as the operator named."""
    files = WhiteNoise(
        app.wsgi_app,
        root=str(STATIC),
        prefix="static/",
        max_age=3600,
        allow_all_origins=False,
        immutable_file_test=lambda path, _url: "/vendor/" in path,
    )
    hops = settings.proxy_hops
    safe = headers.hardened(files)
    proxied = ProxyFix(safe, x_for=hops, x_proto=hops, x_host=hops, x_prefix=0) if hops else safe
    app.wsgi_app = proxied  # type: ignore[assignment, method-assign] # Flask's documented way to add WSGI middleware


def asset(name: str) -> str:
    """Return the address of a static file with its digest, so that a new version is fetched at once."""
    return url_for("static", filename=name, v=_digest(name))


@cache
def _digest(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
