"""What HR does with one account: each button says what it did, or why not."""

from collections.abc import Callable

from flask import request, url_for
from werkzeug.wrappers import Response

from survey.forms.staff import AccountForm, NewAccountForm
from survey.i18n import Refused, Sentence
from survey.services.accounts import grants, keeping, second_step
from survey.services.accounts.accounts import Account
from survey.services.accounts.keeping import Facts
from survey.web.access import for_hr, me
from survey.web.accounts import letters
from survey.web.accounts.blueprint import bp
from survey.web.accounts.pages import account_page, line_or_404, new_page, with_choices
from survey.web.acts import act
from survey.web.clock import now
from survey.web.database import db, done, roll_back


@bp.post("/new")
@for_hr
def make() -> Response | tuple[str, int]:
    """Make an account, and send its letter."""
    form = with_choices(NewAccountForm(request.form))
    if not form.validate():
        return new_page(form), 422
    try:
        made = keeping.make(db(), form.email.data or "", _facts(form), now(), me().id)
        done()
    except Refused as refused:
        roll_back()
        return new_page(form, refused.sentence), 422

    def letter() -> Sentence:
        letters.start()
        return Sentence("The account is made, and its letter is on its way.")

    return act(letter, url_for("accounts.show", number=made.id))


@bp.post("/<int:number>")
@for_hr
def change(number: int) -> Response | tuple[str, int]:
    """Change name, role and language."""
    line_or_404(number)
    form = with_choices(AccountForm(request.form))
    if not form.validate():
        return account_page(number, form), 422
    return _do(number, lambda: keeping.change(db(), number, _facts(form), now(), me().id), Sentence("Changed."))


@bp.post("/<int:number>/close")
@for_hr
def close(number: int) -> Response:
    """Close an account; it is signed out at once."""
    line_or_404(number)
    told = Sentence("The account is closed and signed out everywhere.")
    return _do(number, lambda: keeping.close(db(), number, now(), me().id), told)


@bp.post("/<int:number>/reopen")
@for_hr
def reopen(number: int) -> Response:
    """Open a closed account again."""
    line_or_404(number)
    told = Sentence("The account is open again.")
    return _do(number, lambda: keeping.reopen(db(), number, now(), me().id), told)


@bp.post("/<int:number>/sign-out")
@for_hr
def sign_out(number: int) -> Response:
    """Sign an account out everywhere."""
    line_or_404(number)
    told = Sentence("The account is signed out everywhere.")
    return _do(number, lambda: keeping.sign_out(db(), number, now(), me().id), told)


@bp.post("/<int:number>/second-step")
@for_hr
def reset_second_step(number: int) -> Response:
    """Take the second step away from somebody who lost it."""
    email = line_or_404(number).account.email
    told = Sentence("The second step is taken away. At the next sign-in a new one is set up.")
    return _do(number, lambda: second_step.reset(db(), email, now(), me().id), told)


@bp.post("/<int:number>/grants")
@for_hr
def give(number: int) -> Response:
    """Let an account see the units that were ticked."""
    email, codes = line_or_404(number).account.email, request.form.getlist("unit")
    told = Sentence("Added to what this account sees.") if codes else Sentence("No unit was ticked.")
    return _do(number, lambda: grants.give(db(), email, codes, now(), me().id), told)


@bp.post("/<int:number>/grants/taken")
@for_hr
def take(number: int) -> Response:
    """Take a unit back."""
    email, code = line_or_404(number).account.email, request.form.get("unit", "")
    told = Sentence("Taken back. What lies below another granted unit can still be seen.")
    return _do(number, lambda: grants.take(db(), email, [code], now(), me().id), told)


def _do(number: int, what: Callable[[], Account], told: Sentence) -> Response:
    def action() -> Sentence:
        what()
        done()
        return told

    return act(action, url_for("accounts.show", number=number))


def _facts(form: AccountForm) -> Facts:
    return Facts(form.name.data or "", form.role.data, form.language.data)
