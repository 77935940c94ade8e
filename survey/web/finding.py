"""Finding a unit by name or code, where a list of all of them would be thousands of lines.

A page that lets somebody choose a unit takes these; no script is needed, and the search stands in the address:

    search = find_units(request.args.get("find", ""), units, language())

    {% from "components/find_unit.html" import find_unit %}
    {% call(hit) find_unit(search, {"wave": wave}) %}
    <a href="{{ url_for('units.show', code=hit.code) }}">{{ hit.name }}</a>
    {% endcall %}

`units` are those that the reader may see and no others (`units_visible_to` of a publication, `own_units` of today's
tree): what is not among them is not found. The second argument of the macro is what else the address has to carry, and
what stands between `call` and `endcall` is one unit that was found: a link to its page, a button that takes it.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Protocol

MOST: Final = 30
"""Units that are listed; whoever sees how many more there are types another letter."""
BETWEEN: Final = " › "


class Unit(Protocol):
    """A unit of any tree: of a publication, or of today."""

    @property
    def code(self) -> str:
        """Its code."""
        ...

    @property
    def parent(self) -> str | None:
        """Code of the unit above."""
        ...

    @property
    def names(self) -> Mapping[str, str]:
        """Its names by language."""
        ...


@dataclass(frozen=True)
class Hit:
    """A unit that was found."""

    code: str
    name: str
    where: str
    """The units above it, as far as they are among those that were looked through."""


@dataclass(frozen=True)
class Search:
    """What was asked for, and what was found."""

    asked: str
    hits: tuple[Hit, ...] = ()
    more: int = 0
    """Units that were found besides, and are not listed."""


def find_units(asked: str, units: Sequence[Unit], language: str, most: int = MOST) -> Search:
    """Return the units of which code or name, in either language, holds every word of `asked`.

    Those come first whose code it is, then those whose name begins with it; the rest in the order of the tree.

    >>> from survey.web.trees import Node
    >>> units = [Node("S", None, {"en": "Sales"}), Node("N", "S", {"ko": "북부 영업", "en": "North"})]
    >>> find_units("영업", units, "en").hits
    (Hit(code='N', name='North', where='Sales'),)
    >>> find_units("  ", units, "en").hits, find_units("east", units, "en").hits
    ((), ())
    """
    words = _plain(asked).split()
    if not words:
        return Search(asked.strip())
    by_code = {unit.code: unit for unit in units}
    texts = ((unit, _text(unit)) for unit in units)
    found = sorted(
        (unit for unit, text in texts if all(word in text for word in words)),
        key=lambda unit: _rank(unit, " ".join(words)),
    )
    hits = tuple(Hit(unit.code, _name(unit, language), _where(unit, by_code, language)) for unit in found[:most])
    return Search(asked.strip(), hits, max(len(found) - most, 0))


def _text(unit: Unit) -> str:
    return "\n".join((_plain(unit.code), *(_plain(name) for name in unit.names.values())))


def _rank(unit: Unit, words: str) -> int:
    if _plain(unit.code) == words:
        return 0
    return 1 if any(_plain(name).startswith(words) for name in unit.names.values()) else 2


def _where(unit: Unit, by_code: Mapping[str, Unit], language: str) -> str:
    path: list[str] = []
    above = by_code.get(unit.parent or "")
    while above is not None:
        path.append(_name(above, language))
        above = by_code.get(above.parent or "")
    return BETWEEN.join(reversed(path))


def _name(unit: Unit, language: str) -> str:
    return unit.names.get(language) or next(filter(None, unit.names.values()), "") or unit.code


@lru_cache(maxsize=100_000)
def _plain(text: str) -> str:
    """Return a text as it is compared: however its letters were composed, small or large, full width or half."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
