"""What the frame around every page for HR and leaders shows: whose company, which pages, the other language."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from flask import Flask, g, request, url_for

from survey.i18n import Refused, Sentence
from survey.services.accounts import roles
from survey.services.company import Company
from survey.services.company import company as company_of
from survey.web import access, language
from survey.web.database import db

ASKING: Final = Sentence("Surveys")
RESULTS: Final = Sentence("Results")
HOUSE: Final = Sentence("Administration")


@dataclass(frozen=True)
class Page:
    """An entry of the navigation."""

    endpoint: str
    icon: str
    name: Sentence
    roles: frozenset[str] = access.READERS
    """Who finds it in the navigation: those whom its decorator lets in."""
    group: Sentence = RESULTS
    """Under which heading it stands there."""

    @property
    def current(self) -> bool:
        """Tell whether the reader is here, or on a page that belongs to it."""
        return request.blueprint == self.endpoint.split(".")[0]


PAGES: Final = (
    Page("home.show", "house", Sentence("Start"), access.HR, ASKING),
    Page("people.show", "users", Sentence("Roster"), access.HR, ASKING),
    Page("waves.index", "calendar-days", Sentence("Waves"), access.HR, ASKING),
    Page("instruments.index", "file-text", Sentence("Questionnaires"), access.HR, ASKING),
    Page("units.tree", "building-2", Sentence("Units")),
    Page("compare.show", "columns-3", Sentence("Compare")),
    Page("heat_map.show", "grid-3x3", Sentence("Heat map")),
    Page("practices.show", "lightbulb", Sentence("Practices")),
    Page("outcomes.show", "chart-scatter", Sentence("Outcomes")),
    Page("drivers.show", "chart-bar-stacked", Sentence("Spread by motive"), access.HR),
    Page("evidence.show", "sigma", Sentence("Evidence")),
    Page("company.show", "settings", Sentence("Company settings"), access.HR, HOUSE),
    Page("accounts.index", "user-cog", Sentence("Accounts"), access.AUDITORS, HOUSE),
    Page("keyholders.show", "key-round", Sentence("Keyholders"), access.HR, HOUSE),
    Page("audit.index", "shield-check", Sentence("Audit"), access.AUDITORS, HOUSE),
    Page("log.show", "lock", Sentence("Audit log"), access.AUDITORS, HOUSE),
    Page("own_account.show", "circle-user", Sentence("My sign-in"), access.ALL, HOUSE),
    Page("guides.index", "info", Sentence("Help"), access.ALL, HOUSE),
)


def company() -> Company | None:
    """Return the company; None before the first set-up."""
    if "company" not in g:
        try:
            g.company = company_of(db())
        except Refused:
            g.company = None
    found: Company | None = g.company
    return found


def company_name() -> str:
    """Return the company's name in the reader's language, or "" before the first set-up."""
    found = company()
    return found.name(language.language()) if found else ""


def navigation() -> tuple[tuple[Sentence, tuple[Page, ...]], ...]:
    """Return the pages that the account may open, under their headings."""
    found = access.account()
    open_to = [page for page in PAGES if found is not None and found.role in page.roles]
    return tuple((group, tuple(pages)) for group, pages in groupby(open_to, key=lambda page: page.group))


def here(lang: str) -> str:
    """Return the address of this page in another language; what else stands in its query stays."""
    if request.endpoint is None or "GET" not in getattr(request.url_rule, "methods", ()):
        return url_for("home.show", lang=lang)
    # A name that begins with _ would be an option of `url_for` (_scheme!): what somebody typed must never become one.
    query = {name: request.args.getlist(name) for name in request.args if not name.startswith("_")}
    values: dict[str, Any] = {**query, **(request.view_args or {}), "lang": lang}
    return url_for(request.endpoint, **values)


def install(app: Flask) -> None:
    """Give the frame's facts to the templates."""
    app.jinja_env.globals.update(
        account=access.account,
        company=company,
        company_name=company_name,
        navigation=navigation,
        here=here,
        roles=roles.NAMES,
        notes=lambda: (found := access.account()) is not None and found.role in access.LEADERS,
    )
