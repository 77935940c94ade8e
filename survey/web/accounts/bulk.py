"""Many accounts at once, from the roster or a file: looked at first, and only then made."""

from collections.abc import Callable
from typing import Final

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from survey.forms.staff import AccountFileForm
from survey.i18n import Refused, Sentence
from survey.services.accounts import account_file, bulk, grants, roster_leads
from survey.services.accounts.account_file import AccountErrors
from survey.services.accounts.bulk import Batch
from survey.services.accounts.roster_leads import Plan
from survey.web.access import for_hr, me
from survey.web.accounts import letters
from survey.web.accounts.blueprint import bp
from survey.web.acts import act
from survey.web.clock import now
from survey.web.database import db, done
from survey.web.language import language

NAMED: Final = 200
"""Lines of each list that a preview shows."""
PASTED: Final = "accounts.csv"
DONE: Final = Sentence("New accounts: %(accounts)s, new grants: %(grants)s, taken back: %(taken)s.")


@bp.get("/leaders")
@for_hr
def leaders() -> str:
    """Show what the roster says about accounts of leaders; nothing is changed."""
    plan = roster_leads.plan(db())
    units = {unit for _, some in plan.batch.accounts for unit in some}
    units |= {each.unit for each in (*plan.batch.grants, *plan.stale)}
    return render_template("accounts/leaders.html", plan=plan, names=grants.names(db(), units), named=NAMED, key=_key)


@bp.post("/leaders")
@for_hr
def leaders_taken() -> Response:
    """Make the accounts and grants that were looked at, and take the ticked ones back."""
    ticked = frozenset(request.form.getlist("take"))

    def work() -> Sentence:
        plan = roster_leads.plan(db())
        bulk.carry_out(db(), plan.batch, request.form.get("seen"), now(), me().id)
        return _done(plan.batch, _take(plan, ticked))

    return _carry_out(work, "accounts.leaders")


@bp.get("/file")
@for_hr
def file() -> str:
    """Show the form for a file of accounts."""
    return _file_page(AccountFileForm())


@bp.post("/file")
@for_hr
def look() -> str | tuple[str, int]:
    """Read a file and show what it would do; nothing is written yet."""
    form = AccountFileForm(request.files)
    if not form.validate():
        return _file_page(form), 422
    chosen = form.file.data
    try:
        everybody = account_file.read_accounts(db(), chosen.read(), chosen.filename, language())
    except AccountErrors as errors:
        return _file_page(form, errors=errors), 422
    except Refused as refused:
        return _file_page(form, refused.sentence), 422
    batch = bulk.compare(db(), everybody)
    units = {unit for _, some in batch.accounts for unit in some} | {each.unit for each in batch.grants}
    return render_template(
        "accounts/look.html",
        batch=batch,
        names=grants.names(db(), units),
        named=NAMED,
        table=account_file.as_csv(everybody),
    )


@bp.post("/file/taken")
@for_hr
def file_taken() -> Response:
    """Make what the preview showed; it is checked again, since a form may be changed on its way."""
    table = (request.form.get("table") or "").encode()

    def work() -> Sentence:
        batch = bulk.compare(db(), account_file.read_accounts(db(), table, PASTED, language()))
        bulk.carry_out(db(), batch, request.form.get("seen"), now(), me().id)
        return _done(batch, 0)

    return _carry_out(work, "accounts.file")


def _carry_out(work: Callable[[], Sentence], back: str) -> Response:
    """Do it and send the letters; where it is refused, go back to what was looked at."""

    def action() -> Sentence:
        told = work()
        done()
        nonlocal back
        back = "accounts.index"
        letters.start()
        return told

    response = act(action, "")
    response.location = url_for(back)
    return response


def _take(plan: Plan, ticked: frozenset[str]) -> int:
    """Take back what was ticked, of what was offered."""
    taken = [each for each in plan.stale if _key(each.account, each.unit) in ticked]
    for each in taken:
        grants.take(db(), each.email, [each.unit], now(), me().id)
    return len(taken)


def _key(account: int, unit: str) -> str:
    return f"{account}:{unit}"


def _done(batch: Batch, taken: int) -> Sentence:
    new = len(batch.grants) + sum(len(units) for _, units in batch.accounts)
    return DONE.fill(accounts=len(batch.accounts), grants=new, taken=taken)


def _file_page(form: AccountFileForm, problem: Sentence | None = None, errors: AccountErrors | None = None) -> str:
    return render_template("accounts/file.html", form=form, problem=problem, errors=errors)
