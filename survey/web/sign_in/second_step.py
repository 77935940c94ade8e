"""The second step of signing in: taken, or set up by whoever needs one and has none yet.

A browser that stands between the password and the second step opens these pages only; one whose account has a second
step already can take it, and cannot set up another.
"""

from collections.abc import Callable
from functools import wraps
from typing import Final, ParamSpec, TypeVar

import segno
from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey.forms.accounts import AppForm, CodeForm, NewPasskeyForm, PasskeyForm
from survey.i18n import Refused, Sentence
from survey.services.accounts import authenticator, passkeys, second_step, sign_ins
from survey.services.accounts.authenticator import Enrolment
from survey.services.accounts.sign_ins import Browser
from survey.web import access, cookies
from survey.web.clock import now
from survey.web.database import db, roll_back
from survey.web.language import say
from survey.web.limits import TRIES, limiter
from survey.web.sign_in import own_account
from survey.web.sign_in.letting_in import after, let_in, with_cookie
from survey.web.sign_in.relying import answered, name, secret, site

DONE: Final = Sentence("Your second step is set up.")

bp = Blueprint("second_step", __name__, url_prefix="/second-step")

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


def _may_set_up(browser: Browser) -> bool:
    """Tell whether a browser may set a second step up: who is halfway in only where there is none to take."""
    if browser.second_step:
        return browser.is_recent(now())
    return not second_step.of(db(), browser.account.id).ready


def halfway(view: Callable[Parameters, Result]) -> Callable[Parameters, Result | Response]:
    """Open to a browser between the password and the second step of an account that has one."""

    @wraps(view)
    def guarded(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result | Response:
        browser = access.browser()
        if browser is None or browser.second_step or _may_set_up(browser):
            return redirect(url_for("second_step.show", next=after()), 303)
        return view(*args, **kwargs)

    return guarded


def setting_up(view: Callable[Parameters, Result]) -> Callable[Parameters, Result | Response]:
    """Open to whoever may set a second step up."""

    @wraps(view)
    def guarded(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result | Response:
        browser = access.browser()
        if browser is None or not _may_set_up(browser):
            return redirect(url_for("second_step.show", next=after()), 303)
        return view(*args, **kwargs)

    return guarded


@bp.get("/")
def show() -> str | Response:
    """Ask for the second step, or set one up."""
    browser = access.browser()
    if browser is None:
        return redirect(url_for("signing_in.show", next=after()), 303)
    if _may_set_up(browser):
        return _set_up(authenticator.enrol(browser.account, name(), secret(), now()))
    if browser.second_step:
        return own_account.sign_in_again()
    return _ask(CodeForm())


@bp.post("/")
@limiter.limit(TRIES)
@halfway
def code() -> tuple[str, int] | Response:
    """Take the second step with a code of the app, or a recovery code."""
    form = CodeForm(request.form)
    if not form.validate():
        return _ask(form), 422
    try:
        authenticator.check(db(), access.browsing().account.id, form.code.data or "", secret(), now())
    except Refused as refused:
        roll_back()
        return _ask(form, refused.sentence), 422
    return let_in(_finished())


@bp.post("/passkey")
@limiter.limit(TRIES)
@halfway
def by_passkey() -> tuple[str, int] | Response:
    """Take the second step with a passkey."""
    try:
        relying, answer = answered(PasskeyForm(request.form), passkeys.REFUSED)
        passkeys.check(db(), relying, access.browsing().account.id, answer, secret(), now())
    except Refused as refused:
        roll_back()
        return _ask(CodeForm(), refused.sentence), 422
    return let_in(_finished())


@bp.post("/app")
@limiter.limit(TRIES)
@setting_up
def app() -> tuple[str, int] | Response:
    """Keep the authenticator app that has shown a right code."""
    form = AppForm(request.form)
    account, sealed = access.browsing().account, form.sealed.data or ""
    try:
        codes = authenticator.confirm(db(), account.id, sealed, form.code.data or "", secret(), now())
    except Refused as refused:
        roll_back()
        offered = authenticator.again(account, name(), secret(), sealed, now())
        return _set_up(offered, problem=refused.sentence), 422
    return _set_up_done(codes)


@bp.post("/new-passkey")
@limiter.limit(TRIES)
@setting_up
def new_passkey() -> tuple[str, int] | Response:
    """Keep a new passkey."""
    form, account = NewPasskeyForm(request.form), access.browsing().account
    try:
        relying, answer = answered(form, passkeys.NOT_ADDED)
        codes = passkeys.register(db(), relying, account.id, answer, form.name.data or "", secret(), now())
    except Refused as refused:
        roll_back()
        return _set_up(authenticator.enrol(account, name(), secret(), now()), form, refused.sentence), 422
    return _set_up_done(codes)


def _finished() -> str:
    return sign_ins.finish(db(), cookies.sent(access.COOKIE), now())


def _ask(form: CodeForm, problem: Sentence | None = None) -> str:
    relying, account = site(), access.browsing().account
    ways = second_step.of(db(), account.id)
    offer = passkeys.offer(db(), relying, account.id, secret(), now()) if relying and ways.passkeys else None
    return render_template("accounts/second_step.html", form=form, problem=problem, ways=ways, offer=offer)


def _set_up(offered: Enrolment, passkey_form: NewPasskeyForm | None = None, problem: Sentence | None = None) -> str:
    relying, account = site(), access.browsing().account
    return render_template(
        "accounts/set_up.html",
        ways=second_step.of(db(), account.id),
        offered=offered,
        picture=segno.make(offered.uri, error="m").svg_data_uri(scale=5, border=3, light="white"),
        app_form=AppForm(),
        passkey_form=passkey_form or NewPasskeyForm(),
        problem=problem,
        offer=passkeys.offer_registration(db(), relying, account, secret(), now()) if relying else None,
        whole=access.browsing().second_step,
    )


def _set_up_done(codes: tuple[str, ...]) -> Response:
    """Let in whoever was halfway, and show the recovery codes where there are new ones."""
    cookie = None if access.browsing().second_step else _finished()
    if codes:
        page = make_response(render_template("accounts/recovery_codes.html", codes=codes, done=DONE, after=after()))
    else:
        flash(say(DONE), "done")
        page = make_response(redirect(after(), 303))
    return with_cookie(page, cookie) if cookie else page
