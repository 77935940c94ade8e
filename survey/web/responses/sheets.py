"""Pages rendered once and filled in for everybody: rendering the questionnaire anew costs 25 times as much."""

import re
from collections.abc import Mapping
from typing import Final

from markupsafe import Markup, escape

PLACE: Final = re.compile("\ue000([^\ue001]*)\ue001")
"""A place to fill, between two characters of the private use area that no wording holds."""


def place(name: str) -> Markup:
    """Mark a place to fill; templates call it."""
    return Markup("\ue000{}\ue001").format(name)


class Sheet:
    """A rendered page with places.

    >>> Sheet(f'<input value="{place("code")}">').fill({"code": '"<'})
    '<input value="&#34;&lt;">'
    """

    def __init__(self, page: str) -> None:
        parts = PLACE.split(page)
        self._places: dict[str, list[int]] = {}
        for at in range(1, len(parts), 2):
            self._places.setdefault(parts[at], []).append(at)
            parts[at] = ""
        self._parts = parts

    def fill(self, values: Mapping[str, str]) -> str:
        """Return the page with `values` in their places (escaped, unless they are Markup); others stay empty."""
        parts = self._parts.copy()
        for name, value in values.items():
            for at in self._places.get(name, ()):
                parts[at] = str(escape(value))
        return "".join(parts)
