"""Signing in at the company's identity provider: there, and back again."""

import base64
from typing import Final

import msgspec
from flask import Blueprint, abort, make_response, redirect, request, url_for
from werkzeug.wrappers import Response

from survey.database import writing
from survey.forms.accounts import SignInForm
from survey.i18n import Refused
from survey.services.accounts import openid, vouched
from survey.services.accounts.openid import Begun, Provider
from survey.services.filing.locked import lock, unlock
from survey.web import cookies
from survey.web.clock import now
from survey.web.database import database, done
from survey.web.limits import VISITS, limiter
from survey.web.sign_in.letting_in import after, let_in
from survey.web.sign_in.relying import secret
from survey.web.sign_in.signing_in import form_page
from survey.web.site import settings

COOKIE: Final = "provider"
PURPOSE: Final = "sign-in at the provider"

bp = Blueprint("openid", __name__, url_prefix="/sign-in/company")


@bp.get("/")
@limiter.limit(VISITS)
def go() -> tuple[str, int] | Response:
    """Go to the provider; what has to come back goes along in a cookie that only this installation can read."""
    try:
        address, begun = openid.begin(_provider(), after(), now())
    except Refused as refused:
        return form_page(SignInForm(), refused.sentence), 502
    response = redirect(address, 303)
    carried = base64.urlsafe_b64encode(lock(secret(), PURPOSE, msgspec.json.encode(begun).decode())).decode()
    cookies.give(response, COOKIE, carried, int(openid.LASTS.total_seconds()))
    return response


@bp.get("/return")
@limiter.limit(VISITS)
def back() -> Response:
    """Let in whom the provider vouches for. This link changes something: it holds a code that is good for once."""
    begun = _begun()
    try:
        who = openid.identity(_provider(), begun, request.args, now())
        done()  # a session that reads would keep the one that writes waiting
        with writing(database()) as session:
            cookie = vouched.sign_in(session, who, now())
    except Refused as refused:
        return _forgotten(make_response(form_page(SignInForm(), refused.sentence), 422))
    return _forgotten(let_in(cookie, begun.next if begun else None))


def _forgotten(response: Response) -> Response:
    """Let the browser forget what it carried: it was good for this answer only."""
    cookies.take(response, COOKIE)
    return response


def _begun() -> Begun | None:
    try:
        box = base64.urlsafe_b64decode(cookies.sent(COOKIE).encode("ascii"))
    except ValueError:
        return None
    text = unlock(secret(), PURPOSE, box)
    return msgspec.json.decode(text, type=Begun) if text is not None else None


def _provider() -> Provider:
    known = settings()
    if not known.oidc_issuer:
        abort(404)
    address = known.base_url + url_for("openid.back")
    return Provider(known.oidc_issuer, known.oidc_client_id, known.oidc_secret(), address)
