"""Which of the two languages a page speaks."""

from typing import Final

from flask import Flask, g, request
from jinja2.ext import InternationalizationExtension
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from survey.i18n import LANGUAGES, Sentence, catalogue
from survey.web import cookies
from survey.web.headers import is_for_respondents

COOKIE: Final = "language"
A_YEAR: Final = 365 * 24 * 3600


def language() -> str:
    """Return the reader's language: asked for (`lang`), else kept in the cookie, else the browser's, else Korean."""
    if "language" not in g:
        asked = request.args.get("lang") or _sent() or cookies.sent(COOKIE)
        g.language = asked if asked in LANGUAGES else request.accept_languages.best_match(LANGUAGES, "ko")
    return str(g.language)


def _sent() -> str | None:
    try:
        return request.form.get("lang")
    except HTTPException:
        return None  # a form that cannot be read (too large): its error page speaks the browser's language


def use_language(chosen: str) -> None:
    """Let this request speak `chosen`, whatever was asked before; anything but our languages changes nothing."""
    if chosen in LANGUAGES:
        g.language = chosen


def remember(response: Response, chosen: str) -> None:
    """Keep a language in this browser, for the pages of HR and leaders."""
    cookies.give(response, COOKIE, chosen, A_YEAR)


def keep_language(response: Response) -> Response:
    """Remember a language that was asked for in the address; pages of respondents never set a cookie."""
    chosen = request.args.get("lang")
    if chosen in LANGUAGES and not is_for_respondents(request.path):
        remember(response, chosen)
    return response


def say(sentence: Sentence | str) -> str:
    """Say a sentence of a service or a form in the reader's language."""
    return sentence.to(language()) if isinstance(sentence, Sentence) else catalogue(language()).gettext(sentence)


def install(app: Flask) -> None:
    """Teach the templates `_`, `ngettext`, `say` and `language`."""
    extension = InternationalizationExtension(app.jinja_env)
    app.jinja_env.extensions[extension.identifier] = extension
    app.jinja_env.globals.update(say=say, language=language)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined] # added by the extension
        lambda text: catalogue(language()).gettext(text),
        lambda one, many, count: catalogue(language()).ngettext(one, many, count),
        newstyle=True,
    )
