"""Signing in and out."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey.forms.accounts import SignInForm
from survey.i18n import Refused, Sentence
from survey.services.accounts import sign_ins, signing_in
from survey.services.accounts.sign_ins import STAYS
from survey.web import access, language
from survey.web.clock import now
from survey.web.database import db
from survey.web.limits import TRIES, limiter

bp = Blueprint("signing_in", __name__)


@bp.get("/sign-in")
def show() -> str | Response:
    """Show the form; who is signed in already goes on."""
    if access.account() is not None:
        return redirect(access.own_page(request.args.get("next")) or url_for("home.show"), 303)
    return _form(SignInForm())


@bp.post("/sign-in")
@limiter.limit(TRIES)
def check() -> tuple[str, int] | Response:
    """Check e-mail and password and let the account in."""
    form = SignInForm(request.form)
    if not form.validate():
        return _form(form), 422
    try:
        secret = signing_in.sign_in(db(), form.email.data or "", form.password.data or "", now())
    except Refused as refused:
        return _form(form, refused.sentence), 422
    return _let_in(secret)


@bp.post("/sign-out")
def sign_out() -> Response:
    """Forget this browser."""
    sign_ins.sign_out(db(), request.cookies.get(access.COOKIE, ""))
    response = redirect(url_for("signing_in.show"), 303)
    response.delete_cookie(access.COOKIE)
    return response


def _form(form: SignInForm, problem: Sentence | None = None) -> str:
    return render_template("accounts/sign_in.html", form=form, problem=problem)


def _let_in(secret: str) -> Response:
    response = redirect(access.own_page(request.args.get("next")) or url_for("home.show"), 303)
    lifetime = int(STAYS.total_seconds())
    response.set_cookie(
        access.COOKIE, secret, max_age=lifetime, secure=request.is_secure, httponly=True, samesite="Lax"
    )
    found = sign_ins.account_of(db(), secret, now())
    if found is not None and language.COOKIE not in request.cookies:
        language.remember(response, found.language)
    return response
