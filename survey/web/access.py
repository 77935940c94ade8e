"""Who is signed in, and what that account may see: every page behind the sign-in asks here.

The name of a decorator is the right: `tests/journeys/rights.py` says of every route which it needs, and docs/access.md
who has it.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Final, NoReturn, ParamSpec, TypeVar
from urllib.parse import urlsplit

from flask import abort, g, redirect, request, url_for
from werkzeug.wrappers import Response

from survey.privacy.thaw import Publication, PublishedUnit
from survey.services.accounts.accounts import Account, visible_units
from survey.services.accounts.sign_ins import Browser, browser_of
from survey.web import cookies, typed
from survey.web.clock import now
from survey.web.database import db

COOKIE: Final = "account"
HR: Final = frozenset({"hr"})
READERS: Final = frozenset({"hr", "leader", "observer"})
LEADERS: Final = frozenset({"hr", "leader"})
AUDITORS: Final = frozenset({"hr", "auditor"})
ALL: Final = READERS | AUDITORS

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


def account() -> Account | None:
    """Return who is signed in with this browser, or None."""
    found = browser()
    return found.account if found is not None and found.second_step else None


def browser() -> Browser | None:
    """Return whose browser this is, be it only halfway in: after the password, before the second step."""
    if "browser" not in g:
        secret = cookies.sent(COOKIE)
        g.browser = browser_of(db(), secret, now()) if secret else None
    found: Browser | None = g.browser
    return found


def has_ended() -> bool:
    """Tell whether this browser was signed in, and is not any more."""
    return bool(cookies.sent(COOKIE)) and browser() is None


def browsing() -> Browser:
    """Return whose browser this is, on pages that need somebody."""
    found = browser()
    if found is None:
        abort(403)
    return found


def me() -> Account:
    """Return who is signed in, on pages that need somebody."""
    found = account()
    if found is None:
        abort(403)
    return found


def signed_in(view: Callable[Parameters, Result]) -> Callable[Parameters, Result | Response]:
    """Show a page to those who are signed in; everybody else signs in first and comes back.

    Who has given the password only is asked for the second step.
    """

    @wraps(view)
    def guarded(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result | Response:
        if account() is None:
            if request.method == "POST" and has_ended():
                return typed.page()
            here = request.full_path.rstrip("?") if request.method == "GET" else None
            next_step = "signing_in.show" if browser() is None else "second_step.show"
            return redirect(url_for(next_step, next=here), 303)
        return view(*args, **kwargs)

    return guarded


def for_hr(view: Callable[Parameters, Result]) -> Callable[Parameters, Result | Response]:
    """Open to HR only; others are told that their account does not open it."""
    return _only(HR, view)


def for_readers(view: Callable[Parameters, Result]) -> Callable[Parameters, Result | Response]:
    """Open what was published to HR, leaders and observers, each of them their part of the tree."""
    return _only(READERS, view)


def for_leaders(view: Callable[Parameters, Result]) -> Callable[Parameters, Result | Response]:
    """Let HR and leaders note something about their units; observers only read."""
    return _only(LEADERS, view)


def for_auditors(view: Callable[Parameters, Result]) -> Callable[Parameters, Result | Response]:
    """Open what an auditor checks, which holds no result of any unit, to auditors and HR."""
    return _only(AUDITORS, view)


def _only(roles: frozenset[str], view: Callable[Parameters, Result]) -> Callable[Parameters, Result | Response]:
    @wraps(view)
    def guarded(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
        if me().role not in roles:
            abort(403)
        return view(*args, **kwargs)

    return signed_in(guarded)


def units_visible_to(account: Account, publication: Publication) -> tuple[PublishedUnit, ...]:
    """Return the units of a publication that an account may see, in the publication's order."""
    among = publication.units if account.role == "hr" else _near_grants(account, publication)
    seen = seen_among(account, among)
    return tuple(unit for unit in among if unit.code in seen)


def _near_grants(account: Account, publication: Publication) -> tuple[PublishedUnit, ...]:
    """Return what an account was granted, with all above and below it; others are not seen, and may be thousands."""
    groups = [group.code for group in publication.groups if not account.units.isdisjoint(group.joined)]
    granted = [*(code for code in account.units if code in publication), *groups]
    near = {unit.code for code in granted for unit in (*publication.path(code), *publication.below(code))}
    return tuple(publication.unit(code) for code in publication.codes if code in near)


def unit_visible_to(account: Account, publication: Publication, code: str) -> PublishedUnit:
    """Return a unit of a publication; 404 where there is none, or none that the account may see."""
    if code not in publication or code not in seen_among(account, publication.path(code)):
        refuse_unit()
    return publication.unit(code)


def refuse_unit() -> NoReturn:
    """Answer 404, and let the log know: the same for one that does not exist, so that nobody learns which it was."""
    g.unit_refused = True
    abort(404)


def sees(account: Account, publication: Publication, code: str) -> bool:
    """Return whether an account may see a unit of a publication."""
    return code in seen_among(account, publication.path(code))


def seen_among(account: Account, units: Iterable[PublishedUnit]) -> frozenset[str]:
    """Return the codes of those that an account may see, of units given with all that lies above them."""
    among = tuple(units)
    return visible_units(
        account, {unit.code: unit.parent for unit in among}, {unit.code: unit.joined for unit in among if unit.joined}
    )


def own_page(address: str | None) -> str | None:
    """Return an address only where it is a path of this site, so that signing in leads nowhere else.

    >>> own_page("/units/?wave=2026-Q4"), own_page("https://elsewhere.example/"), own_page("//elsewhere.example/")
    ('/units/?wave=2026-Q4', None, None)
    """
    if not address or not address.startswith("/") or address.startswith(("//", "/\\")):
        return None
    parts = urlsplit(address)
    return None if parts.scheme or parts.netloc else address
