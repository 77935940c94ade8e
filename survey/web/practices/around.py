"""What every page of practices asks: today's tree, the account's part of it, and what practices are called."""

import datetime as dt
from typing import Final

from babel.dates import format_skeleton
from flask import abort, g

from survey.i18n import Sentence, day
from survey.services.accounts.accounts import visible_units
from survey.services.practices.library import every
from survey.services.practices.partners import of_practice
from survey.services.practices.places import Places, places
from survey.services.practices.register import Adoption, State, entry
from survey.web.access import me
from survey.web.clock import today
from survey.web.database import db
from survey.web.finding import Search, find_units
from survey.web.language import language, say

RHYTHMS: Final[dict[str, Sentence]] = {
    "daily": Sentence("daily"),
    "weekly": Sentence("weekly"),
    "two_weeks": Sentence("every two weeks"),
    "monthly": Sentence("monthly"),
    "quarterly": Sentence("quarterly"),
    "yearly": Sentence("yearly"),
}
STATES: Final[dict[State, Sentence]] = {
    "running": Sentence("running"),
    "paused": Sentence("paused"),
    "ended": Sentence("ended"),
}


def tree() -> Places:
    """Return the units of today, read once a request."""
    if "places" not in g:
        g.places = places(db())
    found: Places = g.places
    return found


def mine() -> frozenset[str]:
    """Return the units of today that the account may see."""
    if "own_places" not in g:
        g.own_places = visible_units(me(), tree().parents)
    found: frozenset[str] = g.own_places
    return found


def starts() -> tuple[str, ...]:
    """Return the highest units of today that the account may see: where its part of the tree begins."""
    parents, own = tree().parents, mine()
    return tuple(code for code, above in parents.items() if code in own and above not in own)


def search(words: str, *, everywhere: bool = False) -> Search:
    """Find units by name or code: the account's, or for naming a partner all there are, by their names alone."""
    own = mine()
    units = [place for code, place in tree().by_code.items() if everywhere or code in own]
    return find_units(words, units, language())


def unit_called(code: str) -> str:
    """Return a unit's name in the reader's language."""
    return tree().name(code, language())


def names() -> dict[str, str]:
    """Return what practices are called in the reader's language, by id."""
    return {one.id: one.name[language()] for one in every(db())}


def rhythm(how_often: str) -> str:
    """Return how often something is held, in words; "" where nobody said."""
    return say(RHYTHMS[how_often]) if how_often in RHYTHMS else ""


def on_day(when: dt.date | None) -> str:
    """Return a day as the reader writes it; "" for none."""
    return day(when, language()) if when else ""


def short_day(when: dt.date) -> str:
    """Return a day for a narrow cell: without the year where it is this one."""
    locale = {"en": "en_GB"}.get(language(), language())
    return format_skeleton("MMMd" if when.year == today().year else "yMMMd", when, locale=locale)


def entry_or_404(unit: str, practice: str) -> tuple[Adoption, bool]:
    """Return a practice of a unit, and whether the unit is the account's; a partner's account sees it too."""
    found = entry(db(), unit, practice)
    if found is None:
        abort(404)
    own = unit in mine()
    if not own and mine().isdisjoint(each.partner for each in of_practice(db(), unit, practice)):
        abort(404)
    return found, own
