"""What every form for HR and leaders shares: labels and errors are English keys, said where a reader is known."""

import datetime as dt
from collections.abc import Callable
from typing import Any, Final

from werkzeug.datastructures import CombinedMultiDict, FileStorage, MultiDict
from wtforms import DateField, Field, Form, IntegerField, SelectField, SelectMultipleField, TimeField
from wtforms.form import BaseForm
from wtforms.validators import StopValidation, ValidationError


def gettext(text: str) -> str:
    """Mark a sentence for the catalogues; the page that shows it says it in the reader's language."""
    return text


UNLISTED: Final = gettext("Choose from the list.")
REQUIRED: Final = gettext("Please fill in this field.")
YEARS: Final = range(2000, 2100)
"""Of days that anybody means; the first and last years of the calendar cannot be counted on from."""
Check = Callable[[Form, Field], None]


def required(text: str = REQUIRED) -> Check:
    """Refuse a field without anything to see, unless the field itself could already say what is wrong with its text."""

    def check(_form: Form, field: Field) -> None:
        typed = "" if field.data in (None, []) else str(field.data)
        if not any(character.isprintable() and not character.isspace() for character in typed):
            raise StopValidation("" if field.errors else text)

    return check


def at_most(characters: int) -> Check:
    """Refuse a text longer than `characters`."""

    def check(_form: Form, field: Field) -> None:
        if len(field.data or "") > characters:
            raise StopValidation(gettext("This text is too long."))

    return check


def with_file(
    form: MultiDict[str, str], files: MultiDict[str, FileStorage], name: str = "file"
) -> CombinedMultiDict[str, Any]:
    """Return what was typed together with the file of one field; a file in any other field is not looked at."""
    return CombinedMultiDict([form, MultiDict([(name, each) for each in files.getlist(name)])])


class DayField(DateField):
    """A calendar day as `<input type=date>` sends it."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day, or say what a day looks like."""
        text = "".join(valuelist).strip()
        self.data = None
        if not text:
            return
        try:
            day = dt.date.fromisoformat(text)
        except ValueError:
            raise ValueError(gettext("Write the day as 2026-11-30.")) from None
        if day.year not in YEARS:
            raise ValueError(gettext("Check the year of this day."))
        self.data = day


class HourField(TimeField):
    """An hour and minute as `<input type=time>` sends it."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the time, or say what a time looks like; seconds are left out."""
        text = "".join(valuelist).strip()
        self.data = None
        if not text:
            return
        try:
            self.data = dt.time.fromisoformat(text).replace(second=0, microsecond=0, tzinfo=None)
        except ValueError:
            raise ValueError(gettext("Write the time as 18:00.")) from None


class CountField(IntegerField):
    """A whole number."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number; signs, fractions and other digits are refused."""
        text = "".join(valuelist).strip()
        self.data = None
        if not text:
            return
        if not (text.isascii() and text.isdigit() and len(text) <= 6):  # noqa: PLR2004 - nothing counted here is longer
            raise ValueError(gettext("Write a whole number."))
        self.data = int(text)


class ChoiceField(SelectField):
    """One of a list; anything else is refused in our words."""

    def pre_validate(self, form: BaseForm) -> None:
        """Refuse what is not in the list."""
        try:
            super().pre_validate(form)
        except ValidationError:
            raise ValidationError(UNLISTED) from None


class ChoicesField(SelectMultipleField):
    """Some of a list; anything else is refused in our words."""

    def pre_validate(self, form: BaseForm) -> None:
        """Refuse what is not in the list."""
        try:
            super().pre_validate(form)
        except ValidationError:
            raise ValidationError(UNLISTED) from None
