"""The list of accounts, and the page of one; auditors read both."""

import datetime as dt
from typing import Final, TypeVar

from flask import abort, render_template, request

from survey.forms.staff import AccountForm, NewAccountForm
from survey.i18n import Sentence, day
from survey.runs.ways_in import ACCOUNTS
from survey.services.accounts import grants, invited, listing, roles
from survey.services.accounts.listing import Find, Line
from survey.web.access import for_auditors, for_hr, me
from survey.web.accounts.blueprint import bp
from survey.web.clock import day_of, now
from survey.web.database import db
from survey.web.language import language, say
from survey.web.site import run

MOST_UNITS: Final = 40
"""Units that are offered at once; a search narrows them."""
SomeForm = TypeVar("SomeForm", bound=AccountForm)
LANGUAGE_NAMES: Final = (("ko", "한국어"), ("en", "English"))
STATES: Final = {
    "open": Sentence("Signs in"),
    "invited": Sentence("Has not signed in yet"),
    "closed": Sentence("Account closed"),
}


@bp.get("/")
@for_auditors
def index() -> str:
    """List the accounts, by page, with what each may see."""
    find = Find(*(request.args.get(name, "") for name in ("words", "role", "state")))
    asked = request.args.get("page", "1")
    found = listing.listed(db(), find, int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 8 else 1)  # noqa: PLR2004 - no list has so many pages
    return render_template(
        "accounts/index.html",
        found=found,
        find=find,
        names=grants.names(db(), {unit for line in found.lines for unit in line.account.units}),
        state=state_of,
        states=STATES,
        waiting=invited.waiting(db()),
        run=run(ACCOUNTS),
        hr=me().role == "hr",
    )


@bp.get("/new")
@for_hr
def plan() -> str:
    """Show the form for a new account."""
    return new_page(NewAccountForm(data={"role": "leader", "language": language()}))


@bp.get("/<int:number>")
@for_auditors
def show(number: int) -> str:
    """Show one account, with its grants."""
    return account_page(number)


def new_page(form: NewAccountForm, problem: Sentence | None = None) -> str:
    """Show the form for a new account, with what is wrong."""
    return render_template("accounts/new.html", form=with_choices(form), problem=problem, opens=roles.OPENS)


def account_page(number: int, form: AccountForm | None = None, problem: Sentence | None = None) -> str:
    """Show one account, with what is wrong where something is."""
    line = line_or_404(number)
    facts = {"name": line.account.name, "role": line.account.role, "language": line.account.language}
    words = request.args.get("unit", "")
    offered = grants.units_like(db(), words, MOST_UNITS + 1) if line.account.role in grants.HOLDERS else []
    return render_template(
        "accounts/show.html",
        line=line,
        state=state_of(line),
        form=with_choices(form or AccountForm(data=facts)),
        problem=problem,
        names=grants.names(db(), line.account.units),
        offered=[unit for unit in offered[:MOST_UNITS] if unit.code not in line.account.units],
        more=len(offered) > MOST_UNITS,
        words=words,
        holds=line.account.role in grants.HOLDERS,
        opens=roles.OPENS,
        own=line.account.id == me().id,
        hr=me().role == "hr",
    )


def line_or_404(number: int) -> Line:
    """Return an account with what stands beside it, or answer that there is no such page."""
    found = listing.one(db(), number)
    if found is None:
        abort(404)
    return found


def state_of(line: Line) -> Sentence:
    """Say whether somebody signs in with an account, and where its letter is."""
    if not line.active:
        return Sentence("Account closed")
    if line.signs_in:
        return Sentence("Signs in")
    if line.letter_until is None:
        return Sentence("Waits for its letter")
    if line.letter_until <= now():
        return Sentence("The letter has ended unused")
    return Sentence("The letter works until %(day)s", {"day": _day(line.letter_until)})


def with_choices(form: SomeForm) -> SomeForm:
    """Give a form its lists to choose from."""
    form.role.choices = [(role, say(name)) for role, name in roles.NAMES.items()]
    form.language.choices = list(LANGUAGE_NAMES)
    return form


def _day(moment: dt.datetime) -> str:
    return day(day_of(moment), language())
