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
        self._parts = PLACE.split(page)

    def fill(self, values: Mapping[str, str]) -> str:
        """Return the page with `values` in their places (escaped, unless they are Markup); others stay empty."""
        parts = self._parts.copy()
        parts[1::2] = [str(escape(values.get(name, ""))) for name in parts[1::2]]
        return "".join(parts)
