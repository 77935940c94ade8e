"""The cookie of a browser that is let in, and where it goes on."""

from flask import g, redirect, request, session, url_for
from werkzeug.wrappers import Response

from survey.services.accounts import sign_ins
from survey.services.accounts.sign_ins import STAYS
from survey.web import access, cookies, language
from survey.web.clock import now
from survey.web.database import db


def after() -> str:
    """Return the page that was asked for before signing in; the first page where there was none of this site."""
    return access.own_page(request.args.get("next")) or url_for("home.show")


def let_in(secret: str, to: str | None = None) -> Response:
    """Go on to a page, signed in; where the second step is due it comes first."""
    session.clear()  # the token of forms: what somebody put into this browser before must not send forms from now on
    browser = sign_ins.browser_of(db(), secret, now())
    to = to or after()
    halfway = browser is not None and not browser.second_step
    response = redirect(url_for("second_step.show", next=to) if halfway else to, 303)
    if browser is not None and not cookies.sent(language.COOKIE):
        language.remember(response, browser.account.language)
    return with_cookie(response, secret)


def with_cookie(response: Response, secret: str) -> Response:
    """Give the browser the secret it is known by."""
    g.given = secret
    cookies.give(response, access.COOKIE, secret, int(STAYS.total_seconds()))
    return response
