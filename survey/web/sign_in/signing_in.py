"""Signing in, by password or by passkey, and signing out."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey.forms.accounts import PasskeyForm, SignInForm
from survey.i18n import Refused, Sentence
from survey.services import first_run
from survey.services.accounts import passkeys, sign_ins, signing_in
from survey.web import access, cookies
from survey.web.clock import now
from survey.web.database import db, roll_back
from survey.web.limits import TRIES, limiter
from survey.web.sign_in.letting_in import after, let_in
from survey.web.sign_in.relying import answered, secret, site
from survey.web.site import settings

bp = Blueprint("signing_in", __name__)


@bp.get("/sign-in")
def show() -> str | Response:
    """Show the form; who is signed in already goes on."""
    if access.account() is not None:
        return redirect(after(), 303)
    if first_run.is_open(db()):
        return redirect(url_for("first_run.show"), 303)
    return form_page(SignInForm())


@bp.post("/sign-in")
@limiter.limit(TRIES)
def check() -> tuple[str, int] | Response:
    """Check e-mail and password and let the account in."""
    form = SignInForm(request.form)
    if not form.validate():
        return form_page(form), 422
    try:
        cookie = signing_in.sign_in(db(), form.email.data or "", form.password.data or "", now())
    except Refused as refused:
        return form_page(form, refused.sentence), 422
    return let_in(cookie)


@bp.post("/sign-in/passkey")
@limiter.limit(TRIES)
def by_passkey() -> tuple[str, int] | Response:
    """Let in whoever shows a passkey and has proven to hold it."""
    try:
        relying, answer = answered(PasskeyForm(request.form), passkeys.REFUSED)
        cookie = passkeys.sign_in(db(), relying, answer, secret(), now())
    except Refused as refused:
        roll_back()
        return form_page(SignInForm(), refused.sentence), 422
    return let_in(cookie)


@bp.post("/sign-out")
def sign_out() -> Response:
    """Forget this browser."""
    sign_ins.sign_out(db(), cookies.sent(access.COOKIE))
    response = redirect(url_for("signing_in.show"), 303)
    cookies.take(response, access.COOKIE)
    response.headers["Clear-Site-Data"] = '"cache"'  # not "storage": answers that a respondent is giving lie there
    return response


def form_page(form: SignInForm, problem: Sentence | None = None) -> str:
    """Return the page with the form."""
    relying = site()
    offer = passkeys.offer(db(), relying, None, secret(), now()) if relying else None
    return render_template(
        "accounts/sign_in.html",
        form=form,
        problem=problem,
        offer=offer,
        provider=bool(settings().oidc_issuer),
        ended=access.has_ended(),
        idle=settings().idle,
    )
