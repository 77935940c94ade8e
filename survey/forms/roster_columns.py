"""Which column of a file is which of ours, as somebody chooses it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

from survey.forms.fields import gettext
from survey.forms.people import COLUMNS

NONE: Final = ""
EVERYBODY: Final = ("=ko", "=en")
"""Chosen instead of a column of languages: everybody gets this one."""
Choice = int | str | None
"""A place in the file, from 0; or one of `EVERYBODY`; or nothing."""

MISSING: Final = gettext("Choose the column of your file that holds this.")
TWICE: Final = gettext("This column was chosen twice.")


@dataclass
class ColumnsForm:
    """A choice for each of our columns; a plain form of selects, read from what the page sent."""

    choices: dict[str, Choice]
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def sent(cls, form: Mapping[str, str], width: int) -> "ColumnsForm":
        """Read a form that was sent about a file with so many columns."""
        return cls({column: _choice(column, form.get(column, NONE), width) for column, _, _ in COLUMNS})

    def validate(self, needed: Collection[str]) -> bool:
        """Say what is missing or chosen twice; tell whether nothing is."""
        chosen = [choice for choice in self.choices.values() if isinstance(choice, int)]
        for column, choice in self.choices.items():
            if choice is None and column in needed:
                self.errors[column] = MISSING
            elif isinstance(choice, int) and chosen.count(choice) > 1:
                self.errors[column] = TWICE
        return not self.errors

    def value(self, column: str) -> str:
        """Return what the select of a column stands on."""
        choice = self.choices.get(column)
        return NONE if choice is None else str(choice)


def _choice(column: str, text: str, width: int) -> Choice:
    if column == "language" and text in EVERYBODY:
        return text
    if text.isascii() and text.isdigit() and len(text) <= 3 and int(text) < width:  # noqa: PLR2004 - 200 columns
        return int(text)
    return None
