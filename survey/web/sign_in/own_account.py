"""My sign-in: how somebody signs in herself, and where she is signed in."""

from collections.abc import Callable
from functools import wraps
from typing import Final, ParamSpec, TypeVar

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey.forms.accounts import PasswordForm
from survey.i18n import Refused, Sentence, day
from survey.services.accounts import authenticator, own, passkeys, recovery_codes, second_step, sign_ins
from survey.services.here import moment
from survey.web import access, cookies
from survey.web.access import me, signed_in
from survey.web.acts import act
from survey.web.clock import now, zone
from survey.web.database import db, done, roll_back
from survey.web.language import language, remember, say
from survey.web.limits import TRIES, limiter
from survey.web.sign_in.letting_in import let_in
from survey.web.sign_in.relying import secret
from survey.web.site import settings

AGAIN: Final = Sentence("It is a while since you signed in. To change how you sign in, sign in once more.")
NEW_CODES: Final = Sentence("Your new recovery codes are ready. The older ones are good for nothing any more.")

bp = Blueprint("own_account", __name__, url_prefix="/account")

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


def recently(view: Callable[Parameters, Result]) -> Callable[Parameters, Result | Response]:
    """Open to whoever signed in just now: nobody changes how somebody else signs in, who left her screen open."""

    @wraps(view)
    def guarded(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result | Response:
        if not access.browsing().is_recent(now()):
            return sign_in_again()
        return view(*args, **kwargs)

    return signed_in(guarded)


def sign_in_again() -> Response:
    """Lead back to the page that says that one has to sign in once more."""
    flash(say(AGAIN), "problem")
    return redirect(url_for("own_account.show"), 303)


@bp.get("/")
@signed_in
def show() -> str:
    """Show everything about one's own sign-in."""
    return _page(PasswordForm())


@bp.post("/language")
@signed_in
def speak() -> Response:
    """Let pages and letters speak another language."""
    chosen = request.form.get("language", "")
    own.speak(db(), me().id, chosen)
    response = redirect(url_for("own_account.show"), 303)
    remember(response, chosen)
    return response


@bp.post("/password")
@limiter.limit(TRIES)
@signed_in
def password() -> tuple[str, int] | Response:
    """Change the password, and sign out every other browser."""
    form = PasswordForm(request.form)
    if not form.validate():
        return _page(form), 422
    try:
        typed = (form.old.data or "", form.new.data or "")
        cookie = own.change_password(db(), me().id, *typed, now(), breached=settings().breached)
    except Refused as refused:
        roll_back()
        return _page(form, refused.sentence), 422
    flash(say(Sentence("Your password is changed, and every other browser is signed out.")), "done")
    return let_in(cookie, url_for("own_account.show"))


@bp.post("/app/remove")
@recently
def remove_app() -> Response:
    """Take the authenticator app away."""

    def action() -> Sentence:
        authenticator.remove(db(), me().id, now())
        done()
        return Sentence("The authenticator app is removed.")

    return act(action, url_for("own_account.show"))


@bp.post("/passkey/remove")
@recently
def remove_passkey() -> Response:
    """Take a passkey away."""

    def action() -> Sentence:
        passkeys.remove(db(), me().id, request.form.get("credential", ""), now())
        done()
        return Sentence("The passkey is removed. Delete it on your device as well.")

    return act(action, url_for("own_account.show"))


@bp.post("/codes")
@recently
def new_codes() -> str | Response:
    """Make new recovery codes, and show them once."""
    if not second_step.of(db(), me().id).ready:
        return redirect(url_for("own_account.show"), 303)
    codes = recovery_codes.renew(db(), me().id, secret(), now())
    return render_template(
        "accounts/recovery_codes.html", codes=codes, done=NEW_CODES, after=url_for("own_account.show")
    )


@bp.post("/sign-out-everywhere")
@recently
def sign_out_everywhere() -> Response:
    """Forget every browser, this one too."""
    own.sign_out_everywhere(db(), me().id, now())
    return redirect(url_for("signing_in.show"), 303)


@bp.post("/again")
@signed_in
def again() -> Response:
    """Forget this browser, and come back here after signing in."""
    sign_ins.sign_out(db(), cookies.sent(access.COOKIE))
    return redirect(url_for("signing_in.show", next=url_for("own_account.show")), 303)


def _page(form: PasswordForm, problem: Sentence | None = None) -> str:
    mine = me()
    keys = [(key, day(key.added_on, language())) for key in passkeys.passkeys(db(), mine.id)]
    browsers = sign_ins.elsewhere(db(), mine.id, cookies.sent(access.COOKIE), now())
    return render_template(
        "accounts/own.html",
        form=form,
        problem=problem,
        ways=second_step.of(db(), mine.id),
        passkeys=keys,
        browsers=[(moment(each.began_at, language(), zone()) if each.began_at else "", each.here) for each in browsers],
        idle=settings().idle,
        recent=access.browsing().is_recent(now()),
        has_password=own.has_password(db(), mine.id),
    )
