"""What to compare stands in the address, one for each choice: short, and fit to be sent to somebody else.

`unit` (again and again), `what`, `lens`, `since`, `beside`. What would be so anyway is left out, and units stand in the
order of the tree.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final
from urllib.parse import urlencode

from flask import abort, request, url_for

from reports.comparison.beside import names
from reports.comparison.building import in_order
from reports.comparison.contents import Choice
from reports.comparison.lenses import lens_of
from reports.comparison.measures import INDEX_CODE, measure_of
from survey.privacy.thaw import Publication, PublishedUnit
from survey.web.access import me, unit_visible_to
from survey.web.language import language

MOST: Final = 8
"""Units that stand side by side and can still be read."""
KEYS: Final = ("unit", "what", "lens", "since", "beside", "find")

Pairs = list[tuple[str, str]]


def asked(waves: Sequence[Publication]) -> Choice:
    """Return what this request asks for; 404 where it names what there is not, or what the account may not see."""
    newest, account = waves[-1], me()
    wanted = dict.fromkeys(request.args.getlist("unit"))
    units = in_order([unit_visible_to(account, newest, code) for code in wanted], newest)
    return Choice(
        units=tuple(unit.code for unit in units),
        what=_known("what", lambda code: measure_of(newest, code, language()) is not None) or INDEX_CODE,
        lens=lens_of(request.args.get("lens")),
        since=_known("since", lambda code: code in {wave.wave.code for wave in waves}),
        beside=_known("beside", lambda code: code in names(waves, language())),
    )


def _known(key: str, there_is: Callable[[str], bool]) -> str:
    found = request.args.get(key, "")
    if found and not there_is(found):
        abort(404)
    return found


def words() -> str:
    """Return what to find among the names of units."""
    return " ".join(request.args.get("find", "").split())


def pairs(choice: Choice, waves: Sequence[Publication], find: str = "") -> Pairs:
    """Return a choice as it stands in an address."""
    others = {
        "what": "" if choice.what == INDEX_CODE else choice.what,
        "lens": "" if choice.lens == "code" else choice.lens,
        "since": "" if choice.since == waves[0].wave.code else choice.since,
        "beside": choice.beside,
        "find": find,
    }
    return [*(("unit", code) for code in choice.units), *((key, value) for key, value in others.items() if value)]


def better(choice: Choice, waves: Sequence[Publication]) -> str | None:
    """Return the address of this choice where the request came by a longer one, else None."""
    ours = [(key, value) for key, value in request.args.items(multi=True) if key in KEYS]
    short = pairs(choice, waves, words())
    units = [value for key, value in ours if key == "unit"]
    if units == list(choice.units) and sorted(ours) == sorted(short):
        return None
    spoken = [("lang", request.args["lang"])] if "lang" in request.args else []
    return to([*short, *spoken])


def address(choice: Choice, waves: Sequence[Publication]) -> str:
    """Return the address of a choice."""
    return to(pairs(choice, waves))


def to(found: Pairs) -> str:
    """Return the address of the page with this query."""
    query = urlencode(found)
    return url_for("compare.show") + (f"?{query}" if query else "")


def of(choice: Choice, units: Sequence[PublishedUnit]) -> Choice:
    """Return the same choice for other units."""
    return replace(choice, units=tuple(unit.code for unit in units))
